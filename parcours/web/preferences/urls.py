from django.urls import path

from parcours.web.preferences import views

urlpatterns = [
    path("preferences/<str:token>/", views.preferences, name="preferences"),
    path("preferences/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
]
