from django.urls import path

from parcours.web.foulee import views

urlpatterns = [
    path("foulee/<slug:screen>/", views.screen, name="foulee"),
    path("foulee/<slug:screen>/<str:file>", views.file, name="foulee_file"),
]
