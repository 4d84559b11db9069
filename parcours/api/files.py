"""Journeys as files: drawn from one, added from one, written as one."""

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.canvas import reads, writes
from parcours.canvas.exports.drawn import Drawing
from parcours.canvas.imports.adding import add_drawing
from parcours.canvas.imports.layout import Reading, guess
from parcours.canvas.imports.reading import Brought, read_file
from parcours.canvas.shapes import JourneyView
from parcours.core.errors import BadInput
from parcours.core.periods import read_period
from parcours.insights.files import journey_file
from parcours.measures.logs import segment_key

router = Router(tags=["files"])

_JOURNEY = "/journeys/{uuid:journey_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


class DrawnOut(Schema):
    """A journey that was drawn, and how much is on it."""

    id: uuid.UUID
    title: str
    stages: int
    cards: int
    touchpoints: int


class ImportOut(Schema):
    """`notices` say what of the file was mended or could not be used."""

    journeys: list[DrawnOut]
    notices: list[str]


class AddedOut(Schema):
    """What is new; `known` cards stood there already."""

    cards: int
    stages: int
    lanes: int
    touchpoints: int
    known: int
    notices: list[str]


@router.post("/journeys/import", response={201: ImportOut, **_PROBLEMS})
@needs("canvas.edit")
def bring(
    request: ApiRequest,
    file: Annotated[UploadedFile, File()],
    title: Annotated[str, Form()] = "",
    sheet: Annotated[int | None, Form(ge=0)] = None,
    layout: Annotated[Literal["", "list", "grid"], Form()] = "",
) -> Status[dict[str, Any]]:
    """Draws the journeys of a file: JSON, CJML, or a table (CSV, Excel, OpenDocument).

    Of a workbook `sheet` is the place from 0, the first list of cards unless it is given; the layout and the
    columns of a table are guessed, the layout unless it is given.
    """
    brought = _brought(file, sheet, layout)
    made = writes.draw_journeys(brought.drawings, acting_user=request.actor, title=title)
    drawn = [_drawn(*each) for each in zip(brought.drawings, made, strict=True)]
    return Status(201, {"journeys": drawn, "notices": list(brought.notices)})


@router.post(f"{_JOURNEY}/import", response={200: AddedOut, **_PROBLEMS})
@needs("canvas.edit")
def add(
    request: ApiRequest,
    journey_id: uuid.UUID,
    file: Annotated[UploadedFile, File()],
    sheet: Annotated[int | None, Form(ge=0)] = None,
    layout: Annotated[Literal["", "list", "grid"], Form()] = "",
) -> dict[str, Any]:
    """Adds the cards of a file to a journey, in the stages and rows of the same name or kind. A version keeps
    the canvas as it stood; a card that stands there already is not added again.
    """
    brought = _brought(file, sheet, layout)
    if len(brought.drawings) != 1:
        raise BadInput(_("The file holds several journeys."), where="file")
    found = add_drawing(journey_id, brought.drawings[0], name=file.name or "", acting_user=request.actor)
    counted = {name: getattr(found, name) for name in ("cards", "stages", "lanes", "touchpoints", "known")}
    return {**counted, "notices": list(brought.notices)}


@router.get(f"{_JOURNEY}/export", response={200: Any, **_PROBLEMS})
@needs("canvas.view")
def export(
    request: ApiRequest,
    *,
    journey_id: uuid.UUID,
    to: str = "json",
    period: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="until")] = "",
    segment: str = "",
    comments: bool = False,
) -> HttpResponse:
    """A journey as a file: json, pdf, png, svg, pptx, xlsx, csv, mermaid or cjml.

    Its numbers are of all time unless a period is named (`period`, or `from` and `until`); `comments` goes
    with json only.
    """
    asked = {"period": period, "from": first, "to": last}
    file = journey_file(
        request.brand,
        reads.board(request.brand.pk, journey_id),
        to,
        period=read_period(asked, request.brand.time_zone, default="all"),
        segment=segment_key(request.brand, segment),
        comments=comments,
    )
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _brought(file: UploadedFile, sheet: int | None, layout: str) -> Brought:
    """Raises BadInput for a file from which no journey comes."""
    name, content = file.name or "", file.read()
    brought = read_file(name, content, table=sheet)
    if layout and brought.tables:
        table = brought.tables[brought.table]
        roles = guess(table).roles if layout == "list" else ()
        reading = Reading("grid" if layout == "grid" else "list", roles)
        brought = read_file(name, content, table=sheet, reading=reading)
    if not brought.drawings:
        raise BadInput(" ".join(brought.notices), where="file")
    return brought


def _drawn(drawing: Drawing, made: JourneyView) -> dict[str, Any]:
    return {
        "id": made.id,
        "title": made.title,
        "stages": len(drawing.stages),
        "cards": len(drawing.cards),
        "touchpoints": sum(len(stage.touchpoints) for stage in drawing.stages),
    }
