from django.urls import path

from parcours.web.impact import conversations

_MAP = "map/<uuid:journey_id>/conversations"

urlpatterns = [
    path(f"{_MAP}/", conversations.on_the_map, name="map_conversations"),
    path(f"{_MAP}/place/", conversations.place_them, name="map_conversations_place"),
]
