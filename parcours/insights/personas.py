"""What is known of the customers whom a persona stands for, beside what is believed of them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from parcours.core.periods import Period
from parcours.customers.reads import segment as named_segment
from parcours.customers.reads import segment_counts, segment_members, segments_as_of
from parcours.customers.segments.birth_years import birth_years
from parcours.customers.segments.generations import GENERATIONS
from parcours.events.lake import Lake
from parcours.measures.kept import kept
from parcours.measures.scope import Question, filtered, open_index

if TYPE_CHECKING:
    from parcours.accounts.models import Brand

FEWEST_KNOWN = 20
"""Below so many customers nothing is told of them: it would tell of persons."""
MOST_CHANNELS = 6
ORDER = "Order Completed"


@dataclass(frozen=True, slots=True)
class Known:
    """Of a segment's `members`, `active` have an event in the period; shares are of those.

    `channels` are (name, share), the most used first; `generations` (name, share) of those whose year of
    birth is known. `buyers` ordered, `orders` times in all, `again` of them more than once.
    """

    segment: str
    segment_name: str
    members: int
    active: int
    channels: tuple[tuple[str, float], ...] = ()
    generations: tuple[tuple[str, float], ...] = ()
    buyers: int = 0
    orders: int = 0
    again: int = 0

    @property
    def too_few(self) -> bool:
        return self.active < FEWEST_KNOWN

    @property
    def buyers_share(self) -> float | None:
        return self.buyers / self.active if self.active else None

    @property
    def orders_each(self) -> float | None:
        return self.orders / self.buyers if self.buyers >= FEWEST_KNOWN else None

    @property
    def again_share(self) -> float | None:
        return self.again / self.buyers if self.buyers >= FEWEST_KNOWN else None


def known_about(brand: "Brand", segment: str, period: Period) -> Known:
    """Raises NotFound for a segment that isn't there."""
    view = named_segment(brand, segment)
    if not Lake(brand.pk).generation:
        return Known(segment, str(view.name), segment_counts(brand, [view])[segment], 0)
    question = Question(brand, period, segment)
    return kept(question, None, ("known", segments_as_of(brand)), lambda: _known(question, str(view.name)))


def _known(question: Question, name: str) -> Known:
    index = open_index(question.brand.pk)
    members = segment_members(question.brand, question.segment)
    log = filtered(index, question, index.log())
    known = Known(question.segment, name, len(members), log.n_customers)
    if known.too_few:
        return known
    orders = _orders(log)
    return Known(
        segment=known.segment,
        segment_name=name,
        members=known.members,
        active=known.active,
        channels=_channels(log),
        generations=_generations(question, log.customers.to_numpy(zero_copy_only=False)),
        buyers=int(np.count_nonzero(orders)),
        orders=int(orders.sum()),
        again=int(np.count_nonzero(orders > 1)),
    )


def _owners(log: Any) -> npt.NDArray[np.int64]:
    """Whose event each is: the place of its customer."""
    return np.repeat(np.arange(log.n_customers), np.diff(log.offsets))


def _orders(log: Any) -> npt.NDArray[np.int64]:
    """How many orders each customer made."""
    if ORDER not in log.activities:
        return np.zeros(log.n_customers, dtype=np.int64)
    ordered = log.activity.codes == log.code_of(ORDER)
    return np.bincount(_owners(log)[ordered], minlength=log.n_customers)


def _channels(log: Any) -> tuple[tuple[str, float], ...]:
    if log.channel is None:
        return ()
    codes, labels = log.channel.codes, log.channel.labels
    used = np.zeros((len(labels), log.n_customers), dtype=bool)
    known = codes < len(labels)
    used[codes[known], _owners(log)[known]] = True
    customers = used.sum(axis=1)
    order = np.argsort(-customers, kind="stable").tolist()
    found = [(str(labels[code]), int(customers[code]) / log.n_customers) for code in order if labels[code]]
    return tuple(found[:MOST_CHANNELS])


def _generations(question: Question, customers: npt.NDArray[np.int64]) -> tuple[tuple[str, float], ...]:
    born = birth_years(question.brand)
    counts = [int(np.isin(customers, born.of(generation)).sum()) for generation in GENERATIONS]
    of = sum(counts)
    if of < FEWEST_KNOWN:
        return ()
    return tuple(
        (str(generation.name), count / of)
        for generation, count in zip(GENERATIONS, counts, strict=True)
        if count
    )


def believed_differently(channels: tuple[str, ...], known: Known) -> str:
    """A sentence where the dearest channel is not the one used most; empty where they agree."""
    if not channels or not known.channels or known.channels[0][0] == channels[0]:
        return ""
    used = [name for name, _share in known.channels]
    if channels[0] in used[:2]:
        return ""
    return _("The dearest channel of the persona is not among the two that these customers use most.")
