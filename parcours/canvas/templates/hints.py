"""What belongs in an empty cell."""

from django.utils import translation

from parcours.canvas.templates import field
from parcours.canvas.templates.contact_centre import CONTACT_CENTRE
from parcours.canvas.templates.field import STAGES
from parcours.canvas.templates.shop import SHOP
from parcours.canvas.templates.staff import STAFF
from parcours.canvas.templates.subscription import SUBSCRIPTION

_OWN = {
    (stage.key, kind): words
    for each in (SHOP, CONTACT_CENTRE, SUBSCRIPTION, STAFF)
    for stage in each.stages
    for kind, words in stage.hints.items()
}
STAGE_KEYS = frozenset(
    [stage.key for stage in STAGES]
    + [stage.key for each in (CONTACT_CENTRE, SUBSCRIPTION, STAFF) for stage in each.stages]
)


def hint(stage_key: str, lane_kind: str) -> str:
    """In one line, in the reader's language."""
    own = _OWN.get((stage_key, lane_kind))
    if own is not None:
        return own.in_language(translation.get_language() or "en")
    return field.hint(stage_key, lane_kind)
