"""Answers as files: a table as CSV, a picture as SVG; and as text to paste into a sheet."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from parcours.core.cells import harmless

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.charts import Svg

FILES = ("csv", "svg")


@dataclass(frozen=True)
class Answer:
    """What a page shows: `name` is the file's, `picture` is drawn only where it is wanted."""

    name: str
    table: "pa.Table"
    picture: "Callable[[], Svg]"

    @property
    def drawn(self) -> str:
        return self.picture().markup()


def download(answer: Answer, kind: str, names: Mapping[str, str]) -> HttpResponse:
    if kind == "csv":
        response = HttpResponse(as_text(answer.table, ",", names), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(answer.picture().file(), content_type="image/svg+xml; charset=utf-8")
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response["Content-Disposition"] = f'attachment; filename="{answer.name}.{kind}"'
    return response


def as_text(table: "pa.Table", between: str, names: Mapping[str, str]) -> str:
    """The rows, with stages and touchpoints by their names: `names` of the ids that stand in the table."""
    text = StringIO()
    lines = csv.writer(text, delimiter=between)
    lines.writerow(table.column_names)
    for row in table.to_pylist():
        lines.writerow([harmless(_plain(value, names)) for value in row.values()])
    return text.getvalue()


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return " → ".join(names.get(each, str(each)) for each in value)
    if isinstance(value, str):
        return names.get(value, value)
    return value.isoformat() if isinstance(value, date | datetime) else value
