import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.errors import CardConflict
from parcours.canvas.kinds import changed_details, clean_details
from parcours.canvas.models import Card, CardLease, Journey, Lane, Stage
from parcours.canvas.order import key_at, key_last
from parcours.canvas.shapes import CardView
from parcours.canvas.writes.common import clean, locked_journey, tell, touch
from parcours.canvas.writes.pictures import picture_of
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound

MOST_CARDS = 3_000
_CONTENT = ["title", "text", "picture", "picture_alt", "picture_caption", "details", "leads_to"]
_STAMP = ["revision", "edited_by", "updated_at"]


@transaction.atomic
def add_card(
    journey_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    lane_id: uuid.UUID,
    acting_user: Actor,
    title: str = "",
    text: str = "",
    picture_id: uuid.UUID | None = None,
    picture_alt: str = "",
    picture_caption: str = "",
    details: Mapping[str, Any] | None = None,
    leads_to: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    card_id: uuid.UUID | None = None,
) -> CardView:
    """A new card: in front of the card `before`, behind the card `after`, or last in its cell.

    `details` are those of its kind (see `kinds`); `leads_to` is a journey that it opens.
    With a `card_id` that the client chose, sending the same card again adds nothing.
    Raises BadInput for a card that says nothing, NotFound for a stage or lane that isn't of this canvas.
    """
    journey = locked_journey(journey_id, acting_user)
    if card_id is not None and (there := Card.objects.select_related("journey").filter(pk=card_id).first()):
        if there.journey_id != journey.pk:
            raise Conflict(_("This card's id is taken."), where="id")
        return _view(there)
    if Card.objects.filter(journey=journey, deleted_at=None).count() >= MOST_CARDS:
        raise BadInput(_("A canvas holds at most {n} cards.").format(n=MOST_CARDS))
    stage, lane = _cell(journey, stage_id, lane_id)
    card = Card(
        journey=journey,
        stage=stage,
        lane=lane,
        order_key=_key_for(stage, lane, before=before, after=after),
        picture=picture_of(picture_id, acting_user),
        edited_by=acting_user.label,
        details=clean_details(lane.kind, details or {}),
        leads_to=_journey_of(leads_to, acting_user),
        **card_texts(title, text, picture_alt, picture_caption),
    )
    if card_id is not None:
        card.pk = card_id
    _refuse_empty(card)
    card.save(force_insert=True)
    touch(journey)
    _tell(acting_user, "card added", card, "card.created", {"title": card.title})
    return _view(card)


@transaction.atomic
def edit_card(
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    expected_revision: int,
    acting_user: Actor,
    title: str | None = None,
    text: str | None = None,
    picture_id: uuid.UUID | None = None,
    without_picture: bool = False,
    picture_alt: str | None = None,
    picture_caption: str | None = None,
    details: Mapping[str, Any] | None = None,
    leads_to: uuid.UUID | None = None,
    without_leads_to: bool = False,
) -> CardView:
    """Changes what is given; None leaves it as it is. The revision rises when something changed.

    Of `details`, those named change and those given as empty go; the others stay.

    Raises CardConflict when somebody edited or deleted the card after `expected_revision`.
    """
    journey, card = _locked_card(journey_id, card_id, acting_user)
    if expected_revision < card.content_revision or expected_revision > card.revision:
        raise CardConflict(_view(card), label=card.edited_by)
    old = _content(card)
    given = {
        "title": title,
        "text": text,
        "picture_alt": picture_alt,
        "picture_caption": picture_caption,
    }
    kept = {name: getattr(card, name) if value is None else value for name, value in given.items()}
    for name, value in card_texts(**kept).items():
        setattr(card, name, value)
    if without_picture or picture_id is not None:
        card.picture = None if without_picture else picture_of(picture_id, acting_user)
    if details is not None:
        card.details = changed_details(card.lane.kind, card.details, details)
    if without_leads_to or leads_to is not None:
        card.leads_to = None if without_leads_to else _journey_of(leads_to, acting_user)
    _refuse_empty(card)
    CardLease.objects.filter(card=card, actor_id=acting_user.id).delete()
    if _content(card) == old:
        return _view(card)
    _stamp(card, acting_user)
    card.content_revision = card.revision
    card.save(update_fields=[*_CONTENT, *_STAMP, "content_revision"])
    touch(journey)
    changes = {"before": old, "after": _content(card)}
    _tell(acting_user, "card changed", card, "card.changed", changes)
    return _view(card)


@transaction.atomic
def move_card(
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    lane_id: uuid.UUID,
    expected_revision: int,
    acting_user: Actor,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
) -> CardView:
    """Puts a card in front of the card `before`, behind the card `after`, or last in the cell.

    Raises CardConflict when somebody moved or deleted the card after `expected_revision`.
    """
    journey, card = _locked_card(journey_id, card_id, acting_user)
    if expected_revision < card.place_revision or expected_revision > card.revision:
        raise CardConflict(_view(card), label=card.edited_by)
    old = _place(card)
    card.stage, card.lane = _cell(journey, stage_id, lane_id)
    card.order_key = _key_for(card.stage, card.lane, before=before, after=after, moving=card)
    _stamp(card, acting_user)
    card.place_revision = card.revision
    card.save(update_fields=["stage", "lane", "order_key", *_STAMP, "place_revision"])
    touch(journey)
    _tell(
        acting_user,
        "card moved",
        card,
        "card.moved",
        {"title": card.title, "before": old, "after": _place(card)},
    )
    return _view(card)


@transaction.atomic
def delete_card(
    journey_id: uuid.UUID, card_id: uuid.UUID, *, expected_revision: int, acting_user: Actor
) -> CardView:
    """Takes a card off the canvas; `restore_card` puts it back where it was.

    Raises CardConflict when anything about it changed after `expected_revision`.
    """
    journey, card = _locked_card(journey_id, card_id, acting_user)
    if expected_revision != card.revision:
        raise CardConflict(_view(card), label=card.edited_by)
    card.deleted_at = now()
    _stamp(card, acting_user)
    card.save(update_fields=["deleted_at", *_STAMP])
    CardLease.objects.filter(card=card).delete()
    touch(journey)
    _tell(acting_user, "card deleted", card, "card.deleted", _content(card))
    return _view(card)


@transaction.atomic
def restore_card(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> CardView:
    """Puts a deleted card back; one that stands already stays as it is.

    Raises Conflict when its stage or lane was removed meanwhile.
    """
    journey, card = _locked_card(journey_id, card_id, acting_user, deleted=True)
    if card.deleted_at is None:
        return _view(card)
    if card.stage.deleted_at or card.lane.deleted_at:
        raise Conflict(
            _("The stage or row of this card was removed."),
            remedy=_("Put it back in the settings of the journey first."),
        )
    keys = _keys_in(card.stage, card.lane)
    if card.order_key in keys:
        card.order_key = key_at(keys, keys.index(card.order_key))
    card.deleted_at = None
    _stamp(card, acting_user)
    card.content_revision = card.place_revision = card.revision
    card.save(update_fields=["deleted_at", "order_key", *_STAMP, "content_revision", "place_revision"])
    touch(journey)
    _tell(acting_user, "card restored", card, "card.restored", {"title": card.title})
    return _view(card)


def _locked_card(
    journey_id: uuid.UUID, card_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False
) -> tuple[Journey, Card]:
    journey = locked_journey(journey_id, acting_user)
    card = (
        Card.objects.select_related("journey", "stage", "lane", "picture")
        .filter(journey=journey, pk=card_id)
        .first()
    )
    if card is None or (not deleted and (card.stage.deleted_at or card.lane.deleted_at)):
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    if card.deleted_at and not deleted:
        raise CardConflict(None, label=card.edited_by)
    return journey, card


def _cell(journey: Journey, stage_id: uuid.UUID, lane_id: uuid.UUID) -> tuple[Stage, Lane]:
    stage = Stage.objects.filter(journey=journey, pk=stage_id, deleted_at=None).first()
    lane = Lane.objects.filter(journey=journey, pk=lane_id, deleted_at=None).first()
    if stage is None:
        raise NotFound(_("There is no such stage on this canvas."), where="stage")
    if lane is None:
        raise NotFound(_("There is no such row on this canvas."), where="lane")
    return stage, lane


def _keys_in(stage: Stage, lane: Lane) -> list[str]:
    rows = Card.objects.filter(stage=stage, lane=lane, deleted_at=None).order_by("order_key")
    return list(rows.values_list("order_key", flat=True))


def _key_for(
    stage: Stage,
    lane: Lane,
    *,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    moving: Card | None = None,
) -> str:
    """A neighbour that has left the cell meanwhile no longer counts: the card then goes last."""
    rows = Card.objects.filter(stage=stage, lane=lane, deleted_at=None).order_by("order_key")
    if moving is not None:
        rows = rows.exclude(pk=moving.pk)
    there = list(rows.values_list("pk", "order_key"))
    ids, keys = [pk for pk, _key in there], [key for _pk, key in there]
    if before in ids:
        return key_at(keys, ids.index(before))
    return key_at(keys, ids.index(after) + 1) if after in ids else key_last(keys)


def card_texts(title: str, text: str, picture_alt: str, picture_caption: str = "") -> dict[str, str]:
    return {
        "title": clean(title, where="title", most=200, line=True),
        "text": clean(text, where="text", most=10_000),
        "picture_alt": clean(picture_alt, where="picture_alt", most=300, line=True),
        "picture_caption": clean(picture_caption, where="picture_caption", most=300, line=True),
    }


def _journey_of(journey_id: uuid.UUID | None, acting_user: Actor) -> Journey | None:
    """The brand's journey with that id; None for None. Raises NotFound."""
    if journey_id is None:
        return None
    row = Journey.objects.filter(pk=journey_id, brand_id=acting_user.brand_id, deleted_at=None).first()
    if row is None:
        raise NotFound(_("There is no such journey."), where="leads_to")
    return row


def _refuse_empty(card: Card) -> None:
    if not (card.title or card.text or card.picture or card.details):
        raise BadInput(_("A card needs a title, a text or a picture."), where="title")


def _stamp(card: Card, acting_user: Actor) -> None:
    card.revision += 1
    card.edited_by = acting_user.label
    card.updated_at = now()


def _content(card: Card) -> dict[str, Any]:
    """As the journal keeps it. What a card doesn't have isn't named."""
    content: dict[str, Any] = {
        "title": card.title,
        "text": card.text,
        "picture": str(card.picture_id) if card.picture_id else None,
        "picture_alt": card.picture_alt,
    }
    if card.picture_caption:
        content["picture_caption"] = card.picture_caption
    if card.details:
        content["details"] = card.details
    if card.leads_to_id:
        content["leads_to"] = str(card.leads_to_id)
    return content


def _place(card: Card) -> dict[str, str]:
    return {"stage": card.stage.name, "lane": card.lane.name, "order_key": card.order_key}


def _view(card: Card) -> CardView:
    """The card as readers see it from now on."""
    return reads.card(card.journey.brand_id, card.journey_id, card.pk, deleted=True)


def _tell(acting_user: Actor, verb: str, card: Card, event: str, data: dict[str, Any]) -> None:
    payload = {
        "card": str(card.pk),
        "revision": card.revision,
        "stage": str(card.stage_id),
        "lane": str(card.lane_id),
        "order_key": card.order_key,
    }
    tell(acting_user, card.journey, verb, "card", card.pk, data=data, event=event, payload=payload)
