"""What a table means: which column is the stage, which the row, which the words; and the journey it makes.

Two layouts are usual. A list has one card a line, with columns for its stage, its row and its words. A grid
is drawn like the canvas: stages across the top, rows down the side, cards in the cells.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.exports.drawn import Drawing, DrawnCard, DrawnLane, DrawnStage
from parcours.canvas.imports.tables import Table
from parcours.canvas.kinds import FIELDS, clean_details
from parcours.canvas.templates.field import STAGES
from parcours.core.errors import BadInput
from parcours.core.text import one_line

Layout = Literal["list", "grid"]
MOST_STAGES, MOST_LANES, MOST_CARDS = 60, 60, 3_000

ROLES: dict[str, str | Promise] = {
    "stage": gettext_lazy("Stage"),
    "lane": pgettext_lazy("of a canvas", "Row"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Text"),
    "more": gettext_lazy("More text, with the column’s name"),
    "level": gettext_lazy("How the customer feels (−100 to 100, or 1 to 5)"),
    "severity": gettext_lazy("How much it hurts (1 to 5)"),
    "channel": gettext_lazy("Channel"),
    "": gettext_lazy("Leave out"),
}
"""What a column of a list may mean."""

_NAMES = {
    "stage": (
        "stage", "phase", "step", "etape", "moment du parcours", "journey stage", "stage name", "colonne",
        "column",
    ),
    "lane": ("row", "lane", "type", "kind", "category", "categorie", "ligne", "rangee", "swimlane", "layer"),
    "title": (
        "title", "titre", "name", "nom", "card", "carte", "label", "summary", "intitule", "besoin", "need",
    ),
    "text": (
        "text", "texte", "description", "detail", "details", "notes", "note", "content", "contenu", "body",
        "remarque", "remarques", "remark", "comment", "comments", "commentaire", "commentaires",
    ),
    "level": ("emotion", "level", "sentiment", "feeling", "humeur", "mood", "ressenti"),
    "severity": ("severity", "gravite", "pain", "impact"),
    "channel": ("channel", "canal", "channels", "canaux"),
}  # fmt: skip
"""Names of columns in English and French, without accents, and what they usually mean."""

_KINDS = {
    LaneKind.NEED: ("need", "besoin", "attente", "expectation", "goal", "objectif", "job"),
    LaneKind.MOMENT: ("moment", "instant", "screenshot", "ecran", "step description", "doing", "faire"),
    LaneKind.ACTION: ("action", "activity", "activite", "opportunit", "solution", "idea", "idee"),
    LaneKind.TOUCHPOINT: ("touchpoint", "point de contact", "contact"),
    LaneKind.CHANNEL: ("channel", "canal", "canaux"),
    LaneKind.EMOTION: ("emotion", "feeling", "ressenti", "mood", "humeur", "sentiment"),
    LaneKind.QUESTION: ("question", "think", "pense"),
    LaneKind.MOTIVATION: ("motivation", "driver", "envie"),
    LaneKind.PAIN: ("pain", "irritant", "frustration", "barrier", "frein", "problem", "obstacle"),
    LaneKind.KPI: ("kpi", "metric", "indicateur", "mesure", "measure"),
    LaneKind.BRAND_FIT: ("brand", "marque", "value", "valeur"),
    LaneKind.EMPLOYEE: (
        "employee", "staff", "equipe", "team", "owner", "backstage", "responsable", "collaborateur",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: its layout, and for a list what each column means, by its place."""

    layout: Layout
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """The journey a table makes, and the lines that could not be used, in sentences."""

    drawing: Drawing
    notices: tuple[str, ...]


def guess(table: Table) -> Reading:
    """The layout and the roles of the columns, as far as names and contents tell."""
    head = table.rows[0]
    roles = _roles(head)
    if "stage" in roles and ("title" in roles or "text" in roles):
        return Reading("list", roles)
    looks_drawn = sum(bool(_kind_of(row[0])) for row in table.rows[1:] if row)
    known_stages = sum(_is_stage(name) for name in head[1:])
    if len(head) > 2 and (looks_drawn >= 2 or known_stages >= 2 or not head[0]):
        return Reading("grid", ())
    return Reading("list", _filled(roles, table))


def understand(table: Table, mapping: Reading, *, title: str) -> Understood:
    """Raises BadInput when no stage or no card comes of it."""
    read = _read_grid if mapping.layout == "grid" else _read_list
    cells, notices = read(table, mapping)
    if not cells:
        raise BadInput(
            _("No card comes of this table."),
            remedy=_("Say which column is the stage and which the title, or that the table is a grid."),
        )
    return Understood(_drawing(cells, title), tuple(notices))


@dataclass(frozen=True, slots=True)
class _Cell:
    """A card before it has a place. `lane` is the row's name as written."""

    stage: str
    lane: str
    title: str
    text: str
    details: Mapping[str, object]


def _read_list(table: Table, mapping: Reading) -> tuple[list[_Cell], list[str]]:
    head, notices, cells = table.rows[0], [], []
    stage = ""
    for number, row in enumerate(table.rows[1:], 2):
        said = {
            role: [(head[place], row[place]) for place, each in enumerate(mapping.roles) if each == role]
            for role in set(mapping.roles)
        }
        # Merged cells leave the stage to the first of its lines.
        stage = one_line(_first(said, "stage")) or stage
        words = _first(said, "title")
        text = "\n".join(
            [value for _name, value in said.get("text", ()) if value]
            + [f"{name}: {value}" for name, value in said.get("more", ()) if value]
        )
        details, faults = _details(said)
        notices += [_("Line {n}: {fault}").format(n=number, fault=fault) for fault in faults]
        if not (words or text or details):
            continue
        if not stage:
            notices.append(_("Line {n} names no stage and was left out.").format(n=number))
            continue
        lane = one_line(_first(said, "lane"))
        cells.append(_Cell(stage, lane or _lane_for(details), words, text, details))
    return cells, notices


def _read_grid(table: Table, _mapping: Reading) -> tuple[list[_Cell], list[str]]:
    """Cards of a cell stand apart by an empty line; the first line of each is its title."""
    start = next((n for n, row in enumerate(table.rows) if sum(map(bool, row[1:])) >= 2), 0)
    stages = [one_line(name) for name in table.rows[start][1:]]
    cells, lane = [], ""
    for row in table.rows[start + 1 :]:
        lane = one_line(row[0]) or lane
        for stage, content in zip(stages, row[1:], strict=True):
            if not stage or not content:
                continue
            for block in re.split(r"\n\s*\n", content):
                first, _newline, rest = block.strip().partition("\n")
                words = re.sub(r"^[-•*–]\s+", "", first).strip()
                if words:
                    cells.append(_Cell(stage, lane or _("Notes"), words, rest.strip(), {}))
    return cells, []


def _drawing(cells: list[_Cell], title: str) -> Drawing:
    stages = list(dict.fromkeys(cell.stage for cell in cells))
    names = list(dict.fromkeys(cell.lane.casefold() for cell in cells))
    shown = {cell.lane.casefold(): cell.lane for cell in reversed(cells)}
    if len(stages) > MOST_STAGES or len(names) > MOST_LANES or len(cells) > MOST_CARDS:
        raise BadInput(
            _("This makes {stages} stages, {rows} rows and {cards} cards: more than a canvas holds.").format(
                stages=len(stages), rows=len(names), cards=len(cells)
            ),
            remedy=_("Choose another column for the stage or the row."),
        )
    lanes = [DrawnLane(_kind_of(shown[name]) or LaneKind.FREE, shown[name][:80]) for name in names]
    return Drawing(
        title=one_line(title)[:160],
        summary="",
        kind=JourneyKind.AS_IS,
        persona=None,
        stages=tuple(DrawnStage(name[:80], "", _stage_key(name), ()) for name in stages),
        lanes=tuple(lanes),
        cards=tuple(
            _card(cell, stages.index(cell.stage), names.index(cell.lane.casefold())) for cell in cells
        ),
        pictures={},
    )


def _card(cell: _Cell, stage: int, lane: int) -> DrawnCard:
    title, text = one_line(cell.title), cell.text
    if len(title) > 200:
        title, text = title[:199] + "…", "\n".join(filter(None, (cell.title, text)))
    return DrawnCard(stage, lane, title, text[:10_000], "", "", details=cell.details)


def _details(said: Mapping[str, list[tuple[str, str]]]) -> tuple[dict[str, object], list[str]]:
    """The details of a line, and what is wrong with those that could not be used."""
    details: dict[str, object] = {}
    faults = []
    for role, kind in (
        ("level", LaneKind.EMOTION),
        ("severity", LaneKind.PAIN),
        ("channel", LaneKind.CHANNEL),
    ):
        value = _first(said, role)
        if not value:
            continue
        try:
            details |= clean_details(kind, {role: _READ.get(role, str)(value)})
        except BadInput as fault:
            faults.append(fault.what)
    return details, faults


def _level(value: str) -> str:
    """From 1 to 5 (also “4/5”, “4,5”), or −100 to 100, rounded."""
    found = re.fullmatch(r"([1-5](?:[.,]\d+)?)(?:\s*/\s*5)?", value)
    if found and (stars := float(found[1].replace(",", "."))) <= 5:
        return str(round((stars - 3) * 50))
    return _whole(value)


def _whole(value: str) -> str:
    """Without decimals, however a table writes them: “3,0”, “−12.5”."""
    found = re.fullmatch(r"[+−-]?\d+(?:[.,]\d+)?", value)
    return str(round(float(value.replace(",", ".").replace("−", "-")))) if found else value


_READ = {"level": _level, "severity": _whole}


def _lane_for(details: Mapping[str, object]) -> str:
    """The row of a line that names none."""
    kinds = [kind for kind, fields in FIELDS.items() if any(field.name in details for field in fields)]
    return str(LaneKind(kinds[0]).label) if kinds else _("Notes")


def _first(said: Mapping[str, list[tuple[str, str]]], role: str) -> str:
    return next((value for _name, value in said.get(role, ()) if value), "")


def _roles(head: Iterable[str]) -> tuple[str, ...]:
    """By the names of the columns; each role but text is given once."""
    roles: list[str] = []
    for name in head:
        bare = _bare(name)
        fitting = [role for role, names in _NAMES.items() if bare in names]
        fitting = fitting or [role for role, names in _NAMES.items() if set(bare.split()) & set(names)]
        role = next((role for role in fitting if role not in roles or role == "text"), "")
        roles.append(role)
    return tuple(roles)


def _filled(roles: tuple[str, ...], table: Table) -> tuple[str, ...]:
    """What names didn't tell, by contents: a stage has few different values, a title the longest texts."""
    found = list(roles)
    body = table.rows[1:]

    def free(place: int) -> bool:
        return not found[place]

    places = range(len(found))
    if "stage" not in found:
        different = {place: len({row[place] for row in body}) for place in places if free(place)}
        few = [place for place, n in different.items() if 1 < n <= max(2, len(body) // 2) and n <= 20]
        if few:
            found[few[0]] = "stage"
    if "title" not in found and "text" not in found:
        long = [(sum(len(row[place]) for row in body), place) for place in places if free(place)]
        if long:
            found[max(long)[1]] = "title"
    return tuple(role or "more" for role in found)


def _kind_of(name: str) -> str:
    bare = _bare(name)
    for kind in LaneKind:
        if bare in {kind.value, _bare(str(kind.label))}:
            return kind.value
    return next((kind.value for kind, words in _KINDS.items() if any(word in bare for word in words)), "")


def _is_stage(name: str) -> bool:
    return bool(_stage_key(name))


def _stage_key(name: str) -> str:
    bare = _bare(name)
    said = {"prise de conscience": "awareness", "decouverte": "awareness", "fidelisation": "retention"}
    said |= {
        "recommandation": "advocacy",
        "loyalty": "retention",
        "purchase": "decision",
        "achat": "decision",
    }
    for stage in STAGES:
        if bare in {stage.key, _bare(str(stage.name))}:
            return stage.key
    return said.get(bare, "")


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(each if each.isalnum() else " " for each in plain if not unicodedata.combining(each))
    return " ".join(letters.split())
