"""What customers write to the team at each stage and touchpoint: how much, how it went, in whose words."""

import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parcours.accounts.models import Brand
from parcours.canvas.reads import standing_stages
from parcours.core.masking import MASK, masked
from parcours.core.periods import Period
from parcours.customers.consent.ledger import states
from parcours.customers.privacy_enums import ConsentState
from parcours.customers.reads import segment_members_among
from parcours.inbox.reads.places import (
    Opening,
    TalkCounts,
    count_homeless,
    counts_of_places,
    customers_of_places,
    homeless_topics,
    openings,
)
from parcours.insights.shapes import FEWEST, wilson

MOST_QUESTIONS = 3
SHORTEST = 8
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Question:
    """`words` as a customer wrote them, without what names a person; `times` so many wrote just this."""

    words: str
    times: int
    conversation_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversations of one stage or touchpoint. Shares are None where there are too few to say."""

    counts: TalkCounts
    questions: tuple[Question, ...] = ()

    @property
    def resolution(self) -> float | None:
        """Closed ones of all."""
        return _share(self.counts.closed, self.counts.conversations)

    @property
    def satisfaction(self) -> float | None:
        """4 or 5 of 5, of those who said."""
        return _share(self.counts.happy, self.counts.rated)

    @property
    def satisfaction_interval(self) -> tuple[float, float] | None:
        return wilson(self.counts.happy, self.counts.rated)

    @property
    def first_reply_seconds(self) -> float | None:
        return self.counts.first_reply_seconds if self.counts.replied >= FEWEST else None


@dataclass(frozen=True, slots=True)
class TalkOnTheMap:
    """By the id of a stage or touchpoint; `homeless` belong nowhere."""

    places: Mapping[uuid.UUID, Talk]
    homeless: TalkCounts | None = None

    def of(self, place: uuid.UUID) -> Talk | None:
        return self.places.get(place)


@dataclass(frozen=True, slots=True)
class Homeless:
    """So many conversations about one topic belong nowhere on the map; an empty topic isn't known."""

    topic: str
    number: int
    questions: tuple[Question, ...] = ()


def talk_on_the_map(
    brand: Brand, journey_id: uuid.UUID, period: Period, segment: str = "", *, with_words: bool = False
) -> TalkOnTheMap:
    """In a few queries, whatever is in the inbox. Raises NotFound for a segment that isn't there."""
    customers = None
    if segment:
        writing = customers_of_places(brand.pk, journey_id, period.start, period.end)
        customers = segment_members_among(brand, segment, writing).tolist()
    counts = counts_of_places(brand.pk, journey_id, period.start, period.end, customers)
    said: Mapping[uuid.UUID, tuple[Question, ...]] = {}
    homeless = None
    if with_words:
        theirs = None if customers is None else set(customers)
        found = _quotable(brand, openings(brand.pk, journey_id, period.start, period.end))
        said = _by_place([each for each in found if theirs is None or each.customer_id in theirs])
        homeless = count_homeless(brand.pk, period.start, period.end, standing_stages(brand.pk))
    return TalkOnTheMap({place: Talk(each, said.get(place, ())) for place, each in counts.items()}, homeless)


def without_home(brand: Brand) -> tuple[Homeless, ...]:
    """By topic, the most frequent first; what nothing is known of last."""
    said: dict[str, list[Opening]] = defaultdict(list)
    stages = standing_stages(brand.pk)
    for each in _quotable(brand, openings(brand.pk, None, stages=stages)):
        said[each.topic].append(each)
    found = [
        Homeless(topic, number, questions(said[topic]))
        for topic, number in homeless_topics(brand.pk, stages).items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.topic, -each.number, each.topic)))


def _quotable(brand: Brand, rows: Sequence[Opening]) -> list[Opening]:
    """Without those of customers who refused that the brand studies what they do."""
    known = sorted({each.customer_id for each in rows if each.customer_id is not None})
    answers: Mapping[int, Any] = states(brand, known, "analytics") if known else {}
    refused = {customer for customer, state in answers.items() if state == ConsentState.DENIED}
    return [each for each in rows if each.customer_id not in refused]


def questions(rows: Iterable[Opening], most: int = MOST_QUESTIONS) -> tuple[Question, ...]:
    """What was written most often, else latest: each wording once."""
    same: dict[str, list[Opening]] = defaultdict(list)
    for row in rows:
        words = masked(_without_name(row))
        if len(words) >= SHORTEST:
            same[words.casefold()].append(row)
    ordered: Sequence[list[Opening]] = sorted(same.values(), key=len, reverse=True)
    return tuple(
        Question(masked(_without_name(group[0])), len(group), group[0].conversation_id)
        for group in ordered[:most]
    )


def _without_name(row: Opening) -> str:
    """Who signs with the name that we know them by isn't quoted with it."""
    names = [re.escape(part) for part in re.split(r"[\W\d_]+", row.name) if len(part) >= SHORTEST_NAME]
    return re.sub(rf"\b(?:{'|'.join(names)})\b", MASK, row.text, flags=re.IGNORECASE) if names else row.text


def _by_place(found: Sequence[Opening]) -> dict[uuid.UUID, tuple[Question, ...]]:
    groups: dict[uuid.UUID, list[Opening]] = defaultdict(list)
    for each in found:
        for place in (each.stage_id, each.touchpoint_id):
            if place is not None:
                groups[place].append(each)
    return {place: questions(rows) for place, rows in groups.items()}


def _share(hits: int, of: int) -> float | None:
    return hits / of if of >= FEWEST else None
