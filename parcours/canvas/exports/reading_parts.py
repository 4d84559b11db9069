"""Reading what hangs on cards and touchpoints from a journey's JSON file."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from parcours.canvas.captures.given import capture_settings
from parcours.canvas.evidence.enums import EvidenceKind, Side, Source
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.exports import fields
from parcours.canvas.exports.drawn import (
    DrawnComment,
    DrawnConfirmation,
    DrawnEvidence,
    DrawnFit,
    DrawnQuote,
    DrawnRating,
    DrawnThread,
    DrawnValue,
)
from parcours.canvas.exports.segments import read_segment
from parcours.canvas.rules import touchpoint_rule
from parcours.core.errors import BadInput

STEPS = 4
"""Values are wanted and felt from 0 to this."""

Read = TypeVar("Read")
_TEXTS = ("address", "device", "language", "rhythm", "element", "wait_for", "dismiss")


class Places(Protocol):
    """Finds the stage or lane that is named, by its place from 0."""

    def stage(self, wanted: object, at: str) -> int: ...
    def lane(self, wanted: object, at: str) -> int: ...


def read_evidence(data: object, at: str) -> DrawnEvidence:
    piece = fields.object_at(data, at)
    rule = piece.get("rule")
    return DrawnEvidence(
        given=Given(
            kind=fields.one_of(piece, "kind", at, EvidenceKind.values) or EvidenceKind.NOTE,
            side=fields.one_of(piece, "side", at, Side.values) or Side.FOR,
            source=fields.one_of(piece, "source", at, Source.values),
            title=fields.text(piece, "title", at),
            rule=_within(f"{at}.rule", lambda: touchpoint_rule(rule).as_json()) if rule else None,
            asked=fields.words(piece, "asked", at) or None,
            words=fields.text(piece, "words", at),
            period=fields.words(piece, "period", at),
            text=fields.text(piece, "text", at),
            address=fields.text(piece, "address", at),
            dated=fields.day(piece, "dated", at),
        ),
        segment=read_segment(piece, at),
        at=fields.moment(piece, "at", at),
        by=fields.text(piece, "by", at),
        confirmations=tuple(_confirmation(each, here) for here, each in fields.items(piece, "confirmed", at)),
    )


def _confirmation(data: object, at: str) -> DrawnConfirmation:
    said = fields.object_at(data, at)
    return DrawnConfirmation(
        fields.moment(said, "at", at), fields.text(said, "by", at), fields.text(said, "note", at)
    )


def read_capture(card: Mapping[str, Any], at: str) -> Mapping[str, Any] | None:
    """How the picture of a moment is taken, in its normal form; None when nobody takes any."""
    if not card.get("capture"):
        return None
    here = f"{at}.capture"
    said = fields.object_at(card["capture"], here)
    words = {name: fields.text(said, name, here) for name in _TEXTS if said.get(name)}
    places = fields.items(said, "ignored", here)
    areas = [_list(area, place) for place, area in places]
    if not all(isinstance(value, int | float) for area in areas for value in area):
        raise BadInput(_("A number belongs here."), where=f"{here}.ignored")
    scroll = fields.whole(said, "scroll", here, 0, 20_000) or 0
    return _within(here, lambda: capture_settings(**{"address": "", **words}, scroll=scroll, ignored=areas))


def _list(data: object, at: str) -> list[Any]:
    if not isinstance(data, list):
        raise BadInput(_("A list in square brackets belongs here."), where=at)
    return data


def read_value(data: object, at: str) -> DrawnValue:
    value = fields.object_at(data, at)
    return DrawnValue(
        name=fields.text(value, "name", at, required=True),
        sentence=fields.text(value, "sentence", at),
        looks_like=fields.text(value, "looks_like", at),
        not_like=fields.text(value, "not_like", at),
    )


def read_fit(data: object, at: str) -> DrawnFit:
    fit = fields.object_at(data, at)
    return DrawnFit(
        value=fields.text(fit, "value", at, required=True),
        wish=_rating(fit["wanted"], f"{at}.wanted") if fit.get("wanted") is not None else None,
        ratings=tuple(_rating(each, here) for here, each in fields.items(fit, "felt", at)),
        quotes=tuple(_quote(each, here) for here, each in fields.items(fit, "quotes", at)),
    )


def _rating(data: object, at: str) -> DrawnRating:
    """A level alone is enough."""
    said = {"level": data} if isinstance(data, int) else fields.object_at(data, at)
    level = fields.whole(said, "level", at, 0, STEPS)
    if level is None:
        raise BadInput(_("This can't be empty."), where=f"{at}.level")
    return DrawnRating(level, fields.text(said, "by", at), fields.moment(said, "at", at))


def _quote(data: object, at: str) -> DrawnQuote:
    said = fields.object_at(data, at)
    return DrawnQuote(
        fields.text(said, "text", at, required=True),
        fields.text(said, "source", at),
        fields.text(said, "by", at),
        fields.moment(said, "at", at),
    )


def read_thread(data: object, at: str, places: Places, *, cards: int, touchpoints: int) -> DrawnThread:
    thread = fields.object_at(data, at)
    here = f"{at}.about"
    about = fields.object_in(thread, "about", at)
    comments = tuple(_comment(each, place) for place, each in fields.items(thread, "comments", at))
    if not comments:
        raise BadInput(_("This can't be empty."), where=f"{at}.comments")
    has_lane = about.get("stage") is not None and about.get("lane") is not None
    return DrawnThread(
        comments=comments,
        card=_before(fields.whole(about, "card", here, 1, cards)),
        touchpoint=_before(fields.whole(about, "touchpoint", here, 1, touchpoints)),
        stage=places.stage(about["stage"], f"{here}.stage") if about.get("stage") is not None else None,
        lane=places.lane(about["lane"], f"{here}.lane") if has_lane else None,
        at=fields.moment(thread, "at", at),
        resolved_at=fields.moment(thread, "resolved_at", at),
    )


def _comment(data: object, at: str) -> DrawnComment:
    said = fields.object_at(data, at)
    return DrawnComment(
        text=fields.text(said, "text", at, required=True),
        by=fields.text(said, "by", at),
        at=fields.moment(said, "at", at),
        edited_at=fields.moment(said, "edited_at", at),
    )


def _before(place: int | None) -> int | None:
    """A place from 0 for one from 1."""
    return None if place is None else place - 1


def _within(at: str, read: Callable[[], Read]) -> Read:
    """What is wrong is told with its place in the file."""
    try:
        return read()
    except BadInput as fault:
        where = f"{at}.{fault.where}" if fault.where else at
        raise BadInput(fault.what, where=where, remedy=fault.remedy) from fault
