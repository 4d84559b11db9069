"""Setting up how moments are photographed, and keeping what was taken: the only writers of captures."""

import io
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads as canvas_reads
from parcours.canvas import writes as canvas_writes
from parcours.canvas.captures import addresses
from parcours.canvas.captures.comparing import Area, compare
from parcours.canvas.captures.enums import Device, Rhythm
from parcours.canvas.captures.given import capture_settings
from parcours.canvas.captures.models import Capture, Capturing
from parcours.canvas.captures.reads import capturing_view
from parcours.canvas.captures.shapes import CapturingView
from parcours.canvas.enums import LaneKind
from parcours.canvas.models import Card, Journey
from parcours.canvas.pictures import path_of
from parcours.canvas.proposals.enums import State
from parcours.canvas.proposals.models import Proposal
from parcours.canvas.proposals.writes import let_lapse, propose
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import PictureView
from parcours.canvas.writes.common import actor_payload, locked_journey
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.journal.writes import record
from parcours.live.writes import publish

PICTURE_CHANGED = "picture-changed"
MOST_KEPT = 60
"""Captures of one card; the oldest go."""

_DAYS = {Rhythm.DAILY: 1, Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 30}


def set_capturing(
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    address: str,
    acting_user: Actor,
    device: str = Device.DESKTOP,
    language: str = "",
    rhythm: str = Rhythm.BY_HAND,
    element: str = "",
    scroll: int = 0,
    wait_for: str = "",
    dismiss: str = "",
    ignored: Iterable[Sequence[float]] = (),
) -> CapturingView:
    """Says where and how a moment's picture is taken.

    Raises BadInput, also for an address that may not be asked.

    The address is looked up before the canvas is locked: a slow name server holds up nobody.
    """
    acting_user.require(EDIT)
    wanted = capture_settings(
        address=address,
        device=device,
        language=language,
        rhythm=rhythm,
        element=element,
        scroll=scroll,
        wait_for=wait_for,
        dismiss=dismiss,
        ignored=ignored,
    )
    addresses.check(wanted["address"])
    return _set(journey_id, card_id, wanted, acting_user)


@transaction.atomic
def _set(
    journey_id: uuid.UUID, card_id: uuid.UUID, wanted: dict[str, Any], acting_user: Actor
) -> CapturingView:
    journey, card = _locked_moment(journey_id, card_id, acting_user)
    row, _new = Capturing.objects.get_or_create(card=card, defaults={"address": wanted["address"]})
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    row.set_by = acting_user.label
    row.next_at = next_look(row)
    row.failures, row.trouble, row.trouble_facts = 0, "", {}
    row.save()
    record(
        acting_user,
        "capture set up",
        "card",
        card.pk,
        {"journey": str(journey.pk), "before": before, "after": wanted},
    )
    _mark(journey, card, acting_user)
    return capturing_view(row)


@transaction.atomic
def stop_capturing(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> None:
    """No more pictures are taken; those that were stay. Set it up again to go on."""
    journey, card = _locked_moment(journey_id, card_id, acting_user)
    row = Capturing.objects.filter(card=card).first()
    if row is None:
        return
    before = {name: getattr(row, name) for name in ("address", "device", "language", "rhythm")}
    row.delete()
    record(acting_user, "capture given up", "card", card.pk, {"journey": str(journey.pk), "before": before})
    _mark(journey, card, acting_user)


@transaction.atomic
def ask_capture(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> CapturingView:
    """A look at the shop as soon as the worker has time; asked twice it is one. Raises NotFound."""
    from parcours.canvas.captures.tasks import enqueue

    journey, card = _locked_moment(journey_id, card_id, acting_user)
    row = _capturing(card)
    if row.asked_at is None:
        row.asked_at = now()
        row.save(update_fields=["asked_at"])
        record(acting_user, "capture asked for", "card", card.pk, {"journey": str(journey.pk)})
    enqueue(card.pk)
    _mark(journey, card, acting_user)
    return capturing_view(row)


@transaction.atomic
def note_trouble(card_id: uuid.UUID, trouble: str, facts: dict[str, Any], *, acting_user: Actor) -> None:
    """A look that gave no picture: the one on the card stays."""
    journey, card = _locked_card(card_id, acting_user)
    row = _capturing(card)
    row.checked_at, row.asked_at = now(), None
    row.failures += 1
    row.trouble, row.trouble_facts = trouble, facts
    row.next_at = next_look(row)
    row.save()
    _mark(journey, card, acting_user)


@transaction.atomic
def keep_capture(card_id: uuid.UUID, content: bytes, *, acting_user: Actor) -> Capture | None:
    """A picture that was taken. The first one goes onto the card; one that a person would see to differ from
    what stands there becomes a proposal. Returns what was kept: None when nothing is new.
    """
    journey, card = _locked_card(card_id, acting_user)
    row = _capturing(card)
    row.checked_at, row.asked_at = now(), None
    row.failures, row.trouble, row.trouble_facts = 0, "", {}
    row.next_at = next_look(row)
    row.save()
    picture = canvas_writes.add_picture(io.BytesIO(content), acting_user=acting_user)
    kept = _keep(journey, card, row, picture, acting_user)
    _forget_oldest(card)
    _mark(journey, card, acting_user)
    return kept


def _keep(
    journey: Journey, card: Card, row: Capturing, picture: PictureView, acting_user: Actor
) -> Capture | None:
    if card.picture is None:
        kept = _add(card, row, picture, acting_user, share=None, areas=())
        put_on_card(journey.pk, card.pk, picture.id, acting_user=acting_user)
        return kept
    new, shown = path_of(_digest(picture.id)), path_of(card.picture.digest)
    difference = compare(shown, new, ignored=row.ignored)
    if not difference.is_visible:
        _let_lapse(journey, card, None, acting_user)
        return None
    last = Capture.objects.filter(card=card).select_related("picture").order_by("-taken_at", "-id").first()
    if last is not None and last.proposal_id and last.before_id == card.picture_id:
        decided = Proposal.objects.filter(pk=last.proposal_id).values_list("state", flat=True).first()
        same = not compare(path_of(last.picture.digest), new, ignored=row.ignored).is_visible
        if same and decided in {State.OPEN, State.DISMISSED}:
            return None
    kept = _add(card, row, picture, acting_user, share=difference.share, areas=difference.areas)
    key = f"{card.pk}:{kept.pk}"
    proposal = propose(
        journey.pk,
        kind=PICTURE_CHANGED,
        key=key,
        facts={
            "card": card.title,
            "capture": str(kept.pk),
            "before": str(card.picture_id),
            "after": str(picture.id),
            "share": difference.share,
            "areas": [list(area) for area in difference.areas],
        },
        change={"picture": str(picture.id)},
        card_id=card.pk,
        picture_id=picture.id,
        acting_user=acting_user,
    )
    kept.proposal_id = proposal.id if proposal else None
    kept.save(update_fields=["proposal_id"])
    _let_lapse(journey, card, key, acting_user)
    return kept


def put_on_card(
    journey_id: uuid.UUID, card_id: uuid.UUID, picture_id: uuid.UUID, *, acting_user: Actor
) -> int:
    """Gives a moment another picture; returns the card's revision. Raises NotFound, CardConflict."""
    card = canvas_reads.card(acting_user.brand_id, journey_id, card_id)
    saved = canvas_writes.edit_card(
        journey_id, card_id, expected_revision=card.revision, picture_id=picture_id, acting_user=acting_user
    )
    return saved.revision


def _add(
    card: Card,
    row: Capturing,
    picture: PictureView,
    acting_user: Actor,
    *,
    share: float | None,
    areas: Iterable[Area],
) -> Capture:
    return Capture.objects.create(
        card=card,
        picture_id=picture.id,
        before=card.picture,
        taken_by=acting_user.label,
        address=row.address,
        device=row.device,
        language=row.language,
        share=share,
        areas=[list(area) for area in areas],
    )


def _digest(picture_id: uuid.UUID) -> str:
    from parcours.canvas.models import Picture

    return Picture.objects.values_list("digest", flat=True).get(pk=picture_id)


def _let_lapse(journey: Journey, card: Card, key: str | None, acting_user: Actor) -> None:
    """What was proposed for this card before is overtaken; of other cards it stays."""
    waiting = Proposal.objects.filter(journey=journey, kind=PICTURE_CHANGED, state=State.OPEN)
    if not waiting.filter(card=card).exclude(key=key or "").exists():
        return
    others = set(waiting.exclude(card=card).values_list("key", flat=True))
    let_lapse(
        journey.pk,
        kinds=[PICTURE_CHANGED],
        still_true=others | ({key} if key else set()),
        acting_user=acting_user,
    )


def _forget_oldest(card: Card) -> None:
    newest = Capture.objects.filter(card=card).order_by("-taken_at", "-id").values_list("pk", flat=True)
    Capture.objects.filter(card=card).exclude(pk__in=list(newest[:MOST_KEPT])).delete()


def _locked_moment(journey_id: uuid.UUID, card_id: uuid.UUID, acting_user: Actor) -> tuple[Journey, Card]:
    """Raises NotFound, BadInput for a card that is no key moment."""
    journey = locked_journey(journey_id, acting_user)
    card = _standing(journey, card_id)
    if card.lane.kind != LaneKind.MOMENT:
        raise BadInput(
            _("Only key moments have a picture of the shop."),
            remedy=_("Move the card to the row of key moments first."),
        )
    return journey, card


def _locked_card(card_id: uuid.UUID, acting_user: Actor) -> tuple[Journey, Card]:
    journey_id = Card.objects.filter(pk=card_id).values_list("journey_id", flat=True).first()
    journey = locked_journey(journey_id or uuid.UUID(int=0), acting_user)
    return journey, _standing(journey, card_id)


def _standing(journey: Journey, card_id: uuid.UUID) -> Card:
    rows = Card.objects.select_related("lane", "picture").filter(journey=journey, pk=card_id)
    card = rows.filter(deleted_at=None, lane__deleted_at=None, stage__deleted_at=None).first()
    if card is None:
        raise NotFound(_("There is no such card."), remedy=_("It may have been deleted."))
    return card


def _capturing(card: Card) -> Capturing:
    row = Capturing.objects.select_for_update(no_key=True).filter(card=card).first()
    if row is None:
        raise NotFound(
            _("No address is set for this moment."), remedy=_("Say first where the shop shows it.")
        )
    return row


def _mark(journey: Journey, card: Card, acting_user: Actor) -> None:
    payload = {"card": str(card.pk), "revision": card.revision, "actor": actor_payload(acting_user)}
    publish(journey.brand_id, f"journey:{journey.pk}", "card.marked", payload)


def next_look(row: Capturing) -> datetime | None:
    """A rhythm begins at once, then counts from the last look."""
    days = _DAYS.get(Rhythm(row.rhythm))
    if days is None:
        return None
    return row.checked_at + timedelta(days=days) if row.checked_at else now()
