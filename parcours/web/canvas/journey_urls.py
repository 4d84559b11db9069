"""Journeys as wholes: how they begin, their copies, and holding two beside each other."""

from django.urls import path

from parcours.web.canvas import beginning, beside, relatives

_MAP = "map/<uuid:journey_id>"
_TEMPLATE = "map/templates/<uuid:template_id>"

urlpatterns = [
    path("map/new", beginning.new, name="map_new"),
    path(f"{_TEMPLATE}/remove/", beginning.remove_template, name="map_template_remove"),
    path(f"{_TEMPLATE}/restore/", beginning.restore_template, name="map_template_restore"),
    path(f"{_MAP}/template/", beginning.save_template, name="map_template"),
    path(f"{_MAP}/examples/remove/", beginning.remove_examples, name="map_examples_remove"),
    path(f"{_MAP}/examples/restore/", beginning.restore_examples, name="map_examples_restore"),
    path(f"{_MAP}/to-be/", relatives.to_be, name="map_to_be"),
    path(f"{_MAP}/duplicate/", relatives.duplicate, name="map_duplicate"),
    path(f"{_MAP}/now/", relatives.make_current, name="map_now"),
    path(f"{_MAP}/now/undo/", relatives.undo_make_current, name="map_now_undo"),
    path(f"{_MAP}/beside/", beside.page, name="map_beside"),
    path(f"{_MAP}/beside/take/", beside.take, name="map_beside_take"),
    path(f"{_MAP}/beside/<uuid:card_id>/put-back/", beside.undo_take, name="map_beside_put_back"),
]
