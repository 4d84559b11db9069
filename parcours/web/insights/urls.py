from django.urls import path

from parcours.web.insights import paths, pulse

_STAGE = "map/<uuid:journey_id>/stages/<uuid:stage_id>"

urlpatterns = [
    path("map/<uuid:journey_id>/pulse/", pulse.pulse, name="map_pulse"),
    path(f"{_STAGE}/paths/", paths.paths, name="map_paths"),
    path(f"{_STAGE}/customers.csv", paths.paths_csv, name="map_paths_csv"),
]
