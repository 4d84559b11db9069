"""Bringing a journey: a file of any kind, a look at what becomes of it, and then the map."""

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parcours.canvas import reads
from parcours.canvas.exports.drawn import Drawing, DrawnStage
from parcours.canvas.imports.adding import add_drawing
from parcours.canvas.imports.layout import ROLES, Reading
from parcours.canvas.imports.reading import Brought, read_file
from parcours.canvas.imports.tables import Table
from parcours.canvas.imports.waiting import forget_file, keep_file, waiting_file
from parcours.canvas.writes import draw_journeys
from parcours.core.errors import BadInput, NotFound
from parcours.web.doors import Request, door
from parcours.web.listen.sent_files import sent_file

_SHOWN_CARDS = 4
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, some of what is in it, and what it is taken for."""

    place: int
    name: str
    samples: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class PreviewCell:
    titles: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    name: str
    cells: tuple[PreviewCell, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A journey that isn't stored, as a small map."""

    title: str
    stages: tuple[DrawnStage, ...]
    rows: tuple[PreviewRow, ...]
    cards: int


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def bring(request: Request) -> HttpResponse:
    """Choosing a file; `?into=` names the journey that it is meant for."""
    into = request.GET.get("into", "")
    if request.method == "GET":
        return render(request, "files/bring.html", {"tab": "journeys"})
    try:
        sent = sent_file(request)
        kept = keep_file(sent.name or "", sent.read(), acting_user=request.actor)
        read_file(*waiting_file(request.brand.pk, kept))
    except BadInput as fault:
        return render(request, "files/bring.html", {"tab": "journeys", "fault": fault}, status=422)
    address = reverse("map_import_look", args=[kept])
    return redirect(f"{address}?{urlencode({'into': into})}" if into else address)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def look(request: Request, import_id: uuid.UUID) -> HttpResponse:
    """What the file becomes. A table can be read in another way: the words of the address say how."""
    name, content = waiting_file(request.brand.pk, import_id)
    asked = request.GET if request.method == "GET" else request.POST
    table = _number(asked["sheet"]) if "sheet" in asked else None
    brought = read_file(name, content, table=table, reading=_reading(asked))
    into = _into(request, asked)
    if request.method == "POST" and brought.drawings:
        if into is not None and len(brought.drawings) == 1:
            return _add(request, import_id, brought.drawings[0], into, name)
        return _draw(request, import_id, brought)
    return render(
        request,
        "files/look.html",
        {
            "tab": "journeys",
            "import_id": import_id,
            "name": name,
            "brought": brought,
            "previews": [_preview(drawing) for drawing in brought.drawings],
            "columns": _columns(brought),
            "roles": ROLES,
            "journeys": [each.journey for each in reads.journeys(request.brand.pk)],
            "into": into,
        },
        status=200 if brought.drawings else 422,
    )


def _draw(request: Request, import_id: uuid.UUID, brought: Brought) -> HttpResponse:
    title = request.POST.get("title", "")
    drawn = draw_journeys(brought.drawings, acting_user=request.actor, title=title)
    forget_file(request.brand.pk, import_id)
    words = ngettext("The journey was drawn.", "{n} journeys were drawn.", len(drawn))
    messages.success(request, words.format(n=len(drawn)))
    return redirect("map", drawn[0].id) if len(drawn) == 1 else redirect("maps")


def _into(request: Request, asked: QueryDict) -> uuid.UUID | None:
    """The journey to which the cards are added; None for a new one. Raises NotFound."""
    text = asked.get("into", "")
    if not text:
        return None
    try:
        return reads.journey(request.brand.pk, uuid.UUID(text)).id
    except ValueError as error:
        raise NotFound(_("There is no such journey.")) from error


def _add(
    request: Request, import_id: uuid.UUID, drawing: Drawing, into: uuid.UUID, name: str
) -> HttpResponse:
    added = add_drawing(into, drawing, name=name, acting_user=request.actor)
    forget_file(request.brand.pk, import_id)
    words = ngettext("{n} card was added.", "{n} cards were added.", added.cards).format(n=added.cards)
    if added.known:
        words += " " + ngettext(
            "{n} card stood there already.", "{n} cards stood there already.", added.known
        ).format(n=added.known)
    messages.success(request, f"{words} {_('A version keeps the canvas as it stood before.')}")
    return redirect("map", into)


def _reading(asked: QueryDict) -> Reading | None:
    """How the table is to be read, as far as the form says; None to guess."""
    layout = asked.get("layout", "")
    if layout == "grid":
        return Reading("grid", ())
    if layout != "list":
        return None
    named = {key: value for key, value in asked.items() if key.startswith("column-")}
    if not named:
        return None
    width = 1 + max(_number(key.removeprefix("column-")) for key in named)
    if width > 500:
        raise BadInput(_("There is no such column."), where="column")
    roles = [named.get(f"column-{place}", "") for place in range(width)]
    return Reading("list", tuple(role if role in ROLES else "" for role in roles))


def _columns(brought: Brought) -> list[Column]:
    if not brought.tables or brought.reading is None:
        return []
    table: Table = brought.tables[brought.table]
    roles = brought.reading.roles or ("",) * len(table.rows[0])
    found = []
    for place, name in enumerate(table.rows[0]):
        filled = [row[place] for row in table.rows[1:200] if row[place]]
        samples = tuple(dict.fromkeys(filled))[:_SAMPLES]
        role = roles[place] if place < len(roles) else ""
        found.append(Column(place, name or _("Column {n}").format(n=place + 1), samples, role))
    return found


def _preview(drawing: Drawing) -> Preview:
    cells: dict[tuple[int, int], list[str]] = {}
    for card in drawing.cards:
        cells.setdefault((card.lane, card.stage), []).append(card.title or card.text or card.picture_alt)
    counts: Counter[int] = Counter(card.lane for card in drawing.cards)
    rows: list[Any] = []
    for place, lane in enumerate(drawing.lanes):
        if not counts[place]:
            continue
        of_row = [cells.get((place, stage), []) for stage in range(len(drawing.stages))]
        shown = tuple(
            PreviewCell(tuple(titles[:_SHOWN_CARDS]), max(0, len(titles) - _SHOWN_CARDS)) for titles in of_row
        )
        rows.append(PreviewRow(lane.name, shown))
    return Preview(drawing.title, drawing.stages, tuple(rows), len(drawing.cards))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
