"""The pages of one journey beside its map: tabs under its title."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """`url_name` takes `journey_id`; `right` is what its door asks for."""

    key: str
    title: str | Promise
    url_name: str
    right: str = "canvas.view"


PLACES: tuple[Place, ...] = (Place("map", _("Map"), "map"),)
