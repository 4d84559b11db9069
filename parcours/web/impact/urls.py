from django.urls import path

from parcours.web.impact import channels, conversations

_MAP = "map/<uuid:journey_id>/conversations"

urlpatterns = [
    path("measure/impact/", channels.impact, name="measure_impact"),
    path("measure/impact/costs/", channels.set_channel_costs, name="measure_impact_costs"),
    path(f"{_MAP}/", conversations.on_the_map, name="map_conversations"),
    path(f"{_MAP}/place/", conversations.place_them, name="map_conversations_place"),
    path(f"{_MAP}/again/", conversations.place_again, name="map_conversations_again"),
]
