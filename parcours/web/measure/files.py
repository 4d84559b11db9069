"""Answers as files: a table as CSV, a picture as SVG; and as text to paste into a sheet."""

import csv
from collections.abc import Callable
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


def download(answer: Answer, kind: str) -> HttpResponse:
    if kind == "csv":
        response = HttpResponse(as_text(answer.table, ","), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(answer.picture().file(), content_type="image/svg+xml; charset=utf-8")
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response["Content-Disposition"] = f'attachment; filename="{answer.name}.{kind}"'
    return response


def as_text(table: "pa.Table", between: str) -> str:
    text = StringIO()
    lines = csv.writer(text, delimiter=between)
    lines.writerow(table.column_names)
    for row in table.to_pylist():
        lines.writerow([harmless(_plain(value)) for value in row.values()])
    return text.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return " → ".join(map(str, value))
    return value.isoformat() if isinstance(value, date | datetime) else value
