"""What a number of the canvas means, in a sentence: titles, labels and definitions of the paths page."""

import uuid
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parcours.core.formats import count

if TYPE_CHECKING:
    from parcours.web.doors import Request
    from parcours.web.insights.asked import Asked


def title(asked: "Asked", customers: int) -> str:
    """The number and what it counts, as one sentence without a full stop."""
    if asked.touchpoint:
        sentence = ngettext(
            "{n} customer met “{touchpoint}” in {stage}",
            "{n} customers met “{touchpoint}” in {stage}",
            customers,
        )
    else:
        sentence = _sentence(asked.outcome, customers, into=asked.into is not None)
    return sentence.format(
        n=count(customers),
        stage=asked.stage.name,
        touchpoint=asked.touchpoint.name if asked.touchpoint else "",
        into=asked.into.name if asked.into else "",
        following=asked.following.name if asked.following else _("the next stage"),
    )


def about(request: "Request", journey_id: str, stage_id: str) -> str:
    """What an address of the paths page counts, without how many: “Touchpoint” or “Stage: outcome”.

    Raises NotFound for what isn't drawn.
    """
    from parcours.web.insights.asked import read_asked

    asked = read_asked(request, uuid.UUID(journey_id), uuid.UUID(stage_id))
    if asked.touchpoint:
        return asked.touchpoint.name
    return title(asked, 2).replace("2 ", "", 1)


def _sentence(outcome: str, n: int, *, into: bool) -> str:
    sentences = {
        "all": ngettext("{n} customer reached {stage}", "{n} customers reached {stage}", n),
        "next": ngettext(
            "{n} customer went on from {stage} to {following}",
            "{n} customers went on from {stage} to {following}",
            n,
        ),
        "others": ngettext(
            "{n} customer reached {stage} and did not go on",
            "{n} customers reached {stage} and did not go on",
            n,
        ),
        "ahead": ngettext(
            "{n} customer skipped ahead from {stage}", "{n} customers skipped ahead from {stage}", n
        ),
        "back": ngettext("{n} customer went back from {stage}", "{n} customers went back from {stage}", n),
        "ahead into": ngettext(
            "{n} customer skipped ahead from {stage} to {into}",
            "{n} customers skipped ahead from {stage} to {into}",
            n,
        ),
        "back into": ngettext(
            "{n} customer went back from {stage} to {into}",
            "{n} customers went back from {stage} to {into}",
            n,
        ),
        "off_map": ngettext(
            "{n} customer left the map after {stage}", "{n} customers left the map after {stage}", n
        ),
        "ended": ngettext(
            "{n} customer did nothing more after {stage}",
            "{n} customers did nothing more after {stage}",
            n,
        ),
    }
    return sentences[f"{outcome} into" if into else outcome]


def outcome_label(outcome: str, *, into: str = "") -> str:
    """An outcome in a row of choices."""
    labels = {
        "next": _("On to {into}"),
        "ahead": _("Ahead to {into}"),
        "back": _("Back to {into}"),
        "off_map": _("Off the map"),
        "ended": _("Nothing more"),
    }
    return labels[outcome].format(into=into)


def definition(outcome: str, *, touchpoint: bool = False) -> str:
    """Exactly who is counted; docs/guide/numbers.md says the same at length."""
    if touchpoint:
        return _("Everybody with at least one event of this touchpoint in the period.")
    definitions = {
        "next": _("After their first event in this stage they had a later event in the next one."),
        "others": _("After their first event in this stage they had no later event in the next one."),
        "ahead": _(
            "They never came to the next stage afterwards, and the first other stage they went to is "
            "a later one."
        ),
        "back": _(
            "They never came to the next stage afterwards, and the first other stage they went to is "
            "an earlier one."
        ),
        "off_map": _(
            "After their first event in this stage they came to no other stage, but did something that "
            "lies in no touchpoint."
        ),
        "ended": _(
            "After their first event in this stage nothing else happened, or only more of the same stage."
        ),
    }
    return definitions.get(outcome, _("Everybody with at least one event in a touchpoint of this stage."))
