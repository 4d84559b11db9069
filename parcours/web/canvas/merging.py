"""Two versions of a card's details, where somebody else was faster: for each, whose shall stand?"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.kinds import Field, clean_details, fields_of, shown_value
from parcours.canvas.shapes import CardView
from parcours.canvas.sub_journeys import journey_titles
from parcours.core.errors import BadInput
from parcours.web.canvas.card_forms import DETAIL, NEW
from parcours.web.doors import Request


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form with both values, as they are sent and as they are read."""

    name: str
    label: str
    theirs: str
    theirs_shown: str
    mine: str
    mine_shown: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.mine


def choices_of(request: Request, theirs: CardView) -> list[Choice]:
    """What the form didn't send is as it stands."""
    touchpoints = {}
    if theirs.kind == LaneKind.TOUCHPOINT:
        found = reads.touchpoints(request.brand.pk, theirs.journey_id)
        touchpoints = {str(each.id): each.name for each in found}
    details = [_detail(request, theirs, field, touchpoints) for field in fields_of(theirs.kind)]
    return [*details, _leads_to(request, theirs)]


def _detail(request: Request, theirs: CardView, field: Field, touchpoints: dict[str, str]) -> Choice:
    stored = theirs.details.get(field.name)
    sent = request.POST.get(DETAIL + field.name)
    mine: Any = stored
    if sent is not None:
        try:
            mine = clean_details(theirs.kind, {field.name: sent}).get(field.name)
        except BadInput:
            mine = stored
    return Choice(
        name=DETAIL + field.name,
        label=str(field.label),
        theirs=_sent(stored),
        theirs_shown=_shown(field, stored, touchpoints),
        mine=_sent(mine),
        mine_shown=_shown(field, mine, touchpoints),
    )


def _leads_to(request: Request, theirs: CardView) -> Choice:
    stored = str(theirs.leads_to or "")
    mine = request.POST.get("leads_to", stored)
    titles = {str(pk): title for pk, title in journey_titles(request.brand.pk)}
    shown = {"": _("None"), NEW: _("a new journey"), stored: theirs.leads_to_title or _("None")}
    return Choice(
        name="leads_to",
        label=_("Opens another journey"),
        theirs=stored,
        theirs_shown=theirs.leads_to_title or _("None"),
        mine=mine if mine in titles or mine in shown else stored,
        mine_shown=titles.get(mine) or shown.get(mine, ""),
    )


def _sent(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(field: Field, value: Any, touchpoints: dict[str, str]) -> str:
    return _("Not said") if value is None else shown_value(field, value, touchpoints)
