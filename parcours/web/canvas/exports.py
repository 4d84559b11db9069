"""The canvas as a file, with the numbers of the period and segment that the page shows."""

import json
import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.exports.files import KINDS
from parcours.canvas.exports.portable import as_portable
from parcours.insights.sheet import sheet_of
from parcours.web.doors import Request, door
from parcours.web.insights.filters import read_filters


@door("canvas.view")
@require_GET
def exports(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What kinds of files there are."""
    journey = reads.board(request.brand.pk, journey_id).journey
    filters = read_filters(request)
    context = {"journey": journey, "kinds": KINDS, "query": filters.query, "period": filters.period}
    return render(request, "canvas/exports.html", context)


@door("canvas.view")
@require_GET
def export(request: Request, journey_id: uuid.UUID, form: str) -> HttpResponse:
    """The file itself."""
    board = reads.board(request.brand.pk, journey_id)
    name = slugify(board.journey.title) or "journey"
    if form == "json":
        text = json.dumps(as_portable(request.brand.pk, board), ensure_ascii=False, indent=2)
        return _file(text.encode(), "application/json", f"{name}.json")
    if form not in KINDS:
        raise Http404
    filters = read_filters(request)
    sheet = sheet_of(request.brand, board, filters.period, filters.segment)
    return _file(KINDS[form].write(sheet), KINDS[form].media_type, f"{name}.{KINDS[form].suffix}")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return response
