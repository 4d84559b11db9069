"""The outcomes of a stage side by side; their customers add up to those of the stage."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from parcours.insights.shapes import StageNumbers
from parcours.web.insights.asked import Asked
from parcours.web.insights.sentences import outcome_label


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    query: str
    customers: int
    current: bool


def choices(asked: Asked, numbers: StageNumbers | None) -> list[Choice]:
    """All, went on, then where the others went; none for a touchpoint's number."""
    if numbers is None or asked.touchpoint is not None:
        return []
    found = [_choice(asked, _("All"), numbers.customers, "")]
    if numbers.next_stage is not None and asked.following is not None:
        found.append(
            _choice(asked, outcome_label("next", into=asked.following.name), numbers.went_on, "next")
        )
    for other in numbers.others:
        label = outcome_label(other.kind, into=other.stage_name)
        found.append(_choice(asked, label, other.customers, other.kind, into=str(other.stage or "")))
    return found


def _choice(asked: Asked, label: str, customers: int, outcome: str, into: str = "") -> Choice:
    current = asked.outcome == (outcome or "all") and (str(asked.into.id) if asked.into else "") == into
    return Choice(label, asked.query(outcome=outcome, into=into, path=""), customers, current)
