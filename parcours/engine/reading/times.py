"""Times of any column type as microseconds since 1970 in UTC."""

from typing import Any

from parcours.engine.arrow import arrow, compute
from parcours.engine.errors import MixedZonesError, TimesError
from parcours.engine.words import gettext as _

# A clock time with a zone behind it; the zone of a bare date would look like its day.
_ZONED = r"\d{2}:\d{2}.*(Z|z|[+-]\d{2}(:?\d{2})?)$"


def utc_microseconds(name: str, values: Any, timezone: str | None) -> Any:
    """An arrow array of int64, null where the value is. `values` is a ChunkedArray, `name` its column for
    messages.

    Raises TimesError for numbers, for text that is not ISO 8601, for an unknown time zone, and for text of
    which only some has a zone, unless `timezone` says where the rest lies.
    """
    pa, types = arrow(), arrow().types
    kind = values.type
    if types.is_dictionary(kind):
        return utc_microseconds(name, values.cast(kind.value_type), timezone)
    if types.is_timestamp(kind):
        same = kind.unit == "us"
        moments = values if same else values.cast(pa.timestamp("us", kind.tz), safe=False)
        return _viewed(moments if kind.tz else _placed(name, moments, timezone))
    if types.is_date(kind):
        return utc_microseconds(name, values.cast(pa.timestamp("us")), timezone)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _parsed(name, values.cast(pa.string()), timezone)
    if types.is_null(kind):
        return values.cast(pa.int64())
    if types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind):
        raise TimesError(
            _(
                "Column “{name}” holds {kind}, and a number does not say whether it counts seconds, "
                "milliseconds or days. Convert it to timestamps first."
            ).format(name=name, kind=kind)
        )
    raise TimesError(_("Column “{name}” holds {kind}, which is not a time.").format(name=name, kind=kind))


def _viewed(moments: Any) -> Any:
    """Timestamps as the numbers they are."""
    pa = arrow()
    chunks = [chunk.view(pa.int64()) for chunk in getattr(moments, "chunks", [moments])]
    return pa.chunked_array(chunks, pa.int64())


def _placed(name: str, naive: Any, timezone: str | None) -> Any:
    """Naive timestamps in a zone. An hour that comes twice is the first, one that is left out the next that
    exists.
    """
    if timezone is None or timezone.upper() == "UTC":
        return naive
    try:
        return compute().assume_timezone(naive, timezone, ambiguous="earliest", nonexistent="latest")
    except arrow().ArrowException as error:
        raise TimesError(
            _("Column “{name}”: {reason}. Name the zone like “Europe/Paris”.").format(name=name, reason=error)
        ) from error


def _parsed(name: str, texts: Any, timezone: str | None) -> Any:
    pa, pc = arrow(), compute()
    texts = pc.utf8_trim_whitespace(texts)
    texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
    zoned = pc.match_substring_regex(texts, _ZONED)
    nothing = pa.scalar(None, pa.string())
    if timezone is None:
        _refuse_mixed(name, texts, zoned)
    with_zone = _cast(name, pc.if_else(zoned, texts, nothing), texts, pa.timestamp("us", "UTC"))
    without = _cast(name, pc.if_else(zoned, nothing, texts), texts, pa.timestamp("us"))
    placed = _placed(name, without, timezone)
    return pc.coalesce(with_zone.cast(pa.int64()), placed.cast(pa.int64()))


def _refuse_mixed(name: str, texts: Any, zoned: Any) -> None:
    """Times without a zone among others with one may be of any."""
    pc = compute()
    found = pc.min_max(zoned)
    if found["min"].as_py() == found["max"].as_py():
        return
    row = pc.index(zoned, False).as_py()
    raise MixedZonesError(
        _(
            "Column “{name}”, row {row} of {rows}: “{text}” has no time zone, though others have one. "
            "Say in which zone those without lie, by a name like “Europe/Paris”."
        ).format(name=name, row=row + 1, rows=len(texts), text=texts[row].as_py())
    )


def _cast(name: str, chosen: Any, texts: Any, kind: Any) -> Any:
    try:
        return chosen.cast(kind)
    except arrow().ArrowException as error:
        row, text = _first_bad(chosen, kind)
        raise TimesError(
            _(
                "Column “{name}”, row {row} of {rows}: “{text}” is not a time this can read. "
                "Write times like “2026-03-01T08:00:00+01:00”."
            ).format(name=name, row=row + 1, rows=len(texts), text=text)
        ) from error


def _first_bad(texts: Any, kind: Any) -> tuple[int, str]:
    """The position and text of the first value that cannot be cast, found by halving."""
    low, high = 0, len(texts)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            texts.slice(low, middle - low).cast(kind)
        except arrow().ArrowException:
            high = middle
        else:
            low = middle
    return low, str(texts[low].as_py())
