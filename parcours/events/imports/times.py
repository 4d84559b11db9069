"""Times as people and machines write them, as microseconds since 1970 in UTC."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb
import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.events.arrow import pa, pc

Int64s = npt.NDArray[np.int64]
EARLIEST = -2_208_988_800_000_000  # 1900-01-01
_ZONED = r"^(?P<wall>.*\d:\d\d.*?)\s*(?P<zone>Z|z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$"
_ISO = r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?)?$"
_DAY_AND_MONTH = r"^(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<c>\d{4}|\d{2})\b"
_COMPACT = r"^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d):?(\d\d):?(\d\d)?)?"
_HALF_DAY = r"(?i)\s?[ap]\.?m\.?$"
_SINCE_1970 = r"^(\d{9,10}|\d{13}|\d{16}|\d{19})(\.\d+)?$"
_EPOCH_UNITS = {10: 1_000_000, 13: 1_000, 16: 1, 19: -1_000}
"""Microseconds in one, by the number of digits a present-day moment has; negative divides."""
_NAMED_MONTHS = (
    "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y", "%d %B %Y %H:%M:%S", "%d %B %Y %H:%M", "%d %B %Y",
    "%b %d, %Y %H:%M:%S", "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y %H:%M:%S",
)  # fmt: skip
_TWELVE_HOURS = ("%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S%p", "%Y-%m-%d %I:%M%p")


class MixedZonesError(Exception):
    """Times without a zone were accepted, and now there is one with: they mean something only if somebody
    says what.
    """


class TimeReader:
    """Reads the times of one file, in the way that its first rows suggest.

    `timezone` says where times without a zone were written; without it they are UTC, unless the file has
    times with a zone too: then those without are rejected. Raises BadInput for an unknown zone.
    """

    def __init__(self, timezone: str | None, time_format: str | None = None, *, mixed: bool = False) -> None:
        self.notices: list[str] = []
        self._zone = _zone(timezone)
        self._format = time_format
        self._mixed = mixed
        self._zoned_seen = self._naive_seen = False
        self._day_first: bool | None = None
        self._database = duckdb.connect(config={"threads": "1"})
        self._latest = int((now() + timedelta(days=1)).timestamp() * 1e6)

    def read(self, column: Any) -> tuple[Int64s, dict[int, str]]:
        """Microseconds a row, and the rows that have no usable time with the reason; their number is 0."""
        values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        moments, naive, unreadable = self._moments(values)
        reasons = {int(row): _("The time can't be read.") for row in np.flatnonzero(unreadable)}
        reasons |= dict.fromkeys(map(int, np.flatnonzero(_blank(values))), _("There is no time."))
        if self._zone is None:
            self._note_zones(naive, reasons)
        early, late = moments < EARLIEST, moments > self._latest
        for row in np.flatnonzero(early & ~unreadable):
            reasons.setdefault(int(row), _("The time is before 1900."))
        for row in np.flatnonzero(late & ~unreadable):
            reasons.setdefault(int(row), _("The time is in the future."))
        return moments, reasons

    def _note_zones(self, naive: npt.NDArray[np.bool_], reasons: dict[int, str]) -> None:
        readable = np.ones(len(naive), np.bool_)
        readable[list(reasons)] = False
        self._zoned_seen |= bool((~naive & readable).any())
        if self._mixed:
            for row in np.flatnonzero(naive & readable):
                reasons[int(row)] = _(
                    "The time has no zone, though others in the file have one; name the zone of these."
                )
            return
        self._naive_seen |= bool((naive & readable).any())
        if self._zoned_seen and self._naive_seen:
            raise MixedZonesError

    def finish(self) -> None:
        """Adds what a person should know about how the times were read."""
        if self._naive_seen and not self._mixed:
            self.notices.append(
                _("Times carry no zone and were read as UTC; name their time zone if it is another one.")
            )

    def _moments(self, values: Any) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Microseconds, which rows had no zone, and which can't be read."""
        kind = values.type
        if pa.types.is_dictionary(kind):
            return self._moments(values.cast(kind.value_type))
        if pa.types.is_date(kind):
            return self._moments(values.cast(pa.timestamp("us")))
        if pa.types.is_timestamp(kind):
            return self._of_timestamps(values)
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            return self._of_numbers(values)
        return self._of_texts(pc.utf8_trim_whitespace(values.cast(pa.string())))

    def _of_timestamps(self, values: Any) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        zoned = values.type.tz is not None
        moments = values.cast(pa.timestamp("us", values.type.tz), safe=False)
        if not zoned:
            moments = self._placed(moments)
        missing = np.asarray(moments.is_null())
        return _int64(moments), np.full(len(values), not zoned), missing

    def _of_numbers(self, values: Any) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        unreadable = ~np.isfinite(numbers)
        return self._since_1970(np.where(unreadable, 0.0, numbers), unreadable)

    def _since_1970(
        self, numbers: npt.NDArray[np.float64], unreadable: npt.NDArray[np.bool_]
    ) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        moments = np.zeros(len(numbers), np.int64)
        understood = np.zeros(len(numbers), np.bool_)
        for digits, unit in _EPOCH_UNITS.items():
            fits = (np.abs(numbers) >= 10.0 ** (digits - 2)) & (np.abs(numbers) < 10.0**digits)
            chosen = fits & ~understood & ~unreadable
            scaled = numbers[chosen] * unit if unit > 0 else numbers[chosen] / -unit
            moments[chosen] = np.round(scaled).astype(np.int64)
            understood |= chosen
        return moments, np.zeros(len(numbers), np.bool_), unreadable | ~understood

    def _of_texts(self, texts: Any) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        digits = pc.fill_null(pc.match_substring_regex(texts, _SINCE_1970), False)
        if not pc.any(digits).as_py():
            return self._of_words(texts)
        nothing = pa.scalar(None, pa.string())
        moments, naive, unreadable = self._of_words(pc.if_else(digits, nothing, texts))
        counted, _naive, unknown = self._of_numbers(pc.if_else(digits, texts, nothing).cast(pa.float64()))
        chosen = np.asarray(digits)
        return (
            np.where(chosen, counted, moments),
            naive & ~chosen,
            np.where(chosen, unknown, unreadable),
        )

    def _of_words(self, texts: Any) -> tuple[Int64s, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        parts = pc.extract_regex(texts, _ZONED)
        zones = pc.struct_field(parts, "zone")
        naive = np.asarray(zones.is_null())
        walls = pc.coalesce(pc.struct_field(parts, "wall"), texts)
        wall = self._wall_clock(walls)
        unreadable = np.asarray(wall.is_null())
        moments = np.where(naive, _int64(self._placed(wall)), _int64(wall) - _offsets(zones))
        return moments, naive, unreadable

    def _wall_clock(self, texts: Any) -> Any:
        """Timestamps without zone, null where they can't be read."""
        if self._format:
            return _parsed(self._database, texts, (self._format,))
        texts = self._with_year_first(texts)
        iso = pc.match_substring_regex(texts, _ISO)
        plain = pc.replace_substring(pc.if_else(iso, texts, pa.scalar(None, pa.string())), ",", ".")
        found = _cast(self._database, plain)
        if found.null_count == texts.null_count:
            return found
        half_days = pc.replace_substring_regex(texts, r"(?i)([ap])\.m\.?$", r"\1m")
        halves = _parsed(self._database, half_days, _TWELVE_HOURS)
        return pc.coalesce(found, halves, _parsed(self._database, texts, _NAMED_MONTHS))

    def _with_year_first(self, texts: Any) -> Any:
        """31/01/2026 8:06 and 1/31/2026 8:06 become 2026-01-31 8:06; 2026/01/31 and 20260131 too."""
        texts = pc.replace_substring_regex(texts, r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})", r"\1-\2-\3")
        texts = pc.replace_substring_regex(texts, _COMPACT, r"\1-\2-\3 \4:\5:\6")
        texts = pc.replace_substring_regex(texts, r" ?:+$", "")
        turned = pc.extract_regex(texts, _DAY_AND_MONTH)
        if turned.null_count == len(texts):
            return texts
        first = pc.struct_field(turned, "a").cast(pa.int32())
        second = pc.struct_field(turned, "b").cast(pa.int32())
        order = r"\3-\2-\1" if self._is_day_first(first, second) else r"\3-\1-\2"
        texts = pc.replace_substring_regex(texts, _DAY_AND_MONTH, order)
        return pc.replace_substring_regex(texts, r"^(\d{2})-(\d{1,2})-(\d{1,2})\b", r"20\1-\2-\3")

    def _is_day_first(self, first: Any, second: Any) -> bool:
        """Decided once a file, by the first chunk that tells."""
        if self._day_first is not None:
            return self._day_first
        days_first = (pc.max(first).as_py() or 0) > 12
        months_first = (pc.max(second).as_py() or 0) > 12
        if days_first == months_first:
            raise BadInput(
                _("Times such as {example} could be day/month or month/day.").format(
                    example=f"{first.drop_null()[0]}/{second.drop_null()[0]}"
                ),
                where=_("time"),
                remedy=_("Say how times are written, for instance %d/%m/%Y %H:%M."),
            )
        self._day_first = days_first
        return days_first

    def _placed(self, wall: Any) -> Any:
        """Wall-clock times in the zone; an hour that comes twice is the first, one left out the next."""
        if self._zone is None:
            return wall
        return pc.assume_timezone(wall, self._zone.key, ambiguous="earliest", nonexistent="latest")


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            _("There is no time zone “{name}”.").format(name=name),
            where="timezone",
            remedy=_("Name it like Europe/Paris or UTC."),
        ) from error


def _parsed(database: duckdb.DuckDBPyConnection, texts: Any, formats: tuple[str, ...]) -> Any:
    database.register("texts", pa.table({"text": texts}))
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in formats)
    try:
        query = database.sql(f"SELECT try_strptime(text, [{listed}])::TIMESTAMP AS time FROM texts")  # noqa: S608
        return query.to_arrow_table()["time"].combine_chunks()
    except duckdb.Error as error:
        raise BadInput(
            _("The time format can't be used: {reason}").format(reason=str(error).splitlines()[0]),
            where=formats[0],
            remedy=_("Write it like %d/%m/%Y %H:%M:%S."),
        ) from error


def _cast(database: duckdb.DuckDBPyConnection, texts: Any) -> Any:
    database.register("texts", pa.table({"text": texts}))
    query = database.sql("SELECT try_cast(text AS TIMESTAMP) AS time FROM texts")
    return query.to_arrow_table()["time"].combine_chunks()


def _offsets(zones: Any) -> Int64s:
    """Microseconds east of Greenwich a row; 0 without a zone."""
    encoded = zones.dictionary_encode()
    known = [_offset(zone) for zone in encoded.dictionary.to_pylist()]
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    result: Int64s = np.array([*known, 0], np.int64)[codes]
    return result


def _offset(zone: str) -> int:
    match = re.match(r"([+-])(\d\d):?(\d\d)?", zone)
    if match is None:
        return 0
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return (-minutes if match[1] == "-" else minutes) * 60_000_000


def _blank(values: Any) -> npt.NDArray[np.bool_]:
    blank = values.is_null()
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        blank = pc.or_(blank, pc.fill_null(pc.equal(pc.utf8_trim_whitespace(values), ""), fill_value=True))
    return np.asarray(blank)


def _int64(moments: Any) -> Int64s:
    result: Int64s = pc.fill_null(moments.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return result
