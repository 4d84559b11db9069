"""Hanging onto new rows what a file holds beside them: evidence, captures, values, conversations.

Whoever said something in the file is named by it, and is nobody of this installation.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.brand_values.models import BrandValue, Quote, Rating, Wish
from parcours.canvas.brand_values.writes import MOST_VALUES, add_value
from parcours.canvas.captures.models import Capturing
from parcours.canvas.captures.writes import next_look
from parcours.canvas.comments.models import Comment, Thread
from parcours.canvas.enums import LaneKind
from parcours.canvas.evidence.given import columns
from parcours.canvas.evidence.models import Evidence, EvidenceConfirmation
from parcours.canvas.exports.drawn import (
    Drawing,
    DrawnEvidence,
    DrawnFit,
    DrawnRating,
    DrawnThread,
    DrawnTouchpoint,
)
from parcours.canvas.exports.segments import SegmentsFound
from parcours.canvas.models import Card, Journey, Touchpoint
from parcours.canvas.writes.brush import Placed
from parcours.canvas.writes.common import clean
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.registry import changed_evidence

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RATERS = uuid.UUID("0b0f1d53-52b5-5f31-9d92-6a4f7a1d4c61")


def hang(
    journey: Journey, drawing: Drawing, placed: Placed, segments: SegmentsFound, *, acting_user: Actor
) -> None:
    """Within the transaction that drew the rows. Raises BadInput."""
    moment = now()
    ids = _new_ids(journey, drawing, placed)
    _Evidence(brand_by_id(journey.brand_id), ids, segments, acting_user, moment).hang(drawing, placed)
    _captures(drawing, placed, acting_user)
    _values(drawing, placed, acting_user, moment)
    for thread in drawing.threads:
        _thread(thread, journey, placed, moment)


def _new_ids(journey: Journey, drawing: Drawing, placed: Placed) -> dict[str, str]:
    """The ids of this canvas by those in the file: evidence names them in what it asks."""
    found = {drawing.id: journey.pk}
    found |= {stage.id: row.pk for stage, row in zip(drawing.stages, placed.stages, strict=True)}
    found |= {each.id: row.pk for each, row in zip(_met(drawing), placed.touchpoints, strict=True)}
    return {old: str(new) for old, new in found.items() if old}


def _met(drawing: Drawing) -> list[DrawnTouchpoint]:
    return [each for stage in drawing.stages for each in stage.touchpoints]


@dataclass(frozen=True, slots=True)
class _Evidence:
    _brand: Brand
    _ids: Mapping[str, str]
    _segments: SegmentsFound
    _acting_user: Actor
    _moment: datetime

    def hang(self, drawing: Drawing, placed: Placed) -> None:
        pieces = [
            (self._row(piece, card, f"cards[{place}].evidence"), piece)
            for place, (drawn, card) in enumerate(zip(drawing.cards, placed.cards, strict=True))
            if card is not None
            for piece in drawn.evidence
        ]
        if not pieces:
            return
        Evidence.objects.bulk_create(row for row, _piece in pieces)
        EvidenceConfirmation.objects.bulk_create(
            EvidenceConfirmation(
                evidence=row,
                note=clean(said.note, where="note", most=300, line=True),
                actor_label=clean(said.by, where="by", most=160, line=True),
                at=_past(said.at, self._moment),
            )
            for row, piece in pieces
            for said in piece.confirmations
        )
        for handler in changed_evidence.all().values():
            handler(self._brand.pk)

    def _row(self, piece: DrawnEvidence, card: Card, where: str) -> Evidence:
        given = piece.given
        given = replace(
            given,
            segment=self._segments.key(piece.segment),
            asked={key: self._here(value) for key, value in given.asked.items()} if given.asked else None,
            address=self._here(given.address) if given.address.startswith("/") else given.address,
        )
        try:
            values = columns(self._brand, given)
        except BadInput as fault:
            raise BadInput(fault.what, where=f"{where}, {fault.where}", remedy=fault.remedy) from fault
        return Evidence(
            brand=self._brand,
            card=card,
            author_label=clean(piece.by or self._acting_user.label, where=where, most=160, line=True),
            created_at=_past(piece.at, self._moment),
            **values,
        )

    def _here(self, words: str) -> str:
        """With the ids of this canvas instead of those where it was drawn."""
        return _ID.sub(lambda found: self._ids.get(found[0], found[0]), words)


def _captures(drawing: Drawing, placed: Placed, acting_user: Actor) -> None:
    rows = [
        Capturing(card=row, set_by=acting_user.label, **card.capture)
        for card, row in zip(drawing.cards, placed.cards, strict=True)
        if card.capture is not None and row is not None and row.lane.kind == LaneKind.MOMENT
    ]
    for row in rows:
        row.next_at = next_look(row)
    Capturing.objects.bulk_create(rows)


def _values(drawing: Drawing, placed: Placed, acting_user: Actor, moment: datetime) -> None:
    """Values of the same name are the same; others are added behind them, as far as there is room."""
    pairs = [
        (touchpoint, fit)
        for drawn, touchpoint in zip(_met(drawing), placed.touchpoints, strict=True)
        for fit in drawn.fits
    ]
    there = _by_name(acting_user.brand_id)
    used = {fit.value.casefold() for _touchpoint, fit in pairs}
    for value in drawing.values:
        room = len(there) < MOST_VALUES
        if value.name.casefold() in there or not (room or value.name.casefold() in used):
            continue
        add_value(
            value.name,
            sentence=value.sentence,
            looks_like=value.looks_like,
            not_like=value.not_like,
            acting_user=acting_user,
        )
        there = _by_name(acting_user.brand_id)
    for touchpoint, fit in pairs:
        if fit.value.casefold() not in there:
            raise BadInput(
                _("There is no value “{name}” in the file.").format(name=fit.value), where="stages"
            )
        _fit(fit, touchpoint, there[fit.value.casefold()], moment)


def _by_name(brand_id: uuid.UUID) -> dict[str, BrandValue]:
    rows = BrandValue.objects.filter(brand_id=brand_id, deleted_at=None)
    return {row.name.casefold(): row for row in rows}


def _fit(fit: DrawnFit, touchpoint: Touchpoint, value: BrandValue, moment: datetime) -> None:
    about = {"touchpoint": touchpoint, "value": value}
    if fit.wish is not None:
        Wish.objects.get_or_create(
            **about,
            defaults={"level": fit.wish.level, "by": _by(fit.wish.by), "at": _past(fit.wish.at, moment)},
        )
    Rating.objects.bulk_create(
        (
            Rating(
                **about,
                actor_id=rater,
                level=rating.level,
                by=_by(rating.by),
                at=_past(rating.at, moment),
            )
            for rater, rating in _raters(fit)
        ),
        ignore_conflicts=True,
    )
    Quote.objects.bulk_create(
        Quote(
            **about,
            text=clean(quote.text, where="quotes", most=500, required=True),
            source=clean(quote.source, where="quotes", most=120, line=True),
            by=_by(quote.by),
            at=_past(quote.at, moment),
        )
        for quote in fit.quotes
    )


def _raters(fit: DrawnFit) -> Iterator[tuple[uuid.UUID, DrawnRating]]:
    """Each rating with somebody to have given it: the same for the same name, another for its second one."""
    seen: dict[str, int] = {}
    for rating in fit.ratings:
        seen[rating.by] = seen.get(rating.by, 0) + 1
        yield uuid.uuid5(_RATERS, f"{rating.by} {seen[rating.by]}"), rating


def _thread(drawn: DrawnThread, journey: Journey, placed: Placed, moment: datetime) -> None:
    """Left out when it is about a card that was there already: its comments are its own."""
    card = None if drawn.card is None else placed.cards[drawn.card]
    touchpoint = None if drawn.touchpoint is None else placed.touchpoints[drawn.touchpoint]
    if drawn.card is not None and card is None:
        return
    in_cell = card is None and touchpoint is None
    first = _past(drawn.at or drawn.comments[0].at, moment)
    last = _past(drawn.comments[-1].at, moment)
    thread = Thread.objects.create(
        journey=journey,
        card=card,
        touchpoint=touchpoint if card is None else None,
        stage=placed.stages[drawn.stage] if in_cell and drawn.stage is not None else None,
        lane=placed.lanes[drawn.lane] if in_cell and drawn.lane is not None else None,
        resolved_at=_past(drawn.resolved_at, moment) if drawn.resolved_at else None,
        created_at=first,
        updated_at=last,
    )
    Comment.objects.bulk_create(
        Comment(
            thread=thread,
            author_label=_by(said.by),
            text=clean(said.text, where="comments", most=5_000, required=True),
            created_at=_past(said.at, moment),
            edited_at=_past(said.edited_at, moment) if said.edited_at else None,
        )
        for said in drawn.comments
    )


def _by(name: str) -> str:
    return clean(name, where="by", most=160, line=True)


def _past(at: datetime | None, moment: datetime) -> datetime:
    """Nothing was said in the future; without a moment it is said now."""
    return min(at, moment) if at else moment
