"""What makes a map live, while a brand is new: steps that tick themselves off and go away."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from parcours.accounts.reads import people_of
from parcours.canvas.evidence.reads import any_evidence
from parcours.canvas.shapes import Board
from parcours.insights.shapes import CanvasNumbers
from parcours.web.canvas.marks import NONE, CardMarks
from parcours.web.canvas.remembered import hid_first_steps
from parcours.web.doors import Request


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One step; without an address it is done on the map itself."""

    key: str
    words: str
    address: str
    done: bool


def first_steps(
    request: Request, board: Board, numbers: CanvasNumbers | None, marks: Mapping[uuid.UUID, CardMarks]
) -> tuple[FirstStep, ...]:
    """None for who may not draw or has hidden them, and for a brand that has both events and evidence."""
    if not request.actor.may("canvas.edit") or hid_first_steps(request):
        return ()
    founded = any(mark.evidence for mark in marks.values()) or any_evidence(request.brand.pk)
    if numbers is not None and founded:
        return ()
    own = any(not marks.get(card.id, NONE).example for card in board.cards)
    pinned = any(stage.touchpoints for stage in board.stages)
    here = board.journey.id
    steps = [FirstStep("card", _("Write a first card"), "", own)]
    if request.actor.may("events.sources"):
        steps.append(FirstStep("events", _("Connect the shop"), reverse("listen"), numbers is not None))
    touchpoints = reverse("map_touchpoints", args=[here])
    steps.append(FirstStep("touchpoints", _("Say which events are touchpoints"), touchpoints, pinned))
    evidence = f"{reverse('map_evidence', args=[here])}?standing=none"
    steps.append(FirstStep("evidence", _("Attach evidence to a card"), evidence, founded))
    if request.actor.may("people.manage"):
        invited = people_of(request.brand).count() > 1
        steps.append(FirstStep("people", _("Invite a colleague"), reverse("people"), invited))
    return tuple(steps)
