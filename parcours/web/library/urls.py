from django.urls import path

from parcours.web.library import picker, views

_LIBRARY = "map/library"
_ENTRY = f"{_LIBRARY}/<uuid:entry_id>"
_MAP = "map/<uuid:journey_id>"
_TOUCHPOINT = f"{_MAP}/touchpoints/<uuid:touchpoint_id>"

urlpatterns = [
    path(f"{_LIBRARY}/", views.library, name="library"),
    path(f"{_LIBRARY}/starter/", views.starter, name="library_starter"),
    path(f"{_ENTRY}/", views.entry, name="library_entry"),
    path(f"{_ENTRY}/remove/", views.remove, name="library_remove"),
    path(f"{_ENTRY}/restore/", views.restore, name="library_restore"),
    path(f"{_MAP}/library/", picker.pick, name="map_library"),
    path(f"{_MAP}/library/insert/", picker.insert, name="map_library_insert"),
    path(f"{_MAP}/cards/<uuid:card_id>/library/", picker.card, name="map_card_library"),
    path(
        f"{_MAP}/touchpoints/<uuid:touchpoint_id>/library/", picker.touchpoint, name="map_touchpoint_library"
    ),
]
