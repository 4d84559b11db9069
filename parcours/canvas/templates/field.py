"""The canvas of the field: five stages, three lanes, and what belongs in each empty cell."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.canvas.enums import LaneKind


@dataclass(frozen=True, slots=True)
class TemplateStage:
    key: str
    name: str | Promise
    description: str | Promise


STAGES = (
    TemplateStage(
        "awareness",
        gettext_lazy("Awareness"),
        gettext_lazy("The customer has a need and meets the brand for the first time."),
    ),
    TemplateStage(
        "consideration",
        gettext_lazy("Consideration"),
        gettext_lazy("The customer compares, asks and looks for reasons to trust."),
    ),
    TemplateStage(
        "decision",
        gettext_lazy("Decision"),
        gettext_lazy("The customer chooses and pays, or leaves the cart behind."),
    ),
    TemplateStage(
        "retention",
        gettext_lazy("Retention"),
        gettext_lazy("The order arrives, questions come up, the customer buys again."),
    ),
    TemplateStage(
        "advocacy",
        gettext_lazy("Advocacy"),
        gettext_lazy("The satisfied customer recommends the brand to others."),
    ),
)

LANES = (LaneKind.NEED, LaneKind.MOMENT, LaneKind.ACTION)

_HINTS: dict[tuple[str, str], Promise] = {
    ("awareness", "need"): gettext_lazy(
        "What the customer is looking for before knowing you, in their words."
    ),
    ("awareness", "moment"): gettext_lazy("The page, post or advert on which they first see you."),
    ("awareness", "action"): gettext_lazy(
        "How you answer a first contact: chat, bot, quick replies, automatic answers."
    ),
    ("consideration", "need"): gettext_lazy(
        "What they must know before they choose: delivery, returns, sizes."
    ),
    ("consideration", "moment"): gettext_lazy(
        "Where they compare: the product page, the help centre, a review."
    ),
    ("consideration", "action"): gettext_lazy(
        "How you help them compare: articles, answers on social networks, advice."
    ),
    ("decision", "need"): gettext_lazy("What holds them back when they are about to pay."),
    ("decision", "moment"): gettext_lazy("The cart and each step of the checkout, as they see it."),
    ("decision", "action"): gettext_lazy(
        "How you help at checkout: proactive help, phone, a message about the cart within 3 hours."
    ),
    ("retention", "need"): gettext_lazy(
        "What they expect once they have ordered: tracking, care, an easy return."
    ),
    ("retention", "moment"): gettext_lazy("The parcel, the follow-up message, the next visit."),
    ("retention", "action"): gettext_lazy(
        "How you keep in touch: a review request after a week, a feedback form."
    ),
    ("advocacy", "need"): gettext_lazy("Why they would recommend you, and to whom."),
    ("advocacy", "moment"): gettext_lazy(
        "Where they speak about you: a post, a review, a code given to a friend."
    ),
    ("advocacy", "action"): gettext_lazy(
        "How you make it easy: a hashtag to share, a code for them and their friends."
    ),
}

_HINTS_OF_KIND: dict[str, Promise] = {
    LaneKind.NEED: gettext_lazy("What the customer wants here, in their own words."),
    LaneKind.MOMENT: gettext_lazy("What the customer sees at this instant: a screenshot says it best."),
    LaneKind.ACTION: gettext_lazy("What the team does here to serve the customer best."),
    LaneKind.TOUCHPOINT: gettext_lazy("Where the customer meets the brand here."),
    LaneKind.CHANNEL: gettext_lazy("The channels that the customer uses here."),
    LaneKind.EMOTION: gettext_lazy("How the customer feels here, and why."),
    LaneKind.QUESTION: gettext_lazy("What the customer asks here."),
    LaneKind.MOTIVATION: gettext_lazy("What drives the customer on from here."),
    LaneKind.PAIN: gettext_lazy("What makes it hard for the customer here."),
    LaneKind.KPI: gettext_lazy("What you measure here, and in which direction it should move."),
    LaneKind.BRAND_FIT: gettext_lazy("How the brand's values show here."),
    LaneKind.EMPLOYEE: gettext_lazy("Who serves the customer here, and what they need for it."),
    LaneKind.FREE: gettext_lazy("Anything worth noting here."),
}


def hint(stage_key: str, lane_kind: str) -> str:
    """What belongs in an empty cell, in one line, in the reader's language."""
    return str(_HINTS.get((stage_key, lane_kind)) or _HINTS_OF_KIND[lane_kind])


def blank_stage_name(number: int) -> str:
    return _("Stage {number}").format(number=number)
