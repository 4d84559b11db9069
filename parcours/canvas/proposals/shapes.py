"""What the reads of proposals return."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.proposals.enums import State
from parcours.core.registry import ProposalKind, proposal_kinds


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One proposal. Its words are made when they are read, in the language of the moment."""

    id: uuid.UUID
    journey_id: uuid.UUID
    kind: str
    key: str
    state: str
    proposed_by: str
    created_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    change: Mapping[str, Any] | None = field(default=None, hash=False)
    stage_id: uuid.UUID | None = None
    lane_id: uuid.UUID | None = None
    card_id: uuid.UUID | None = None
    touchpoint_id: uuid.UUID | None = None
    picture_id: uuid.UUID | None = None
    proposed_by_id: uuid.UUID | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    """Why it was dismissed, in the words of whoever did."""
    outcome: Mapping[str, Any] | None = field(default=None, hash=False)
    place: str = ""
    """Where on the canvas, in words: the names of its stage and row, or of its card."""
    card_title: str = ""
    card_text: str = ""
    card_revision: int | None = None
    """The card that it is about, as it stands now."""

    @property
    def handler(self) -> ProposalKind | None:
        """Whoever knows what it means; None when that part of Parcours is gone."""
        return proposal_kinds.get(self.kind)

    @property
    def label(self) -> str:
        return str(self.handler.label) if self.handler else _("Proposal")

    @property
    def title(self) -> str:
        return self.handler.title(self.facts) if self.handler else self.key

    @property
    def why(self) -> str:
        return self.handler.reason(self.facts) if self.handler else ""

    @property
    def wording(self) -> dict[str, Any]:
        """What accepting changes, with the words that are not stored yet."""
        words = getattr(self.handler, "words", None)
        change = dict(self.change or {})
        return {**(words(self.facts) if words else {}), **change} if change else change

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def state_label(self) -> str:
        return str(State(self.state).label)

    @property
    def by_the_log(self) -> bool:
        """Did Parcours find it, rather than a person?"""
        return self.proposed_by_id is None
