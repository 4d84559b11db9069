"""Taking a card over from one canvas to another that it stands beside."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.beside.comparing import Beside, beside, partners
from parcours.canvas.models import Card, Journey
from parcours.canvas.order import key_last
from parcours.canvas.shapes import CardView
from parcours.canvas.writes.common import locked_journey, tell, touch
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound

_CONTENT = ("title", "text", "picture_id", "picture_alt", "picture_caption", "leads_to_id", "details")


@transaction.atomic
def take_over(
    journey_id: uuid.UUID, *, from_journey_id: uuid.UUID, card_id: uuid.UUID, acting_user: Actor
) -> tuple[CardView, dict[str, Any] | None]:
    """Copies a card of another canvas into this one, where its stage and row stand here.

    A card here that is the same one gets its words instead: then the second value is what it said before, for
    `put_back`. Raises BadInput when this canvas has no such stage or row, NotFound.
    """
    journey = locked_journey(journey_id, acting_user)
    theirs = reads.board(acting_user.brand_id, from_journey_id)
    ours = reads.board(acting_user.brand_id, journey_id)
    source = next((card for card in theirs.cards if card.id == card_id), None)
    if source is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    row = Card.objects.select_related("picture").get(pk=source.id)
    mate = partners(theirs, ours).get(source.id)
    if mate is not None:
        return _say_the_same(journey, mate, row, acting_user)
    stage_id, lane_id = _place(beside(theirs, ours), source)
    there = Card.objects.filter(stage_id=stage_id, lane_id=lane_id, deleted_at=None).order_by("order_key")
    card = Card.objects.create(
        journey=journey,
        stage_id=stage_id,
        lane_id=lane_id,
        drawn_from=row,
        order_key=key_last(list(there.values_list("order_key", flat=True))),
        edited_by=acting_user.label,
        **_content(row),
    )
    _tell(acting_user, journey, card, "card.created", from_journey=str(from_journey_id))
    return reads.card(acting_user.brand_id, journey_id, card.pk), None


@transaction.atomic
def put_back(
    journey_id: uuid.UUID, card_id: uuid.UUID, before: dict[str, Any] | None, *, acting_user: Actor
) -> None:
    """Undoes `take_over`: the card says again what it said `before`, or is taken off when it was new."""
    journey = locked_journey(journey_id, acting_user)
    card = Card.objects.filter(journey=journey, pk=card_id, deleted_at=None).first()
    if card is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    if before is None:
        card.deleted_at = now()
        _stamp(card, acting_user, ["deleted_at"])
        _tell(acting_user, journey, card, "card.deleted")
        return
    _write(card, {name: before[name] for name in _CONTENT}, acting_user)
    _tell(acting_user, journey, card, "card.changed")


def _say_the_same(
    journey: Journey, card_id: uuid.UUID, row: Card, acting_user: Actor
) -> tuple[CardView, dict[str, Any]]:
    card = Card.objects.get(pk=card_id)
    before = _content(card)
    _write(card, {**_content(row), "details": _details(row, card)}, acting_user)
    _tell(acting_user, journey, card, "card.changed", before={"title": before["title"]})
    kept = {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in before.items()}
    return reads.card(journey.brand_id, journey.pk, card.pk), kept


def _details(theirs: Card, ours: Card) -> dict[str, Any]:
    """A touchpoint belongs to one journey: ours stays."""
    taken = {name: value for name, value in theirs.details.items() if name != "touchpoint"}
    kept = {"touchpoint": ours.details["touchpoint"]} if "touchpoint" in ours.details else {}
    return {**taken, **kept}


def _place(both: Beside, source: CardView) -> tuple[uuid.UUID, uuid.UUID]:
    for section in both.sections:
        if section.stage.one is None or section.stage.one.id != source.stage_id:
            continue
        for row in section.rows:
            if row.lane.one is not None and row.lane.one.id == source.lane_id:
                if section.stage.other is None or row.lane.other is None:
                    break
                return section.stage.other.id, row.lane.other.id
    raise BadInput(
        _("The other map has no stage or row for this card."),
        remedy=_("Add the stage or row there first."),
    )


def _content(card: Card) -> dict[str, Any]:
    return {name: getattr(card, name) for name in _CONTENT}


def _write(card: Card, content: dict[str, Any], acting_user: Actor) -> None:
    for name, value in content.items():
        setattr(card, name, value)
    card.content_revision = card.revision + 1
    _stamp(card, acting_user, [*(name.removesuffix("_id") for name in _CONTENT), "content_revision"])


def _stamp(card: Card, acting_user: Actor, fields: list[str]) -> None:
    card.revision += 1
    card.edited_by = acting_user.label
    card.updated_at = now()
    card.save(update_fields=[*fields, "revision", "edited_by", "updated_at"])


_VERBS = {"card.created": "card taken over", "card.changed": "card changed", "card.deleted": "card deleted"}


def _tell(acting_user: Actor, journey: Journey, card: Card, event: str, **data: Any) -> None:
    touch(journey)
    payload = {
        "card": str(card.pk),
        "revision": card.revision,
        "stage": str(card.stage_id),
        "lane": str(card.lane_id),
        "order_key": card.order_key,
    }
    told = {"title": card.title, **data}
    tell(acting_user, journey, _VERBS[event], "card", card.pk, data=told, event=event, payload=payload)
