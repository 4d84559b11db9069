from django.urls import path

from parcours.web.values import brand, fit

_MAP = "map/<uuid:journey_id>/values"
_CELL = f"{_MAP}/<uuid:touchpoint_id>/<uuid:value_id>"

urlpatterns = [
    path("brand/values/", brand.values, name="brand_values"),
    path("brand/values/<uuid:value_id>/", brand.value, name="brand_value"),
    path("brand/values/<uuid:value_id>/move/", brand.move, name="brand_value_move"),
    path("brand/values/<uuid:value_id>/remove/", brand.remove, name="brand_value_remove"),
    path("brand/values/<uuid:value_id>/restore/", brand.restore, name="brand_value_restore"),
    path(f"{_MAP}/", fit.grid, name="map_values"),
    path(f"{_CELL}/", fit.cell, name="map_value"),
    path(f"{_CELL}/wanted/", fit.wanted, name="map_value_wanted"),
    path(f"{_CELL}/felt/", fit.felt, name="map_value_felt"),
    path(f"{_CELL}/quotes/", fit.quote, name="map_value_quote"),
    path(f"{_MAP}/quotes/<uuid:quote_id>/remove/", fit.quote_remove, name="map_quote_remove"),
    path(f"{_MAP}/quotes/<uuid:quote_id>/restore/", fit.quote_restore, name="map_quote_restore"),
]
