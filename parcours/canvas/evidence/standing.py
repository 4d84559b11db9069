"""How a card stands on its evidence. Pure: the rows, a moment and the days of the brand decide.

A card is contested when what speaks against it outweighs what speaks for it. Otherwise it is as fresh as the
supporting piece that was confirmed last: by an event, or by a person who looked. Counted evidence weighs as
many customers as its strongest piece; notes weigh only where nothing is counted, and then by their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from parcours.canvas.evidence.enums import EvidenceKind, Side, Standing
from parcours.canvas.evidence.shapes import Days, Proof


@dataclass(frozen=True, slots=True)
class Weighed:
    """A piece as far as it weighs. `last_at` is its last event and None before it was counted (`counted`)."""

    side: str
    kind: str
    created_at: datetime
    counted: bool = False
    customers: int = 0
    last_at: datetime | None = None
    dated: date | None = None
    confirmed_at: datetime | None = None

    @property
    def confirmed(self) -> datetime | None:
        """When it was last true: the last event, the day of a note, or a person's word."""
        moments = [self.confirmed_at, self.last_at]
        if self.kind == EvidenceKind.NOTE:
            day = datetime.combine(self.dated, time.min, UTC) if self.dated else self.created_at
            moments.append(day)
        elif not self.counted:
            moments.append(self.created_at)  # until it is counted, nobody can say that it is old
        return max((moment for moment in moments if moment is not None), default=None)


def proof_of(pieces: Sequence[Weighed], moment: datetime, days: Days) -> Proof:
    """How a card with these pieces stands at a moment."""
    if not pieces:
        return Proof()
    supporting = [piece for piece in pieces if piece.side == Side.FOR]
    against = [piece for piece in pieces if piece.side == Side.AGAINST]
    confirmed = last_confirmed(pieces)
    if _weight(against) > _weight(supporting):
        standing: str = Standing.CONTESTED
    elif not supporting:
        standing = Standing.NONE  # what was found against it came to nothing either
    else:
        standing = by_age(last_confirmed(supporting), moment, days)
    return Proof(
        standing=standing,
        supporting=len(supporting),
        against=len(against),
        days=None if confirmed is None else max(0, (moment - confirmed).days),
        on=None if confirmed is None else confirmed.date(),
        for_customers=_customers(supporting),
        against_customers=_customers(against),
    )


def by_age(confirmed: datetime | None, moment: datetime, days: Days) -> str:
    """Fresh, ageing or old: what was never confirmed is old."""
    if confirmed is None or moment - confirmed >= timedelta(days=days.old):
        return Standing.OLD
    return Standing.FRESH if moment - confirmed < timedelta(days=days.ageing) else Standing.AGEING


def last_confirmed(pieces: Sequence[Weighed]) -> datetime | None:
    """When the card was last confirmed: by what supports it; by what is against it where nothing does."""
    supporting = [piece for piece in pieces if piece.side == Side.FOR] or pieces
    return max((each.confirmed for each in supporting if each.confirmed is not None), default=None)


def _customers(pieces: Sequence[Weighed]) -> int:
    return max((piece.customers for piece in pieces), default=0)


def _weight(pieces: Sequence[Weighed]) -> tuple[int, int]:
    """Compared as a pair: customers first, then notes."""
    notes = sum(piece.kind == EvidenceKind.NOTE for piece in pieces)
    return _customers(pieces), notes
