"""The canvas as a file, with the numbers of the period and segment that the page shows; and an empty one."""

import uuid
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.canvas import exports as exports_package
from parcours.canvas import reads
from parcours.canvas.exports.blank import BLANK_KINDS, as_blank
from parcours.canvas.exports.files import KINDS
from parcours.insights.files import FORMS, journey_file
from parcours.web.doors import Request, door, open_door
from parcours.web.insights.filters import read_filters

SCHEMA = Path(exports_package.__file__).with_name("journey.schema.json")


@door("canvas.view")
@require_GET
def exports(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What kinds of files there are."""
    journey = reads.board(request.brand.pk, journey_id).journey
    filters = read_filters(request)
    context = {"journey": journey, "kinds": KINDS, "query": filters.query, "period": filters.period}
    return render(request, "files/exports.html", context)


@door("canvas.view")
@require_GET
def export(request: Request, journey_id: uuid.UUID, form: str) -> HttpResponse:
    """The file itself; `?with=comments` adds to JSON what people said."""
    if form not in FORMS:
        raise Http404
    board = reads.board(request.brand.pk, journey_id)
    filters = read_filters(request)
    file = journey_file(
        request.brand,
        board,
        form,
        period=filters.period,
        segment=filters.segment,
        comments=request.GET.get("with") == "comments",
    )
    return _file(file.content, file.media_type, file.name)


@door("canvas.view")
@require_GET
def blank(request: Request, form: str) -> HttpResponse:
    """An empty canvas to print and write on, in the reader's language; `?template=` names another than the
    five stages of the field.
    """
    kinds = {str(kind): (kind, media_type) for kind, media_type in BLANK_KINDS.items()}
    if form not in kinds:
        raise Http404
    kind, media_type = kinds[form]
    content = as_blank(request.brand.pk, kind, template=request.GET.get("template", ""))
    return _file(content, media_type, f"{slugify(_('Blank canvas'))}.{form}")


@open_door
@require_GET
def schema(request: Request) -> HttpResponse:  # noqa: ARG001 - what a view is given
    """The JSON Schema of journeys, for whoever writes or checks such files."""
    return HttpResponse(SCHEMA.read_bytes(), content_type="application/schema+json")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return response
