"""Columns as JSON objects, one a row, without a loop over the rows."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from parcours.events.arrow import pa, pc

_NUMBER = r"^-?(0|[1-9]\d{0,14})(\.\d{1,12})?$"
_NEEDS_ESCAPE = r'["\\\x00-\x1f]'
_ESCAPES = [("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")]


def as_objects(columns: Mapping[str, Any], rows: int) -> Any:
    """One JSON object a row from the columns, keys sorted, empty cells left out. Text that is a number
    becomes one.
    """
    pieces = [_piece(name, flat(columns[name])) for name in sorted(columns)]
    if not pieces:
        return pa.array(["{}"]).take(pa.array([0] * rows, pa.int32()))
    # Not `null_handling="skip"`: pyarrow then leaves out rows where everything is null.
    joined = pc.binary_join_element_wise(*pieces, "")
    return pc.binary_join_element_wise("{", pc.utf8_rtrim(joined, ","), "}", "")


def flat(column: Any) -> Any:
    """One array without dictionary, whatever it was before."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def as_typed(text: str) -> str | int | float:
    """Text that is a number as one; anything else as it is."""
    if not re.match(_NUMBER, text):
        return text
    return float(text) if "." in text else int(text)


def object_of(values: Mapping[str, Any]) -> str:
    """The same for one row of any JSON values."""
    kept = {name: value for name, value in values.items() if value is not None and value != ""}
    return msgspec.json.encode(kept, order="sorted").decode()


def _piece(name: str, column: Any) -> Any:
    """`"name":value,` a row, empty where there is no value."""
    named = json.dumps(name, ensure_ascii=False) + ":"
    return pc.fill_null(pc.binary_join_element_wise(named, _value(column), ",", ""), "")


def _value(column: Any) -> Any:  # noqa: PLR0911 - one a type
    """The column's values as JSON texts, null where there is nothing."""
    kind = column.type
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return _text(column.cast(pa.string()))
    if pa.types.is_boolean(kind):
        return pc.if_else(column, "true", "false")
    if pa.types.is_floating(kind):
        finite = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
        text = finite.cast(pa.string())
        return pc.replace_substring_regex(text, r"\.0$", "")
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.string())
    if pa.types.is_temporal(kind):
        return _text(column.cast(pa.string()))
    return pa.array([None if value is None else _json(value) for value in column.to_pylist()], pa.string())


def _text(column: Any) -> Any:
    trimmed = pc.utf8_trim_whitespace(column)
    kept = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    number = pc.match_substring_regex(kept, _NUMBER)
    quoted = pc.binary_join_element_wise('"', _escaped(kept), '"', "")
    return pc.if_else(number, kept, quoted)


def _escaped(column: Any) -> Any:
    if not pc.any(pc.match_substring_regex(column, _NEEDS_ESCAPE)).as_py():
        return column
    for plain, escaped in _ESCAPES:
        column = pc.replace_substring(column, plain, escaped)
    return pc.replace_substring_regex(column, r"[\x00-\x1f]", "")


def _json(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
