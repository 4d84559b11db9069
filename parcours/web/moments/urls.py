from django.urls import path

from parcours.web.moments import views

_MAP = "map/<uuid:journey_id>"

urlpatterns = [
    path(f"{_MAP}/moments/", views.moments, name="map_moments"),
    path(f"{_MAP}/cards/<uuid:card_id>/picture/", views.section, name="map_card_picture"),
    path(f"{_MAP}/cards/<uuid:card_id>/picture/set/", views.set_up, name="map_card_picture_set"),
    path(f"{_MAP}/cards/<uuid:card_id>/picture/take/", views.take, name="map_card_picture_take"),
    path(f"{_MAP}/cards/<uuid:card_id>/picture/stop/", views.stop, name="map_card_picture_stop"),
]
