from django.urls import path

from parcours.web.files import brought, taken

_MAP = "map/<uuid:journey_id>"

urlpatterns = [
    path("map/import/", brought.bring, name="map_import"),
    path("map/import/<uuid:import_id>/", brought.look, name="map_import_look"),
    path("map/blank/<slug:form>/", taken.blank, name="map_blank"),
    path("schema/journey.json", taken.schema, name="journey_schema"),
    path(f"{_MAP}/export/", taken.exports, name="map_exports"),
    path(f"{_MAP}/export/<slug:form>/", taken.export, name="map_export"),
]
