from django.urls import path

from parcours.web.versions import views

_ALL = "map/<uuid:journey_id>/versions"
_ONE = f"{_ALL}/<uuid:version_id>"

urlpatterns = [
    path(f"{_ALL}/", views.versions, name="map_versions"),
    path(f"{_ALL}/compare/", views.compare, name="map_versions_compare"),
    path(f"{_ONE}/", views.version, name="map_version"),
    path(f"{_ONE}/restore/", views.restore, name="map_version_restore"),
    path(f"{_ONE}/approver/", views.approver, name="map_version_approver"),
    path(f"{_ONE}/answer/", views.answer, name="map_version_answer"),
]
