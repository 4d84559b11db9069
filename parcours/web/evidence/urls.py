from django.urls import path

from parcours.web.evidence import attaching, counting, page, tab

_MAP = "map/<uuid:journey_id>"
_CARD = f"{_MAP}/cards/<uuid:card_id>/evidence"

urlpatterns = [
    path("map/attach/", attaching.attach, name="map_attach"),
    path(f"{_MAP}/evidence/", page.evidence, name="map_evidence"),
    path(f"{_MAP}/evidence/days/", page.days, name="map_evidence_days"),
    path(f"{_MAP}/evidence/count/", counting.count, name="map_evidence_count"),
    path(f"{_CARD}/", tab.evidence, name="map_card_evidence"),
    path(f"{_CARD}/new/", tab.new, name="map_card_evidence_new"),
    path(f"{_CARD}/suggested/", tab.suggested, name="map_card_evidence_suggested"),
    path(f"{_CARD}/<uuid:evidence_id>/", tab.piece, name="map_card_evidence_piece"),
]
