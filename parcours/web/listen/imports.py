"""A file of events from the page: upload, confirm what its columns mean, follow it in."""

import csv
import uuid
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.cells import harmless
from parcours.core.errors import BadInput, ParcoursError
from parcours.events import reads, uploads
from parcours.events.customer_uploads import ABOUT_CUSTOMERS
from parcours.events.enums import ImportStatus
from parcours.events.imports import ColumnMapping, preview
from parcours.events.models import Import
from parcours.web.doors import Request, door
from parcours.web.listen.mapping_form import MappingForm
from parcours.web.listen.sent_files import sent_file

_OPEN = {ImportStatus.WAITING, ImportStatus.RUNNING}


@door("events.import")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """The imports so far, and the form for another file."""
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            sent = sent_file(request)
            row = uploads.keep_upload(
                request.brand, sent.name or "", sent.chunks(), acting_user=request.actor
            )
        except BadInput as fault:
            problem = fault
        else:
            return redirect("import_columns", row.pk)
    context = {"tab": "imports", "imports": reads.imports(request.brand)[:100], "problem": problem}
    return render(request, "listen/imports.html", context, status=422 if problem else 200)


@door("events.import")
@require_http_methods(["GET", "POST"])
def columns(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """What each column means, and what would become of the first rows; `do=begin` takes the file in."""
    row = reads.import_of(request.brand, import_id)
    if not uploads.waits(row):
        return redirect("import", row.pk)
    if row.source == ABOUT_CUSTOMERS:
        return redirect("customers_columns", row.pk)
    form = MappingForm(request.POST or None)
    mapping = form.mapping() if form.is_valid() else ColumnMapping()
    try:
        seen = preview(uploads.path_of(row), mapping=mapping)
    except BadInput as fault:
        context = {"tab": "imports", "row": row, "problem": _about_upload(fault, row)}
        return render(request, "listen/import_columns.html", context, status=422)
    form.offer(seen)
    begins = request.POST.get("do") == "begin" and form.is_valid() and not seen.problem
    if begins:
        uploads.do_begin_import(row, mapping, form.cleaned_data.get("source", ""), acting_user=request.actor)
        return redirect("import", row.pk)
    context = {"tab": "imports", "row": row, "seen": seen, "form": form, "table": _table(seen)}
    status = 422 if request.method == "POST" and (seen.problem or form.errors) else 200
    return render(request, "listen/import_columns.html", context, status=status)


@door("events.import")
@require_POST
def discard(request: Request, import_id: uuid.UUID) -> HttpResponse:
    uploads.do_discard_upload(reads.import_of(request.brand, import_id), acting_user=request.actor)
    return redirect("imports")


@door("events.view")
@require_GET
def show(request: Request, import_id: uuid.UUID) -> HttpResponse:
    row = reads.import_of(request.brand, import_id)
    if uploads.waits(row) and request.actor.may("events.import"):
        return redirect("import_columns", row.pk)
    return render(request, "listen/import.html", {"tab": "imports", **_state(row)})


@door("events.view")
@require_GET
def state(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """The part of the page that changes while the file is being read."""
    row = reads.import_of(request.brand, import_id)
    return render(request, "listen/import_state.html", _state(row))


@door("events.view")
@require_GET
def rejects(request: Request, import_id: uuid.UUID) -> HttpResponseBase:
    """The rejected rows as a file."""
    row = reads.import_of(request.brand, import_id)
    path = Path(row.rejects_path) if row.rejects_path else None
    if path is None or not path.is_file():
        raise Http404
    answer = StreamingHttpResponse(_harmless_lines(path), content_type="text/csv; charset=utf-8")
    name = f"{Path(row.file_name).stem}-rejects.csv"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


def _harmless_lines(path: Path) -> Iterator[str]:
    """The file for a spreadsheet, which must not run what somebody wrote into a row."""
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.reader(file):
            text = StringIO()
            csv.writer(text).writerow([harmless(cell) for cell in cells])
            yield text.getvalue()


def _about_upload(fault: BadInput, row: Import) -> BadInput:
    """The fault with the name that the person gave the file, not the place where it waits."""
    stored = str(uploads.path_of(row))
    what = fault.what.replace(stored, row.file_name)
    return BadInput(what, where=fault.where.replace(stored, row.file_name), remedy=fault.remedy)


def _state(row: Import) -> dict[str, Any]:
    counts = row.counts or {}
    done, total = counts.get("done", 0), counts.get("total", 0)
    return {
        "row": row,
        "open": row.status in _OPEN,
        "reading": counts.get("phase") == "reading",
        "percent": min(100, round(done / total * 100)) if total else None,
    }


def _table(seen: Any) -> list[list[str]]:
    """The first rows as texts, in the order of the columns."""
    return [[_short(sample.get(column)) for column in seen.columns] for sample in seen.sample]


def _short(value: Any, most: int = 60) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
