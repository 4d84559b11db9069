from django.urls import path

from parcours.web.live import views

urlpatterns = [
    path("live", views.live, name="live"),
    path("live/here", views.here, name="live_here"),
]
