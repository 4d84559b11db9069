"""What may answer a customer's question, from whoever keeps answers: quick replies, articles."""

import uuid
from dataclasses import dataclass

from parcours.core.registry import suggested_answers

MOST = 3
NEARLY = 0.75
"""What is less likely than so much of the likeliest isn't worth a look."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the customer wrote last, in which language, and what the conversation is about."""

    conversation_id: uuid.UUID
    words: str
    language: str = ""
    topic: str = ""
    stage_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """An answer that fits. `name` is what to call it by, `key` its id where it is kept; `score` (0 to 1)
    means the same for everybody: a half is likely. `reason` says in a few words why.
    """

    kind: str
    key: str
    name: str
    score: float
    reason: str
    text: str = ""
    url: str = ""


def suggestions(brand: object, asked: Asked, most: int = MOST) -> tuple[Suggested, ...]:
    """The likeliest first, from everybody who keeps answers."""
    found = [one for handler in suggested_answers.all().values() for one in handler(brand, asked)]
    found.sort(key=lambda each: (-each.score, each.name))
    return tuple(each for each in found[:most] if each.score >= NEARLY * found[0].score)
