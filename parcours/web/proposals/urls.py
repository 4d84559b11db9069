from django.urls import path

from parcours.web.proposals import drafting, looking, many, suggesting, views

_MAP = "map/<uuid:journey_id>"
_ALL = f"{_MAP}/proposals"
_ONE = f"{_ALL}/<uuid:proposal_id>"

urlpatterns = [
    path("map/draft/", drafting.new, name="map_draft_new"),
    path("map/draft/<uuid:draft_id>/", drafting.watch, name="map_draft"),
    path("map/draft/<uuid:draft_id>/store/", drafting.store, name="map_draft_store"),
    path("map/draft/<uuid:draft_id>/drop/", drafting.drop, name="map_draft_drop"),
    path(f"{_ALL}/", views.proposals, name="map_proposals"),
    path(f"{_ALL}/look/", looking.look, name="map_proposals_look"),
    path(f"{_ALL}/accept/", many.accept_many, name="map_proposals_accept"),
    path(f"{_ALL}/back/", many.bring_many_back, name="map_proposals_back"),
    path(f"{_ALL}/suggest/", suggesting.suggest, name="map_suggest"),
    path(f"{_ONE}/", views.one, name="map_proposal"),
    path(f"{_ONE}/accept/", views.accept, name="map_proposal_accept"),
    path(f"{_ONE}/dismiss/", views.dismiss, name="map_proposal_dismiss"),
    path(f"{_ONE}/withdraw/", views.withdraw, name="map_proposal_withdraw"),
    path(f"{_ONE}/back/", views.bring_back, name="map_proposal_back"),
    path(f"{_MAP}/cards/<uuid:card_id>/proposals/", suggesting.card_proposals, name="map_card_proposals"),
]
