"""Proposals as pages and the map show them: what can be said otherwise, and where they are drawn."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.shapes import Board, StageView

EDITABLE = ("title", "text", "name", "stage", "revision", "deed")
MOST_IN_A_CELL = 2


@dataclass(frozen=True, slots=True)
class Field:
    """Something that whoever accepts may say otherwise; `choices` are values with their labels."""

    name: str
    label: str
    value: str
    long: bool = False
    most: int = 200
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A proposal with what the person who looks at it may do."""

    proposal: ProposalView
    fields: tuple[Field, ...]
    may_decide: bool
    may_withdraw: bool

    @property
    def who(self) -> str:
        if self.proposal.by_the_log:
            return _("From the log")
        return _("{name} suggests").format(name=self.proposal.proposed_by)

    @property
    def icon(self) -> str:
        return str(getattr(self.proposal.handler, "icon", "info"))

    @property
    def does(self) -> str:
        """What accepting does, in a few words; empty when it only notes that it was seen."""
        wording = self.proposal.wording
        return {
            "add_card": _("Adds a card"),
            "edit_card": _("Changes the card"),
            "delete_card": _("Takes the card off"),
            "add_touchpoint": _("Adds a touchpoint"),
            "edit_touchpoint": _("Renames the touchpoint"),
            "remove_touchpoint": _("Takes the touchpoint off"),
            "move_stage": _("Moves the stage"),
        }.get(str(wording.get("do", "")), "")

    @property
    def new_words(self) -> tuple[tuple[str, str], ...]:
        """For a change of words: what stands there now, and what would."""
        wording = self.proposal.wording
        if wording.get("do") != "edit_card":
            return ()
        now = {"title": self.proposal.card_title, "text": self.proposal.card_text}
        return tuple(
            (now[name], str(wording[name])) for name in now if wording.get(name, now[name]) != now[name]
        )


def drawn(proposal: ProposalView, actor: Actor, stages: Sequence[StageView]) -> Drawn:
    own = proposal.proposed_by_id is not None and proposal.proposed_by_id == actor.id
    may_decide = actor.may("canvas.edit")
    return Drawn(proposal, _fields(proposal, stages), may_decide, own and not may_decide)


def _fields(proposal: ProposalView, stages: Sequence[StageView]) -> tuple[Field, ...]:
    wording = proposal.wording
    do = wording.get("do")
    found = []
    if do in {"add_card", "edit_card"}:
        found = [
            Field("title", _("Title"), str(wording.get("title", proposal.card_title))),
            Field("text", _("Text"), str(wording.get("text", proposal.card_text)), long=True, most=10_000),
        ]
    elif do in {"add_touchpoint", "edit_touchpoint"}:
        found = [Field("name", _("Name"), str(wording.get("name", "")), most=120)]
    elif do == "remove_touchpoint":
        keep = _("Keep it as “{name}”").format(name=wording.get("name", ""))
        deeds = (("", _("Take it off the map")), ("keep", keep))
        found = [Field("deed", _("What to do"), "", choices=deeds)]
    if proposal.kind == "card-stale":
        deeds = (("", _("Confirm it, with these words")), ("delete", _("Take the card off")))
        found.append(Field("deed", _("What to do"), "", choices=deeds))
    if do in {"add_card", "add_touchpoint"} and proposal.stage_id is not None:
        choices = tuple((str(stage.id), stage.name) for stage in stages)
        found.append(Field("stage", _("Stage"), str(proposal.stage_id), choices=choices))
    return tuple(found)


def sent_edits(form: QueryDict) -> dict[str, Any]:
    """What the form says otherwise than the proposal."""
    return {name: form[name] for name in EDITABLE if name in form and (form[name] or name == "text")}


@dataclass(frozen=True, slots=True)
class Slot:
    """What is drawn in one place of the map, and how many more there are."""

    shown: tuple[Drawn, ...]
    more: int


def slots(proposals: Collection[ProposalView], board: Board, actor: Actor) -> Mapping[str, Slot]:
    """By place: `cell:<stage>:<lane>`, `touchpoints:<stage>` or `stage:<stage>`.

    What is about a card stands in the card's own drawer; what has no place, on the page of proposals only.
    """
    found: dict[str, list[ProposalView]] = defaultdict(list)
    for each in proposals:
        place = _slot_of(each, board)
        if place:
            found[place].append(each)
    return {
        place: Slot(
            tuple(drawn(each, actor, board.stages) for each in there[:MOST_IN_A_CELL]),
            max(0, len(there) - MOST_IN_A_CELL),
        )
        for place, there in found.items()
    }


def _slot_of(proposal: ProposalView, board: Board) -> str:
    if proposal.card_id is not None:
        return ""
    if proposal.touchpoint_id is not None:
        for stage in board.stages:
            if any(each.id == proposal.touchpoint_id for each in stage.touchpoints):
                return f"touchpoints:{stage.id}"
        return ""
    if proposal.stage_id is None:
        return ""
    do = (proposal.change or {}).get("do")
    if do == "add_touchpoint":
        return f"touchpoints:{proposal.stage_id}"
    lane = _lane_of(proposal, board) if do == "add_card" else proposal.lane_id
    return f"cell:{proposal.stage_id}:{lane}" if lane else f"stage:{proposal.stage_id}"


def _lane_of(proposal: ProposalView, board: Board) -> uuid.UUID | None:
    """The row in which the card would stand; None when accepting would make one."""
    if proposal.lane_id is not None and any(lane.id == proposal.lane_id for lane in board.lanes):
        return proposal.lane_id
    kinds = (proposal.change or {}).get("kind", ())
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        for lane in board.lanes:
            if lane.kind == kind:
                return lane.id
    return None
