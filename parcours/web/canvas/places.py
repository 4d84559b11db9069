"""The pages of one journey beside its map: tabs under its title."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Place:
    """`url_name` takes `journey_id`; `right` is what its door asks for; `waiting` names what waits there,
    as `canvas.standing` counts it.
    """

    key: str
    title: str | Promise
    url_name: str
    right: str = "canvas.view"
    waiting: str = ""


PLACES: tuple[Place, ...] = (
    Place("map", _("Map"), "map"),
    Place("beside", _("Beside each other"), "map_beside"),
    Place("generations", _("Generations"), "map_generations"),
    Place("evidence", _("Evidence"), "map_evidence"),
    Place("moments", _("Moments"), "map_moments"),
    Place("values", pgettext_lazy("a tab", "Brand values"), "map_values"),
    Place("conversations", _("Conversations"), "map_conversations", "inbox.view"),
    Place("comments", _("Comments"), "map_comments", waiting="comments"),
    Place("proposals", _("Proposals"), "map_proposals", waiting="proposals"),
    Place("review", _("Review"), "map_review", waiting="review"),
    Place("versions", _("Versions"), "map_versions"),
)
