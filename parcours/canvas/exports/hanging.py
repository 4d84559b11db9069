"""What hangs on the cards and touchpoints of a journey, as its JSON file holds it.

Counts, samples of what customers said, and pictures that were taken are not part of it: another
installation counts and looks for itself. Words of a customer who is known stay here too, where erasing them
reaches them.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from parcours.canvas.brand_values.models import BrandValue, Quote, Rating, Wish
from parcours.canvas.captures.models import Capturing
from parcours.canvas.comments.mentions import as_typed, mentioned
from parcours.canvas.comments.models import Comment, Thread
from parcours.canvas.evidence.models import Evidence
from parcours.canvas.exports.segments import SegmentsWritten
from parcours.canvas.shapes import Board

Written = dict[str, Any]


@dataclass(frozen=True)
class Hanging:
    """By the id of what it hangs on; each part is read once, whatever the size of the canvas."""

    board: Board
    segments: SegmentsWritten

    @cached_property
    def evidence(self) -> Mapping[uuid.UUID, list[Written]]:
        rows = Evidence.objects.filter(card_id__in=self._cards, deleted_at=None)
        found: dict[uuid.UUID, list[Written]] = defaultdict(list)
        for row in rows.prefetch_related("confirmations").order_by("created_at", "id"):
            found[row.card_id].append(self._piece(row))
        return found

    @cached_property
    def captures(self) -> Mapping[uuid.UUID, Written]:
        return {row.card_id: _capture(row) for row in Capturing.objects.filter(card_id__in=self._cards)}

    @cached_property
    def values(self) -> list[Written]:
        """All values of the brand, in its own order."""
        return [_filled({"name": row.name, "sentence": row.sentence, "looks_like": row.looks_like,
                         "not_like": row.not_like}) for row in self._values]  # fmt: skip

    @cached_property
    def fits(self) -> Mapping[uuid.UUID, list[Written]]:
        """By touchpoint: one entry a value that somebody wants, feels, or is quoted about there."""
        here = {"touchpoint__in": [each.id for each in self.board.touchpoints], "value__deleted_at": None}
        parts: dict[tuple[uuid.UUID, uuid.UUID], Written] = defaultdict(dict)
        for wish in Wish.objects.filter(**here):
            said = {"level": wish.level, "by": wish.by, "at": _moment(wish.at)}
            parts[wish.touchpoint_id, wish.value_id]["wanted"] = said
        for rating in Rating.objects.filter(**here).order_by("at", "id"):
            said = {"level": rating.level, "by": rating.by, "at": _moment(rating.at)}
            parts[rating.touchpoint_id, rating.value_id].setdefault("felt", []).append(said)
        for quote in Quote.objects.filter(**here, deleted_at=None, customer_id=None).order_by("at", "id"):
            words = _filled(
                {"text": quote.text, "source": quote.source, "by": quote.by, "at": _moment(quote.at)}
            )
            parts[quote.touchpoint_id, quote.value_id].setdefault("quotes", []).append(words)
        found: dict[uuid.UUID, list[Written]] = defaultdict(list)
        for touchpoint in self.board.touchpoints:
            for value in self._values:
                if part := parts.get((touchpoint.id, value.pk)):
                    found[touchpoint.id].append({"value": value.name, **part})
        return found

    @cached_property
    def threads(self) -> list[tuple[Thread, list[Written]]]:
        """Conversations whose comments weren't all deleted, in the order in which they began."""
        comments: dict[uuid.UUID, list[Comment]] = defaultdict(list)
        standing = Comment.objects.filter(thread__journey_id=self.board.journey.id, deleted_at=None)
        for comment in standing.select_related("author").order_by("created_at", "id"):
            comments[comment.thread_id].append(comment)
        names = self._names([each for said in comments.values() for each in said])
        rows = Thread.objects.filter(pk__in=comments).order_by("created_at", "id")
        return [(row, [_comment(each, names) for each in comments[row.pk]]) for row in rows]

    def _names(self, comments: list[Comment]) -> dict[uuid.UUID, str]:
        from parcours.canvas.comments.mentions import colleagues

        if not any(mentioned(comment.text) for comment in comments):
            return {}
        return {each.id: each.label for each in colleagues(self.board.journey.brand_id)}

    @cached_property
    def _cards(self) -> list[uuid.UUID]:
        return [card.id for card in self.board.cards]

    @cached_property
    def _values(self) -> list[BrandValue]:
        rows = BrandValue.objects.filter(brand_id=self.board.journey.brand_id, deleted_at=None)
        return list(rows.order_by("order_key", "id"))

    def _piece(self, row: Evidence) -> Written:
        confirmations = sorted(row.confirmations.all(), key=lambda each: (each.at, each.pk))
        return {"kind": row.kind} | _filled(
            {
                "side": row.side,
                "source": row.source,
                "title": row.title,
                "rule": row.rule,
                "asked": row.asked,
                "words": row.words,
                "period": row.period,
                "segment": self.segments.of_key(row.segment),
                "text": row.text,
                "address": row.address,
                "dated": row.dated.isoformat() if row.dated else "",
                "by": row.author_label,
                "at": _moment(row.created_at),
                "confirmed": [
                    _filled({"at": _moment(each.at), "by": each.actor_label, "note": each.note})
                    for each in confirmations
                ],
            }
        )


def _capture(row: Capturing) -> Written:
    """How the picture is taken. A name and password in the address stay here."""
    parts = urlsplit(row.address)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return {"address": bare, "device": row.device, "rhythm": row.rhythm} | _filled(
        {
            "language": row.language,
            "element": row.element,
            "scroll": row.scroll,
            "wait_for": row.wait_for,
            "dismiss": row.dismiss,
            "ignored": row.ignored,
        }
    )


def _comment(row: Comment, names: Mapping[uuid.UUID, str]) -> Written:
    by = row.author.label if row.author else row.author_label
    edited = _moment(row.edited_at) if row.edited_at else ""
    return {"text": as_typed(row.text, names)} | _filled(
        {"by": by, "at": _moment(row.created_at), "edited_at": edited}
    )


def _moment(at: datetime) -> str:
    return at.isoformat()


def _filled(written: Written) -> Written:
    """What there is: nothing is written of what is empty."""
    return {name: value for name, value in written.items() if value not in ("", None, [], {}, 0)}
