"""Rows of a file become events: who, when, what; and what can't be one is rejected with its reason."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from parcours.customers.enums import IdentityKind
from parcours.events.arrow import pa, pc
from parcours.events.imports.kept_away import KeptAway
from parcours.events.imports.mapping import ACTIVITY, CHANNEL, CUSTOMER, ID, TIME
from parcours.events.imports.properties import flat
from parcours.events.imports.rejects import Reject
from parcours.events.imports.rows import Array, Rows
from parcours.events.imports.times import TimeReader

LONGEST_NAME = 200
LONGEST_KEY = 400


@dataclass(slots=True)
class Shaped:
    """Events of a chunk, one entry an event in every array; the rows that became none are in `rejects`."""

    good: npt.NDArray[np.int64]
    """The rows of the chunk that these events come from."""
    lines: npt.NDArray[np.int64]
    keys: Array
    kinds: Array
    time: npt.NDArray[np.int64]
    names: Array
    channels: Array
    ids: Array
    properties: Array
    rejects: list[Reject]


class Shaper:
    """Shapes the chunks of one file. `event` names every event when no column does; rows about those who are
    kept away become neither events nor rejects.
    """

    def __init__(self, times: TimeReader, event: str = "", kept_away: KeptAway | None = None) -> None:
        self._times = times
        self._event = event
        self._kept_away = kept_away

    def shape(self, rows: Rows) -> Shaped:
        count = len(rows.lines)
        reasons: dict[int, str] = {}
        keys = as_keys(rows.roles[CUSTOMER]) if CUSTOMER in rows.roles else pa.nulls(count, pa.string())
        names = self._names(rows, count)
        moments, time_reasons = self._times.read(rows.roles[TIME])
        _note(reasons, keys.is_null(), _("There is no customer."))
        _note(
            reasons,
            pc.fill_null(pc.greater(pc.utf8_length(keys), LONGEST_KEY), fill_value=False),
            _("The customer's number has more than {n} characters.").format(n=LONGEST_KEY),
        )
        if names is not None:
            _note(reasons, names.is_null(), _("There is no activity."))
        for row, reason in time_reasons.items():
            reasons.setdefault(row, reason)
        kinds = rows.kinds if rows.kinds is not None else _constant(IdentityKind.USER_ID.value, count)
        chosen = np.ones(count, np.bool_)
        if self._kept_away is not None:
            chosen &= ~self._kept_away.rows(keys, kinds)
            reasons = {row: reason for row, reason in reasons.items() if chosen[row]}
        chosen[list(reasons)] = False
        good = np.flatnonzero(chosen)
        take = pa.array(good)
        return Shaped(
            good=good,
            lines=rows.lines[good],
            keys=keys.take(take),
            kinds=kinds.take(take),
            time=moments[good],
            names=(names if names is not None else _constant(self._event, count)).take(take),
            channels=cleaned(rows.roles.get(CHANNEL), count).take(take),
            ids=cleaned(rows.roles.get(ID), count).take(take),
            properties=flat(rows.properties).take(take),
            rejects=[
                Reject(int(rows.lines[row]), reason, rows.raw(row)) for row, reason in sorted(reasons.items())
            ],
        )

    def _names(self, rows: Rows, count: int) -> Any:
        if ACTIVITY not in rows.roles:
            return None
        names = cleaned(rows.roles[ACTIVITY], count)
        if self._event:
            names = pc.fill_null(names, self._event)
        return pc.utf8_slice_codeunits(names, 0, LONGEST_NAME)


def as_keys(column: Any) -> Any:
    """Customers' ids as text, null where there is none. Whole numbers lose the point that spreadsheets give
    them.
    """
    column = flat(column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, column.type))
        whole = pc.all(pc.equal(pc.floor(column), column), min_count=0).as_py()
        column = column.cast(pa.int64()) if whole else column
    texts = cleaned(column, len(column))
    return pc.replace_substring_regex(texts, r"^(\d+)\.0$", r"\1")


def cleaned(column: Any, count: int) -> Any:
    """Text without blanks around it, null where nothing is left."""
    if column is None:
        return pa.nulls(count, pa.string())
    texts = pc.utf8_trim_whitespace(flat(column).cast(pa.string()))
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _constant(text: str, count: int) -> Any:
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _note(reasons: dict[int, str], where: Any, reason: str) -> None:
    for row in np.flatnonzero(np.asarray(where)):
        reasons.setdefault(int(row), reason)
