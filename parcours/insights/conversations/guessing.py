"""What a customer writes about, by what it means: the nearest examples decide.

Examples are the sentences of `topics`, and what colleagues said of earlier conversations: a correction is
learnt because it is an example from then on, and forgotten with the conversation. Nothing leaves the machine.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from parcours.inbox.reads.examples import Example
from parcours.insights.conversations.topics import SEEDS
from parcours.insights.meaning import Vectors, vectors_of

Encode = Callable[[Sequence[str]], Vectors]

NEIGHBOURS = 3
NEAR = 0.45
"""Cosine: below it nothing is said. Other questions of a shop lie below, paraphrases above."""
AHEAD = 0.03
"""By how much the first topic must be nearer than the second."""
KNOWN_BETTER = 0.06
"""A colleague's word weighs more than a sentence of ours."""
LONGEST = 600
MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Guess:
    """`topic` is empty where nothing is near enough. `confidence` is from 0 to 1."""

    topic: str
    confidence: float


class Guesser:
    """Made for one batch: the examples are read once."""

    def __init__(self, examples: Sequence[Example], *, encode: Encode = vectors_of) -> None:
        seeds = [(topic, sentence) for topic, sentences in SEEDS.items() for sentence in sentences]
        self._encode = encode
        self._topics = np.array([topic for topic, _sentence in seeds] + [each.topic for each in examples])
        known = np.full(len(self._topics), 0.0, dtype=np.float32)
        known[len(seeds) :] = KNOWN_BETTER
        self._known = known
        self._vectors = np.vstack(
            [
                _seed_vectors(encode, tuple(sentence for _topic, sentence in seeds)),
                _remembered(encode, [(each.message_id, each.text[:LONGEST]) for each in examples]),
            ]
        )

    def guess(self, texts: Sequence[str]) -> list[Guess]:
        """One for each text."""
        wanted = [text[:LONGEST] for text in texts]
        near = self._encode(wanted) @ self._vectors.T + self._known
        return [
            self._decide(row) if text.strip() else Guess("", 0.0)
            for text, row in zip(wanted, near, strict=True)
        ]

    def _decide(self, near: npt.NDArray[np.float32]) -> Guess:
        """The mean of each topic's nearest examples; few examples of a topic count as they are."""
        scores = {}
        for topic in np.unique(self._topics):
            best = np.sort(near[self._topics == topic])[-NEIGHBOURS:]
            scores[str(topic)] = float(0.7 * best[-1] + 0.3 * best.mean())
        first, second = sorted(scores, key=lambda topic: scores[topic], reverse=True)[:2]
        ahead = scores[first] - scores[second]
        if scores[first] < NEAR or ahead < AHEAD:
            return Guess("", max(0.0, min(1.0, scores[first])))
        return Guess(first, round(min(1.0, scores[first] * 0.7 + min(ahead, 0.3)), 3))


@lru_cache(maxsize=2)
def _seed_vectors(encode: Encode, sentences: tuple[str, ...]) -> Vectors:
    return encode(list(sentences))


_vectors_kept: dict[uuid.UUID, npt.NDArray[np.float32]] = {}


def _remembered(encode: Encode, examples: Sequence[tuple[uuid.UUID, str]]) -> Vectors:
    """Vectors of examples, each made once in this process."""
    missing = [(key, text) for key, text in examples if key not in _vectors_kept]
    if len(_vectors_kept) + len(missing) > MOST_KEPT:
        _vectors_kept.clear()
        missing = list(examples)
    made = encode([text for _key, text in missing])
    _vectors_kept.update({key: vector for (key, _text), vector in zip(missing, made, strict=True)})
    if not examples:
        return encode([])
    return np.vstack([_vectors_kept[key] for key, _text in examples])
