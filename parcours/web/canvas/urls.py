from django.urls import path

from parcours.web.canvas import axes, board, cards, copies, emotions, journeys, settings, touchpoints

_MAP = "map/<uuid:journey_id>"
_CARD = f"{_MAP}/cards/<uuid:card_id>"
_STAGE = f"{_MAP}/stages/<uuid:stage_id>"
_LANE = f"{_MAP}/lanes/<uuid:lane_id>"
_TOUCHPOINT = f"{_MAP}/touchpoints/<uuid:touchpoint_id>"

urlpatterns = [
    path("map/", journeys.journeys, name="maps"),
    path("map/pictures/<uuid:picture_id>/", cards.picture, name="map_picture"),
    path(f"{_MAP}/", board.canvas, name="map"),
    path(f"{_MAP}/delete/", journeys.delete, name="map_delete"),
    path(f"{_MAP}/restore/", journeys.restore, name="map_restore"),
    path(f"{_MAP}/settings/", settings.settings, name="map_settings"),
    path(f"{_MAP}/stages/", settings.stage_add, name="map_stage_add"),
    path(f"{_STAGE}/edit/", axes.stage_edit, name="map_stage_edit"),
    path(f"{_STAGE}/move/", axes.stage_move, name="map_stage_move"),
    path(f"{_STAGE}/remove/", axes.stage_remove, name="map_stage_remove"),
    path(f"{_STAGE}/restore/", axes.stage_restore, name="map_stage_restore"),
    path(f"{_MAP}/lanes/", settings.lane_add, name="map_lane_add"),
    path(f"{_LANE}/edit/", axes.lane_edit, name="map_lane_edit"),
    path(f"{_LANE}/move/", axes.lane_move, name="map_lane_move"),
    path(f"{_LANE}/remove/", axes.lane_remove, name="map_lane_remove"),
    path(f"{_LANE}/restore/", axes.lane_restore, name="map_lane_restore"),
    path(f"{_MAP}/emotion/", emotions.emotions, name="map_emotions"),
    path(f"{_MAP}/cards/", cards.add, name="map_cards"),
    path(f"{_MAP}/copies/", copies.copy, name="map_copies"),
    path(f"{_CARD}/", cards.card, name="map_card"),
    path(f"{_CARD}/read/", cards.read, name="map_card_read"),
    path(f"{_CARD}/edit/", cards.edit, name="map_card_edit"),
    path(f"{_CARD}/move/", cards.move, name="map_card_move"),
    path(f"{_CARD}/delete/", cards.delete, name="map_card_delete"),
    path(f"{_CARD}/restore/", cards.restore, name="map_card_restore"),
    path(f"{_CARD}/lease/", cards.lease, name="map_card_lease"),
    path(f"{_MAP}/touchpoints/", touchpoints.touchpoints, name="map_touchpoints"),
    path(f"{_MAP}/touchpoints/new/", touchpoints.new, name="map_touchpoint_new"),
    path(f"{_MAP}/touchpoints/count/", touchpoints.count, name="map_touchpoint_count"),
    path(f"{_TOUCHPOINT}/", touchpoints.touchpoint, name="map_touchpoint"),
    path(f"{_TOUCHPOINT}/restore/", touchpoints.restore, name="map_touchpoint_restore"),
]
