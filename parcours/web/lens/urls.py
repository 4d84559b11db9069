from django.urls import path

from parcours.web.lens import views

urlpatterns = [
    path("map/<uuid:journey_id>/generations/", views.generations, name="map_generations"),
]
