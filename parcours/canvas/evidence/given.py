"""What somebody gives as evidence, checked and in its normal form."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.canvas.evidence.enums import COUNTED_SOURCES, NOTE_SOURCES, EvidenceKind, Side, Source
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.sources import names_in, source_of
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.writes.common import clean
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.periods import read_period
from parcours.core.registry import asked_customers
from parcours.customers.reads import segment as named_segment

LONGEST_ASKED = 4_000


def columns(brand: Brand, given: Given) -> dict[str, Any]:
    """The columns of `models.Evidence` for it. Raises BadInput, NotFound for a segment that isn't there."""
    if given.side not in Side.values:
        raise BadInput(_("Say whether it speaks for the card or against it."), where="side")
    title = clean(given.title, where="title", most=200, line=True)
    common = {"kind": given.kind, "side": given.side, "title": title}
    if given.kind == EvidenceKind.NOTE:
        return {**common, **_note(given)}
    if given.kind == EvidenceKind.QUERY:
        return {**common, **_query(given), **_scope(brand, given)}
    if given.kind == EvidenceKind.NUMBER:
        return {**common, **_number(given), **_scope(brand, given)}
    raise BadInput(_("Evidence is a query, the customers of a number, or a note."), where="kind")


def _note(given: Given) -> dict[str, Any]:
    source = given.source or (Source.LINK if given.address else Source.OBSERVATION)
    if source not in NOTE_SOURCES:
        raise BadInput(
            _("A note comes from an interview, a document, a web page or an observation."), where="source"
        )
    text = clean(given.text, where="text", most=4_000)
    address = _address(given.address)
    if not text and not address and not given.title.strip():
        raise BadInput(_("Say what you heard, read or saw."), where="text")
    if given.dated is not None and given.dated > now().date():
        raise BadInput(_("The day of a note can't lie ahead."), where="dated")
    return {"source": source, "text": text, "address": address, "dated": given.dated}


def _query(given: Given) -> dict[str, Any]:
    rule = touchpoint_rule(given.rule)
    if not rule.conditions:
        raise BadInput(
            _("The rule has no condition yet."),
            where="rule",
            remedy=_("Say which events are the evidence, for example by their name."),
        )
    source = given.source or source_of(names_in(rule))
    if source not in COUNTED_SOURCES:
        raise BadInput(_("There is no such source."), where="source")
    words = clean(given.words, where="words", most=120, line=True).removeprefix("properties.")
    return {"source": source, "rule": rule.as_json(), "words": words}


def _number(given: Given) -> dict[str, Any]:
    asked = {str(key): str(value) for key, value in (given.asked or {}).items()}
    if asked_customers.get(asked.get("place", "")) is None:
        raise BadInput(_("There is no such number."), where="asked")
    if sum(len(value) for value in asked.values()) > LONGEST_ASKED:
        raise BadInput(_("This number has too long an address to be kept."), where="asked")
    return {"source": Source.MEASURE, "asked": asked, "address": _own(given.address)}


def _scope(brand: Brand, given: Given) -> dict[str, Any]:
    period = {key: value for key, value in given.period.items() if value}
    period = dict(read_period(period, brand.time_zone, default="90d").as_query())
    if given.segment:
        named_segment(brand, given.segment)
    return {"period": period, "segment": given.segment}


def _address(address: str) -> str:
    """A web address, or nothing. Raises BadInput for any other: a link must not run anything."""
    tidy = clean(address, where="address", most=1_000, line=True)
    if not tidy:
        return ""
    parts = urlsplit(tidy)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadInput(
            _("“{address}” is not a web address.").format(address=tidy[:80]),
            where="address",
            remedy=_("It begins with https://."),
        )
    return tidy


def _own(address: str) -> str:
    """A page of Parcours itself: where a number is shown."""
    tidy = clean(address, where="address", most=LONGEST_ASKED, line=True)
    return tidy[:1_000] if tidy.startswith("/") and not tidy.startswith("//") else ""


def same_as(columns: Mapping[str, Any]) -> dict[str, Any] | None:
    """What tells that a card has this evidence already; None for notes, which may be alike."""
    if columns["kind"] == EvidenceKind.NOTE:
        return None
    names = ("kind", "rule", "asked", "period", "segment")
    return {name: columns[name] for name in names if columns.get(name) is not None}
