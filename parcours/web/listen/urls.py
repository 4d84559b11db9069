from django.urls import include, path

from parcours.web.listen import home, imports, sources

_IMPORT = "listen/imports/<uuid:import_id>"

urlpatterns = [
    path("listen/", home.events, name="listen"),
    path("listen/sources/", home.source_add, name="source_add"),
    path("listen/sources/<uuid:source_id>/", sources.source, name="source"),
    path("listen/sources/<uuid:source_id>/arrivals/", sources.source_arrivals, name="source_arrivals"),
    path("listen/sources/<uuid:source_id>/remove/", home.source_remove, name="source_remove"),
    path("", include("parcours.web.listen.hooks_urls")),
    path("listen/imports/", imports.upload, name="imports"),
    path(f"{_IMPORT}/", imports.show, name="import"),
    path(f"{_IMPORT}/columns/", imports.columns, name="import_columns"),
    path(f"{_IMPORT}/discard/", imports.discard, name="import_discard"),
    path(f"{_IMPORT}/state/", imports.state, name="import_state"),
    path(f"{_IMPORT}/rejects.csv", imports.rejects, name="import_rejects"),
    path("", include("parcours.web.listen.privacy_urls")),
    path("", include("parcours.web.listen.customer_urls")),
]
