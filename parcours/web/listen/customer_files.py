"""Customers as files: taken in after somebody saw what the columns mean, and written for a spreadsheet."""

import uuid
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.customers.copies.many import KINDS, do_export_customers
from parcours.customers.profiles import FIELD_NAMES, profile_field
from parcours.events.customer_uploads import do_begin_customers, keep_customer_file, waiting_file
from parcours.events.uploads import path_of
from parcours.web.doors import Request, door
from parcours.web.listen.sent_files import sent_file

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
CUSTOMER, LEFT_OUT, TRAIT = "customer", "", "trait"


@door("customers.import")
@require_GET
def export(request: Request) -> FileResponse:
    """Everybody, or a segment, as CSV, Parquet or JSON lines."""
    kind, key = request.GET.get("kind", "csv"), request.GET.get("segment", "")
    if kind not in KINDS:
        raise NotFound(_("There is no such kind of file."), where=kind)
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it when it was sent
    do_export_customers(request.brand, file, kind, segment_key=key, acting_user=request.actor)
    file.seek(0)
    name = f"customers-{now():%Y-%m-%d}.{kind}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_TYPES[kind])


@door("customers.import")
@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            sent = sent_file(request)
            row = keep_customer_file(request.brand, sent.name or "", sent.chunks(), acting_user=request.actor)
        except BadInput as fault:
            problem = fault
        else:
            return redirect("customers_columns", row.pk)
    context = {"tab": "customers", "problem": problem}
    return render(request, "listen/customers_import.html", context, status=422 if problem else 200)


@door("customers.import")
@require_http_methods(["GET", "POST"])
def columns(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """What each column means; `do=begin` takes the file in."""
    from parcours.events.imports.customers import preview_customers

    row = waiting_file(request.brand, import_id)
    customer, fields = _said(request)
    context: dict[str, Any] = {"tab": "customers", "row": row, "choices": _choices()}
    try:
        seen = preview_customers(path_of(row), customer=customer, fields=fields)
    except BadInput as fault:
        return render(request, "listen/customers_columns.html", context | {"problem": fault}, status=422)
    if request.method == "POST" and request.POST.get("do") == "begin":
        do_begin_customers(row, seen.customer, fields, acting_user=request.actor)
        return redirect("import", row.pk)
    context |= {"seen": seen, "lines": [(each, _choice(each.means)) for each in seen.columns]}
    return render(request, "listen/customers_columns.html", context)


def _said(request: Request) -> tuple[str, dict[str, str]]:
    """The customer's column, and what other columns are said to be; a trait keeps its column's name."""
    customer, fields = "", {}
    names, means = request.POST.getlist("column"), request.POST.getlist("means")
    for column, meaning in zip(names, means, strict=False):
        if meaning == CUSTOMER:
            customer = column
        else:
            fields[column] = _trait(column) if meaning == TRAIT else meaning
    return customer, fields


def _trait(column: str) -> str:
    """The column as a trait, also when it is called like a field."""
    return f"traits.{column}" if profile_field(column) else column


def _choice(means: str) -> str:
    return TRAIT if means.startswith(f"{TRAIT} ") else means


def _choices() -> list[tuple[str, str]]:
    fields = [(name, str(label)) for name, label in FIELD_NAMES.items()]
    own = [(CUSTOMER, _("Customer number")), (TRAIT, _("a trait of its own")), (LEFT_OUT, _("leave it out"))]
    return [own[0], *fields, *own[1:]]
