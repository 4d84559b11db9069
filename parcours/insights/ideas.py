"""Queries that likely belong to a card: what happens in its stage, and its words in customers' mouths."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.accounts.models import Brand
from parcours.canvas.evidence.enums import Source
from parcours.canvas.evidence.shapes import EvidenceView
from parcours.canvas.evidence.sources import WORDS_OF, names_in, source_of
from parcours.canvas.resolver import match
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import CardView, StageView
from parcours.events.lake import Lake

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

MOST_OF_EACH = 3
SHORTEST_WORD = 4
TOO_COMMON = 0.25
"""A word in more than this share of what was said tells nothing."""
FEWEST_EVENTS = 3
MOST_LABELS = 200_000
"""Different texts that are looked through while somebody waits."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?", re.UNICODE)
_EMPTY = frozenset(
    """avec avez avoir bien cela cette ceux chez comme comment dans depuis deux dont elle elles encore entre
    est-ce être faire faut leur leurs mais même moins nous pour pourquoi plus quand quel quelle quelles quels
    sans sont sous tout toute toutes très trop vous votre après avant aussi autre before after about again
    answer because been does done from have here into just like make many more most much need never nobody
    only other over said same says should somebody some such tell than that their them then there these they
    thing this those time told very want well were what when where which while whom will with would your
    customer customers client clients""".split()  # noqa: SIM905 - a list of words reads better as words
)


@dataclass(frozen=True, slots=True)
class Idea:
    """A query that could be attached. `word` is the word of the card that it looks for, if any."""

    name: str
    rule: dict[str, Any]
    sentence: str
    source: str
    words: str
    events: int
    customers: int
    word: str = ""

    @property
    def source_label(self) -> str:
        return str(Source(self.source).label)


def ideas_for(
    brand: Brand, card: CardView, stages: Sequence[StageView], there: Sequence[EvidenceView]
) -> list[Idea]:
    """Nothing that the card has already, and nothing that never happened."""
    lake = Lake(brand.pk)
    if not lake.generation:
        return []
    index = lake.index()
    known = [piece.rule for piece in there]
    stage = next((each for each in stages if each.id == card.stage_id), None)
    said = [idea for idea in _said(index, card) if idea.rule not in known]
    met = [idea for idea in _met(index, card, stage) if idea.rule not in known] if stage else []
    return said[:MOST_OF_EACH] + met[:MOST_OF_EACH]


def _met(index: "LakeIndex", card: CardView, stage: StageView) -> list[Idea]:
    """The touchpoints of the card's stage, those that share words with the card first."""
    words = set(_words(card))
    found = []
    for touchpoint in stage.touchpoints:
        rule = touchpoint_rule(touchpoint.rule)
        matched = match(index, rule)
        if not matched.events:
            continue
        shared = len(words & {word.casefold() for word in _WORD.findall(touchpoint.name)})
        idea = Idea(
            touchpoint.name,
            rule.as_json(),
            rule.sentence(),
            source_of(names_in(rule)),
            "",
            matched.events,
            matched.customers,
        )
        found.append((-shared, -matched.customers, idea))
    return [idea for _shared, _customers, idea in sorted(found, key=lambda each: each[:2])]


def _said(index: "LakeIndex", card: CardView) -> list[Idea]:
    """Words of the card that customers use: first those that most of them do."""
    found: dict[str, Idea] = {}
    for word in _words(card):
        for key, names in _speaking(index):
            idea = _with_word(index, word, key, names)
            if idea is not None and (word not in found or found[word].customers < idea.customers):
                found[word] = idea
    return sorted(found.values(), key=lambda idea: -idea.customers)


def _speaking(index: "LakeIndex") -> Iterator[tuple[str, list[str]]]:
    """Each property in which customers of this brand speak, with the events that have it."""
    present = set(index.names)
    by_key: dict[str, list[str]] = {}
    for name, keys in WORDS_OF.items():
        for key in keys:
            if name in present and key in index.property_keys():
                by_key.setdefault(key, []).append(name)
    yield from by_key.items()


def _with_word(index: "LakeIndex", word: str, key: str, names: list[str]) -> Idea | None:
    codes, labels = index.column(f"properties.{key}")
    if len(labels) > MOST_LABELS:
        return None
    having = np.array([word in label.casefold() for label in labels], np.bool_)
    whole = re.compile(rf"\b{re.escape(word)}\w{{0,2}}\b")
    if not having.any():
        return None
    if any(not whole.search(labels[place].casefold()) for place in np.flatnonzero(having).tolist()):
        return None  # a rule can't ask for whole words: “port” would mean “support” too
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    if counts[having].sum() > TOO_COMMON * counts.sum() or counts[having].sum() < FEWEST_EVENTS:
        return None
    conditions = [
        {"field": "name", "op": "is", "value": names},
        {"field": f"properties.{key}", "op": "contains", "value": [word]},
    ]
    rule = touchpoint_rule({"all": conditions})
    matched = match(index, rule)
    if matched.events < FEWEST_EVENTS:
        return None
    source = source_of(names)
    if source == Source.EVENTS and "Message Received" in names:
        source = Source.CONVERSATIONS
    return Idea(word, rule.as_json(), rule.sentence(), source, key, matched.events, matched.customers, word)


def _words(card: CardView) -> list[str]:
    """The words of the title that mean something, then those of the text."""
    found = (word.casefold().replace("’", "'").split("'")[-1] for word in _WORD.findall(card.title))
    return [word for word in dict.fromkeys(found) if len(word) >= SHORTEST_WORD and word not in _EMPTY]
