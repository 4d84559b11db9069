"""Kinds of proposals: what each says, and what accepting it does. Parts of Parcours register theirs."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.rights import Actor
from parcours.canvas.proposals.changes import carry_out
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.undoing import take_back

Facts = Mapping[str, Any]
Says = Callable[[Facts], str]


def _no_words(facts: Facts) -> dict[str, Any]:  # noqa: ARG001
    return {}


@dataclass(frozen=True)
class Kind:
    """A kind of proposal whose change is one of those in `changes`.

    `says` is the title and `because` the reason, from the facts, in the language of the moment; `words` are
    parts of the change that are not stored with it because they are words: a name, a title, a text.
    """

    label: str | Promise
    says: Says
    because: Says
    words: Callable[[Facts], dict[str, Any]] = _no_words
    icon: str = "info"

    def title(self, facts: Facts) -> str:
        return self.says(facts)

    def reason(self, facts: Facts) -> str:
        return self.because(facts)

    def apply(
        self, journey_id: uuid.UUID, proposal: ProposalView, edits: dict[str, Any] | None, acting_user: Actor
    ) -> dict[str, Any]:
        return carry_out(journey_id, proposal, edits, acting_user)

    def undo(self, journey_id: uuid.UUID, outcome: Facts, acting_user: Actor) -> None:
        take_back(journey_id, outcome, acting_user)


SUGGESTION = "suggestion"


def _suggests(facts: Facts) -> str:
    words = str(facts.get("title") or facts.get("words") or "")
    if facts.get("about") == "card":
        return _("Change “{card}”").format(card=facts.get("card", "")) if facts.get("card") else words
    return words


def _suggested_because(facts: Facts) -> str:
    return str(facts.get("words", ""))


BUILT_IN: Mapping[str, Kind] = {
    SUGGESTION: Kind(gettext_lazy("Suggested by a colleague"), _suggests, _suggested_because, icon="person"),
}
