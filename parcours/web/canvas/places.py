"""The pages of one journey beside its map: tabs under its title."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.canvas.comments.reads import count_open as count_open_threads
from parcours.canvas.proposals.reads import count_open
from parcours.canvas.reviews.reads import count_waiting


@dataclass(frozen=True, slots=True)
class Place:
    """`url_name` takes `journey_id`; `right` is what its door asks for; `count` says how many things wait."""

    key: str
    title: str | Promise
    url_name: str
    right: str = "canvas.view"
    count: Callable[[uuid.UUID], int] | None = None


PLACES: tuple[Place, ...] = (
    Place("map", _("Map"), "map"),
    Place("beside", _("Beside each other"), "map_beside"),
    Place("generations", _("Generations"), "map_generations"),
    Place("evidence", _("Evidence"), "map_evidence"),
    Place("moments", _("Moments"), "map_moments"),
    Place("values", _("Brand values"), "map_values"),
    Place("comments", _("Comments"), "map_comments", count=count_open_threads),
    Place("proposals", _("Proposals"), "map_proposals", count=count_open),
    Place("review", _("Review"), "map_review", count=count_waiting),
    Place("versions", _("Versions"), "map_versions"),
)
