"""A piece of evidence as the fields of a form."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.evidence.enums import COUNTED_SOURCES, NOTE_SOURCES, EvidenceKind, Side, Source
from parcours.canvas.evidence.shapes import EvidenceView, Given
from parcours.canvas.evidence.sources import belongs
from parcours.core.errors import BadInput
from parcours.core.formats import count
from parcours.customers.reads import segments
from parcours.events.catalogue import label_of
from parcours.events.lake import Lake
from parcours.web.canvas.rule_form import ConditionRow, operators, rows_of, sent_rows, sent_rule
from parcours.web.canvas.suggestions import suggestions

PERIODS = ("30d", "90d", "365d", "all")
USUAL = "90d"
MOST_NAMES = 200


@dataclass(frozen=True, slots=True)
class NameChoice:
    """An event name to choose, with how often it happened."""

    name: str
    words: str


def given_by(sent: QueryDict) -> Given:
    """What a form says. Raises BadInput for a day that is none."""
    kind = sent.get("kind", "")
    common: dict[str, Any] = {
        "kind": kind,
        "side": sent.get("side", Side.FOR),
        "source": sent.get("source", ""),
        "title": sent.get("title", ""),
    }
    if kind == EvidenceKind.NOTE:
        day = _day(sent.get("dated", ""))
        return Given(**common, text=sent.get("text", ""), address=sent.get("address", ""), dated=day)
    scope: dict[str, Any] = {
        "words": sent.get("words", ""),
        "period": _period(sent.get("period", "")),
        "segment": sent.get("segment", ""),
    }
    if kind == EvidenceKind.NUMBER:
        return Given(**common, **scope, asked=_asked(sent.get("asked", "")), address=sent.get("address", ""))
    return Given(**common, **scope, rule=_rule(sent))


def _rule(sent: QueryDict) -> dict[str, Any]:
    """From the rows of a form, or whole, as suggestions send it."""
    if "rule" not in sent:
        return sent_rule(sent)
    try:
        found = json.loads(sent.get("rule", ""))
    except ValueError as error:
        raise BadInput(_("This rule can't be read."), where="rule") from error
    return found if isinstance(found, dict) else {}


def _asked(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise BadInput(_("There is no such number."), where="asked") from error
    return found if isinstance(found, dict) else {}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            _("“{text}” is not a day.").format(text=text),
            where="dated",
            remedy=_("Write it as 2026-01-31."),
        ) from error


def _period(choice: str) -> dict[str, str]:
    first, to, last = choice.partition("..")
    return {"from": first, "to": last} if to else {"period": choice or USUAL}


def period_choice(period: dict[str, str]) -> str:
    """The value of the form's list that stands for a period."""
    if "from" in period or "to" in period:
        return f"{period.get('from', '')}..{period.get('to', '')}"
    return period.get("period", USUAL)


def note_context(piece: EvidenceView | None, sent: QueryDict | None) -> dict[str, Any]:
    """What the form of a note shows: as it is stored, or as it was sent."""
    names = ("side", "source", "title", "text", "address", "dated")
    if sent is not None:
        values = {name: sent.get(name, "") for name in names}
    elif piece is not None:
        values = {name: getattr(piece, name) or "" for name in names}
        values["dated"] = piece.dated.isoformat() if piece.dated else ""
    else:
        values = {"side": Side.FOR, "source": Source.INTERVIEW}
    choices = [(source.value, source.label) for source in NOTE_SOURCES]
    return {"values": values, "sources": choices, "kind": EvidenceKind.NOTE, "sides": sides()}


def query_context(
    brand: Brand, piece: EvidenceView | None, sent: QueryDict | None, source: str = ""
) -> dict[str, Any]:
    """What the form of counted evidence shows."""
    rows: tuple[ConditionRow, ...] = ()
    names = ("side", "source", "title", "words", "period", "segment")
    values: dict[str, Any]
    if sent is not None:
        values, rows = {name: sent.get(name, "") for name in names}, sent_rows(sent)
    elif piece is not None:
        values = {name: getattr(piece, name) for name in names if name != "period"}
        values["period"] = period_choice(dict(piece.period))
        rows = rows_of(piece.rule) if piece.rule else ()
    else:
        values = {"side": Side.FOR, "source": source or Source.EVENTS, "period": USUAL}
    number = piece is not None and piece.kind == EvidenceKind.NUMBER
    periods = [(key, _period_words(key)) for key in PERIODS]
    if values["period"] not in PERIODS and values["period"]:
        periods.append((values["period"], piece.period_label if piece else values["period"]))
    known = suggestions(brand.pk)
    return {
        "kind": EvidenceKind.NUMBER if number else EvidenceKind.QUERY,
        "values": values,
        "conditions": rows,
        "ops": operators(),
        "sides": sides(),
        "sources": [(source.value, source.label) for source in COUNTED_SOURCES],
        "periods": periods,
        "segments": [(each.key, each.name) for each in segments(brand)],
        "suggestions": known,
        "names": names_of(brand, values["source"]),
        "asked": json.dumps(dict(piece.asked)) if piece is not None and piece.asked else "",
    }


def names_of(brand: Brand, source: str) -> list[NameChoice]:
    """The events of a source that happened, the most frequent first."""
    lake = Lake(brand.pk)
    if not lake.generation:
        return []
    counts = [entry for entry in lake.index().name_counts() if belongs(source, entry.name)]
    return [NameChoice(each.name, _counted(each.name, each.events)) for each in counts[:MOST_NAMES]]


def _counted(name: str, events: int) -> str:
    label = label_of(name)
    words = _("{n} events").format(n=count(events))
    return words if label == name else f"{label} · {words}"


def sides() -> list[tuple[str, str]]:
    return [(side.value, str(side.label)) for side in Side]


def _period_words(key: str) -> str:
    return _("All time") if key == "all" else _("Last {days} days").format(days=key[:-1])
