"""Suggestions of people: a card that should be there, or other words for one that is."""

import uuid

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.proposals.kinds import SUGGESTION
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import propose
from parcours.canvas.rights import SUGGEST
from parcours.canvas.writes.common import clean
from parcours.core.errors import BadInput
from parcours.core.ids import new_id

MOST_WORDS = 500


def suggest_card(
    journey_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    lane_id: uuid.UUID,
    title: str,
    text: str = "",
    words: str = "",
    acting_user: Actor,
) -> ProposalView:
    """A card that should stand in a cell; `words` say why. Raises BadInput for one without title and text."""
    acting_user.require(SUGGEST)
    card = {
        "title": clean(title, where="title", most=200, line=True),
        "text": clean(text, where="text", most=10_000),
    }
    if not any(card.values()):
        raise BadInput(_("Say what the card should say."), where="title")
    return _suggested(
        journey_id,
        facts={"about": "cell", "title": card["title"] or card["text"][:200], "words": _why(words)},
        change={"do": "add_card", **card},
        stage_id=stage_id,
        lane_id=lane_id,
        acting_user=acting_user,
    )


def suggest_change(
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    title: str | None = None,
    text: str | None = None,
    words: str = "",
    acting_user: Actor,
) -> ProposalView:
    """Other words for a card, or only a remark about it. Raises BadInput for neither."""
    acting_user.require(SUGGEST)
    card = reads.card(acting_user.brand_id, journey_id, card_id)
    new_title = card.title if title is None else clean(title, where="title", most=200, line=True)
    new_text = card.text if text is None else clean(text, where="text", most=10_000)
    change = None
    if (new_title, new_text) != (card.title, card.text):
        change = {"do": "edit_card", "title": new_title, "text": new_text, "revision": card.revision}
    if change is None and not words.strip():
        raise BadInput(_("Change the words of the card, or say what should change."), where="words")
    return _suggested(
        journey_id,
        facts={"about": "card", "card": card.title, "words": _why(words)},
        change=change,
        card_id=card_id,
        acting_user=acting_user,
    )


def _why(words: str) -> str:
    return clean(words, where="words", most=MOST_WORDS)


def _suggested(
    journey_id: uuid.UUID,
    *,
    facts: dict[str, str],
    change: dict[str, object] | None,
    acting_user: Actor,
    stage_id: uuid.UUID | None = None,
    lane_id: uuid.UUID | None = None,
    card_id: uuid.UUID | None = None,
) -> ProposalView:
    """Each suggestion of a person is one of its own: nobody's words replace another's."""
    made = propose(
        journey_id,
        kind=SUGGESTION,
        key=str(new_id()),
        facts=dict(facts),
        change=change,
        stage_id=stage_id,
        lane_id=lane_id,
        card_id=card_id,
        acting_user=acting_user,
    )
    if made is None:
        raise BadInput(_("This was decided already."))
    return made
