from django.urls import path

from parcours.web.insights import measure, paths

_STAGE = "map/<uuid:journey_id>/stages/<uuid:stage_id>"

urlpatterns = [
    path(f"{_STAGE}/paths/", paths.paths, name="map_paths"),
    path(f"{_STAGE}/customers.csv", paths.paths_csv, name="map_paths_csv"),
    path("measure/", measure.funnel, name="measure"),
    path("measure/paths/", measure.variants, name="measure_variants"),
    path("measure/transitions/", measure.transitions, name="measure_transitions"),
]
