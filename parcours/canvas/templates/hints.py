"""What belongs in an empty cell."""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from parcours.canvas.enums import LaneKind
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


_EXAMPLES: dict[str, Promise] = {
    LaneKind.NEED: gettext_lazy("For example: “How long does delivery take?”"),
    LaneKind.MOMENT: gettext_lazy("For example: the product page, on the phone in the evening"),
    LaneKind.ACTION: gettext_lazy("For example: answer the first chat within a minute"),
    LaneKind.TOUCHPOINT: gettext_lazy("For example: the page with the size guide"),
    LaneKind.CHANNEL: gettext_lazy("For example: Instagram, where they ask before they buy"),
    LaneKind.EMOTION: gettext_lazy("For example: relieved that somebody answers by name"),
    LaneKind.QUESTION: gettext_lazy("For example: do we lose them because of shipping cost?"),
    LaneKind.MOTIVATION: gettext_lazy("For example: wants to run again without pain"),
    LaneKind.PAIN: gettext_lazy("For example: the coupon is refused without a reason"),
    LaneKind.KPI: gettext_lazy("For example: first answer in the chat"),
    LaneKind.BRAND_FIT: gettext_lazy("For example: we ask before we advise"),
    LaneKind.EMPLOYEE: gettext_lazy("For example: who looks after returns on Monday morning"),
    LaneKind.FREE: gettext_lazy("For example: to be settled with marketing"),
}


def example(lane_kind: str) -> str:
    """What a first card of such a row could say, in the reader's language; empty for an unknown kind."""
    return str(_EXAMPLES.get(lane_kind, ""))
