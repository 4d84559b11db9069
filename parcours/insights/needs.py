"""What customers say often that no card of the map says: sentences of one meaning, put together.

Without a language model: each sentence is a vector (`meaning`), and the sentence with the most others close
by is the middle of a group, again and again. Deterministic and bounded.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.canvas.evidence.sources import WORDS_OF
from parcours.core.language import language_of
from parcours.core.masking import masked
from parcours.insights.drift.marked import DAY, Marked
from parcours.insights.meaning import Vectors, vectors_of
from parcours.insights.need_queries import queries

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

WINDOW = 90
MOST_TEXTS = 20_000
MOST_DIFFERENT = 4_000
FEWEST = 20
SHARE = 0.005
CLOSE = 0.65
COVERED = 0.55
"""Cosines. Paraphrases of one question lie above, in one language or two; other questions of a shop below."""
MOST_NEEDS = 6
MOST_SAMPLES = 3
SHORTEST = 8
LONGEST_TITLE = 120

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Need:
    """`words` is the most central sentence; `customers` said it in `days` days, `lately` of them in the
    second half, `earlier` in the first. `stage` is the code of the stage in which it is said most, `there`
    times; -1 where nothing says it. `samples` are (text, customer's id), without what names a person.
    `queries` find it again in the log: each a rule, and the property in which the words stand.
    """

    words: str
    customers: int
    lately: int
    earlier: int
    stage: int
    there: int
    samples: tuple[tuple[str, int], ...]
    queries: tuple[dict[str, Any], ...] = ()
    days: int = WINDOW


@dataclass(frozen=True, slots=True)
class Sayings:
    """What was said, one row a saying: the place of its text in `texts`, customer, time, stage, its event's
    place in the log, and its source: a place in `keys` and `names`, the property and the event that hold it.
    """

    texts: tuple[str, ...]
    text: npt.NDArray[np.int64]
    customer: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    stage: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    source: npt.NDArray[np.int64]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    end: int


def needs(
    index: "LakeIndex",
    log: Marked,
    cards: Sequence[str],
    may_be_quoted: Callable[[Sequence[int]], set[int]],
    *,
    encode: Encode = vectors_of,
    language: str = "",
    proved: npt.NDArray[np.int64] | None = None,
    most: int = MOST_NEEDS,
) -> list[Need]:
    """What is said often and by no card, the most frequent first. `cards` are the words of the needs and
    questions that stand on the map, `proved` the events (places in the log) that evidence of the map counts
    already; a need is said in `language` where somebody said it so.
    """
    said = sayings(index, log)
    if not len(said.text):
        return []
    speaking = len(np.unique(said.customer))
    fewest = max(FEWEST, round(SHARE * speaking))
    vectors = encode([*said.texts, *cards])
    mine, drawn = vectors[: len(said.texts)], vectors[len(said.texts) :]
    covered = (mine @ drawn.T).max(axis=1) >= COVERED if len(drawn) else np.zeros(len(mine), np.bool_)
    if proved is not None and len(proved):
        covered |= np.isin(np.arange(len(mine)), said.text[np.isin(said.row, proved)])
    weights = _customers_by_text(said)
    found = []
    for members in _groups(mine, np.where(covered, 0, weights), fewest):
        group = _need(said, members, mine, may_be_quoted, language)
        if group is not None and group.customers >= fewest:
            found.append(group)
    return sorted(found, key=lambda each: (-each.customers, each.words))[:most]


def sayings(index: "LakeIndex", log: Marked) -> Sayings:
    """The last 90 days of what customers wrote, asked and searched; the newest 20,000, masked and tidied."""
    recent = log.since(WINDOW)
    rows, texts, sources = [], [], []
    spoken = [(key, name) for key, names in _speaking(index).items() for name in names]
    for source, (key, name) in enumerate(spoken):
        codes, labels = index.column(f"properties.{key}")
        there = np.flatnonzero(recent & (log.name == name) & (np.asarray(codes) >= 0))
        rows.append(there)
        sources.append(np.full(len(there), source, dtype=np.int64))
        texts += [labels[code] for code in np.asarray(codes)[there].tolist()]
    where = np.concatenate(rows) if rows else np.empty(0, np.int64)
    newest = np.argsort(-log.time[where], kind="stable")[:MOST_TEXTS]
    tidy: dict[str, int] = {}
    kept, places, origins = [], [], []
    for position in newest.tolist():
        text = masked(texts[position])
        if len(text) < SHORTEST or " " not in text:
            continue
        place = tidy.setdefault(text, len(tidy))
        if place < MOST_DIFFERENT:
            kept.append(int(where[position]))
            places.append(place)
            origins.append(position)
    chosen = np.array(kept, dtype=np.int64)
    return Sayings(
        texts=tuple(list(tidy)[:MOST_DIFFERENT]),
        text=np.array(places, dtype=np.int64),
        customer=np.asarray(index.customers)[log.owner[chosen]] if len(chosen) else np.empty(0, np.int64),
        time=log.time[chosen],
        stage=_stage_near(log, chosen),
        row=chosen,
        source=np.concatenate(sources)[np.array(origins, np.int64)] if sources else np.empty(0, np.int64),
        keys=tuple(key for key, _name in spoken),
        names=tuple(index.names[name] for _key, name in spoken),
        end=log.end,
    )


def _speaking(index: "LakeIndex") -> dict[str, list[int]]:
    """Each property in which customers speak, with the codes of the events that have it so."""
    found: dict[str, list[int]] = defaultdict(list)
    for code, name in enumerate(index.names):
        for key in WORDS_OF.get(name, ()):
            found[key].append(code)
    return found


def _stage_near(log: Marked, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The stage of each event, or of its customer's last event on the map before it; -1 for none."""
    on_map = np.flatnonzero(log.stage >= 0)
    if not len(on_map) or not len(rows):
        return np.full(len(rows), -1, dtype=np.int64)
    place = np.searchsorted(on_map, rows, side="right") - 1
    near = on_map[np.maximum(place, 0)]
    known = (place >= 0) & (log.owner[near] == log.owner[rows])
    return np.where(known, log.stage[near], -1).astype(np.int64)


def _customers_by_text(said: Sayings) -> npt.NDArray[np.int64]:
    pairs = np.unique(np.stack([said.text, said.customer]), axis=1)
    return np.bincount(pairs[0], minlength=len(said.texts))


def _groups(vectors: Vectors, weights: npt.NDArray[np.int64], fewest: int) -> list[npt.NDArray[np.int64]]:
    """The members of each group: again and again the text with the most customers close by."""
    if not len(vectors):
        return []
    close = vectors @ vectors.T >= CLOSE
    left = weights.astype(np.int64).copy()
    found = []
    for _round in range(MOST_NEEDS * 3):
        around = close @ left.astype(np.float32)
        around[left == 0] = 0
        middle = int(around.argmax())
        if around[middle] < fewest:
            break
        members = np.flatnonzero(close[middle] & (left > 0))
        left[members] = 0
        found.append(members)
    return found


def _need(
    said: Sayings,
    members: npt.NDArray[np.int64],
    vectors: Vectors,
    may_be_quoted: Callable[[Sequence[int]], set[int]],
    language: str,
) -> Need | None:
    rows = np.flatnonzero(np.isin(said.text, members))
    customers = np.unique(said.customer[rows])
    half = said.end - WINDOW // 2 * DAY
    lately = len(np.unique(said.customer[rows[said.time[rows] > half]]))
    earlier = len(np.unique(said.customer[rows[said.time[rows] <= half]]))
    known = rows[said.stage[rows] >= 0]
    stages = np.bincount(said.stage[known]) if len(known) else np.zeros(1, np.int64)
    allowed = may_be_quoted(customers.tolist())
    quotable = [row for row in rows.tolist() if int(said.customer[row]) in allowed]
    samples: dict[str, int] = {}
    for row in quotable:
        samples.setdefault(said.texts[said.text[row]], int(said.customer[row]))
    if not samples:
        return None
    words = _central(said, members, vectors, samples, language)
    others = [(text, customer) for text, customer in samples.items() if text != words]
    chosen = [(words, samples[words]), *others][:MOST_SAMPLES]
    return Need(
        words=words,
        customers=len(customers),
        lately=lately,
        earlier=earlier,
        stage=int(stages.argmax()) if len(known) else -1,
        there=int(stages.max()),
        samples=tuple(chosen),
        queries=queries(said, members),
    )


def _central(
    said: Sayings,
    members: npt.NDArray[np.int64],
    vectors: Vectors,
    quotable: dict[str, int],
    language: str,
) -> str:
    """The sentence nearest to all others of its group, each as often as it was said; where there is one, in
    the language, and not a long one.
    """
    weights = np.bincount(said.text, minlength=len(said.texts))[members].astype(np.float32)
    centre = (vectors[members] * weights[:, None]).sum(axis=0)
    nearness = vectors[members] @ centre / max(float(np.linalg.norm(centre)), 1e-9)
    order = members[np.argsort(-nearness, kind="stable")].tolist()
    fitting = [said.texts[each] for each in order if said.texts[each] in quotable]
    short = [text for text in fitting if len(text) <= LONGEST_TITLE]
    own = [text for text in short if language and language_of(text) == language]
    chosen: str = (own or short or fitting)[0]
    return chosen
