"""Bringing back what a version holds: as a new state of the canvas, with the ids that things had.

What hangs on cards by their ids stays on them. Before anything changes, what stands is kept as a version, so
that every restoring can itself be undone by restoring as much, all or one stage or card, from that one.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas.models import Card, Journey, Lane, Persona, Picture, Stage, Touchpoint
from parcours.canvas.order import key_at
from parcours.canvas.versions import reads, snapshots
from parcours.canvas.versions.differences import difference
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.shapes import VersionView
from parcours.canvas.versions.snapshots import Snapshot
from parcours.canvas.versions.writes import keep_version
from parcours.canvas.writes.common import locked_journey, tell_structure, touch
from parcours.core.clock import now
from parcours.core.errors import Conflict, NotFound

Row = TypeVar("Row", Stage, Lane, Card, Touchpoint)


@dataclass(frozen=True, slots=True)
class Restored:
    """`before` holds what stood before: restoring it undoes this. `changes` is 0 where nothing differed."""

    before: VersionView
    changes: int


@transaction.atomic
def restore_version(journey_id: uuid.UUID, version_id: uuid.UUID, *, acting_user: Actor) -> Restored:
    """The whole canvas as it was in that version. Raises NotFound."""
    return _restore(journey_id, version_id, acting_user, lambda _now, then: then, "version restored")


@transaction.atomic
def restore_stage_from(
    journey_id: uuid.UUID,
    version_id: uuid.UUID,
    stage_id: uuid.UUID,
    *,
    acting_user: Actor,
    undoing: bool = False,
) -> Restored:
    """One stage as it was in that version, with its cards and touchpoints. Cards that were drawn in it since
    go; those that came from another stage stay, and those that went to another one come back.

    `undoing` takes away a stage that the version doesn't hold; otherwise NotFound is raised for it.
    """

    def mix(present: Snapshot, then: Snapshot) -> Snapshot:
        if str(stage_id) in then.stages:
            return _with_stage(present, then, str(stage_id))
        if str(stage_id) in present.stages and undoing:
            return _without_stage(present, str(stage_id))
        raise NotFound(_("The version has no such stage."))

    return _restore(journey_id, version_id, acting_user, mix, "stage restored from version")


@transaction.atomic
def restore_card_from(
    journey_id: uuid.UUID,
    version_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    acting_user: Actor,
    undoing: bool = False,
) -> Restored:
    """One card as it was in that version: what it said, and where it stood.

    `undoing` takes away a card that the version doesn't hold; otherwise NotFound is raised for it. Raises
    Conflict when its stage or row stands no more.
    """

    def mix(present: Snapshot, then: Snapshot) -> Snapshot:
        card = then.cards.get(str(card_id))
        if card is None and str(card_id) in present.cards and undoing:
            return replace(present, cards=_placed(present.cards, [], without=[str(card_id)]))
        if card is None:
            raise NotFound(_("The version has no such card."))
        if card.stage not in present.stages or card.lane not in present.lanes:
            raise Conflict(
                _("The stage or row of this card was removed."),
                remedy=_("Bring back its stage or the whole version instead."),
            )
        return replace(present, cards=_placed(present.cards, [card]))

    return _restore(journey_id, version_id, acting_user, mix, "card restored from version")


def _restore(
    journey_id: uuid.UUID, version_id: uuid.UUID, acting_user: Actor, mix: Any, verb: str
) -> Restored:
    journey = locked_journey(journey_id, acting_user)
    then = reads.snapshot_of(journey.brand_id, journey_id, version_id)
    source = reads.version(journey.brand_id, journey_id, version_id)
    present = reads.snapshot_now(journey.brand_id, journey_id)
    wanted = mix(present, then)
    reason = _("Before version {n} was brought back").format(n=source.number)
    before = keep_version(journey_id, reason=reason, cause=Cause.BEFORE_RESTORE, acting_user=acting_user)
    changes = len(difference(present, wanted).changes)
    if wanted != present:
        _Painter(journey, present, wanted, acting_user).paint()
        touch(journey, rules=True)
        data = {"version": str(version_id), "number": source.number, "before": before.number}
        tell_structure(acting_user, journey, verb, ("version", version_id), data)
    return Restored(before, changes)


def _without_stage(present: Snapshot, stage: str) -> Snapshot:
    return replace(
        present,
        stages={pk: each for pk, each in present.stages.items() if pk != stage},
        cards={pk: each for pk, each in present.cards.items() if each.stage != stage},
        touchpoints={pk: each for pk, each in present.touchpoints.items() if each.stage != stage},
    )


def _with_stage(present: Snapshot, then: Snapshot, stage: str) -> Snapshot:
    stages = dict(present.stages)
    if stage in stages:
        kept = stages[stage].order_key
    else:
        keys = sorted(each.order_key for each in stages.values())
        kept = _free(keys, then.stages[stage].order_key)
    stages[stage] = replace(then.stages[stage], order_key=kept)
    stages = dict(sorted(stages.items(), key=lambda pair: pair[1].order_key))
    cards = [card for card in then.cards.values() if card.stage == stage and card.lane in present.lanes]
    drawn_since = {
        card.id for card in present.cards.values() if card.stage == stage and card.id not in then.cards
    }
    touchpoints = [each for each in then.touchpoints.values() if each.stage == stage]
    added_since = {
        each.id
        for each in present.touchpoints.values()
        if each.stage == stage and each.id not in then.touchpoints
    }
    return replace(
        present,
        stages=stages,
        cards=_placed(present.cards, cards, without=drawn_since),
        touchpoints=_placed(present.touchpoints, touchpoints, without=added_since),
    )


Placed = TypeVar("Placed", snapshots.Card, snapshots.Touchpoint)


def _placed(
    there: Mapping[str, Placed], back: Iterable[Placed], without: Iterable[str] = ()
) -> dict[str, Placed]:
    """The things that are there with some as they were before; each gets a key that its place has free."""
    returning: dict[str, Placed] = {each.id: each for each in back}
    gone = {*returning, *without}
    result = {pk: each for pk, each in there.items() if pk not in gone}
    for each in returning.values():
        beside = sorted(other.order_key for other in result.values() if _cell(other) == _cell(each))
        result[each.id] = replace(each, order_key=_free(beside, each.order_key))
    return result


def _cell(thing: snapshots.Card | snapshots.Touchpoint) -> tuple[str, str]:
    return thing.stage, getattr(thing, "lane", "")


def _free(taken: list[str], wanted: str) -> str:
    """The key itself, or one just in front of the thing that has it now."""
    return key_at(taken, taken.index(wanted)) if wanted in taken else wanted


class _Painter:
    """Makes the rows of a journey what a snapshot says."""

    def __init__(self, journey: Journey, present: Snapshot, wanted: Snapshot, acting_user: Actor) -> None:
        self.journey, self.present, self.wanted, self.acting_user = journey, present, wanted, acting_user
        self.moment = now()

    def paint(self) -> None:
        self._head()
        self._clear()
        self._put(Stage, self.wanted.stages, ("name", "description", "key", "order_key"), {})
        self._put(Lane, self.wanted.lanes, ("name", "kind", "order_key"), {})
        places = {"stage": "stage_id"}
        self._put(
            Touchpoint, self.wanted.touchpoints, ("name", "channel", "rule", "order_key", "stage"), places
        )
        self._cards()

    def _head(self) -> None:
        """What hangs on other things that are gone meanwhile stays as it is."""
        head, journey = self.wanted.head, self.journey
        if head == self.present.head:
            return
        journey.title, journey.summary = head.title, head.summary
        journey.kind, journey.status = head.kind, head.status
        if not head.persona or self._has(Persona, head.persona, brand_id=journey.brand_id, deleted_at=None):
            journey.persona_id = _uuid(head.persona)
        if not head.owner or self._has(Person, head.owner, memberships__brand_id=journey.brand_id):
            journey.owner_id = _uuid(head.owner)
        journey.segment_id = _uuid(head.segment)
        journey.save(update_fields=["title", "summary", "kind", "status", "persona", "owner", "segment_id"])

    def _has(self, model: Any, pk: str, **more: Any) -> bool:
        return bool(model.objects.filter(pk=pk, **more).exists())

    def _clear(self) -> None:
        """Takes off what must go, and for a moment what gets another place: no two things share a key.

        So do cards and touchpoints that were hidden with their stage or row and aren't wanted with it.
        """
        self._stamp_those_that_go()
        places = {"stage__in": list(self.wanted.stages), "lane__in": list(self.wanted.lanes)}
        self._take_off(Card, self.present.cards, self.wanted.cards, places)
        del places["lane__in"]
        self._take_off(Touchpoint, self.present.touchpoints, self.wanted.touchpoints, places)
        self._take_off(Lane, self.present.lanes, self.wanted.lanes)
        self._take_off(Stage, self.present.stages, self.wanted.stages)

    def _take_off(
        self,
        model: Any,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        appearing: Mapping[str, Any] | None = None,
    ) -> None:
        standing = model.objects.filter(journey=self.journey, deleted_at=None)
        changed = [pk for pk, each in before.items() if after.get(pk) != each]
        standing.filter(pk__in=changed).update(deleted_at=self.moment)
        if appearing is not None:
            standing.filter(**appearing).exclude(pk__in=list(before)).update(deleted_at=self.moment)

    def _stamp_those_that_go(self) -> None:
        gone = [pk for pk in self.present.cards if pk not in self.wanted.cards]
        cards = list(Card.objects.filter(journey=self.journey, pk__in=gone))
        self._stamped(cards)
        Card.objects.bulk_update(
            cards, ["revision", "content_revision", "place_revision", "edited_by", "updated_at"]
        )

    def _put(
        self, model: type[Row], things: Mapping[str, Any], fields: tuple[str, ...], ids: Mapping[str, str]
    ) -> None:
        before = {**self.present.stages, **self.present.lanes, **self.present.touchpoints}
        wanted = {pk: each for pk, each in things.items() if before.get(pk) != each}
        known = {str(row.pk): row for row in model.objects.filter(journey=self.journey, pk__in=wanted)}
        rows = []
        for pk, each in wanted.items():
            row = known.get(pk) or model(pk=pk, journey=self.journey)
            for field in fields:
                setattr(row, ids.get(field, field), getattr(each, field))
            row.deleted_at = None
            rows.append(row)
        model.objects.bulk_update([row for row in rows if str(row.pk) in known], [*fields, "deleted_at"])
        model.objects.bulk_create([row for row in rows if str(row.pk) not in known])

    def _cards(self) -> None:
        wanted = {pk: each for pk, each in self.wanted.cards.items() if self.present.cards.get(pk) != each}
        known = {str(row.pk): row for row in Card.objects.filter(journey=self.journey, pk__in=wanted)}
        pictures = _there(Picture, self.journey, [each.picture for each in wanted.values()])
        journeys = _there(Journey, self.journey, [each.leads_to for each in wanted.values()])
        rows = []
        for pk, each in wanted.items():
            row = known.get(pk) or Card(pk=pk, journey=self.journey, revision=0)
            row.stage_id, row.lane_id = uuid.UUID(each.stage), uuid.UUID(each.lane)
            row.order_key = each.order_key
            row.title, row.text, row.details = each.title, each.text, dict(each.details)
            row.picture_id = _uuid(each.picture) if each.picture in pictures else None
            row.picture_alt, row.picture_caption = each.alt, each.caption
            row.leads_to_id = _uuid(each.leads_to) if each.leads_to in journeys else None
            row.deleted_at = None
            rows.append(row)
        self._stamped(rows)
        Card.objects.bulk_update([row for row in rows if str(row.pk) in known], _CARD_FIELDS)
        Card.objects.bulk_create([row for row in rows if str(row.pk) not in known])

    def _stamped(self, rows: list[Card]) -> None:
        for row in rows:
            row.revision += 1
            row.content_revision = row.place_revision = row.revision
            row.edited_by, row.updated_at = self.acting_user.label, self.moment


_CARD_FIELDS = [
    "stage",
    "lane",
    "order_key",
    "title",
    "text",
    "details",
    "picture",
    "picture_alt",
    "picture_caption",
    "leads_to",
    "deleted_at",
    "revision",
    "content_revision",
    "place_revision",
    "edited_by",
    "updated_at",
]


def _there(model: Any, journey: Journey, ids: Iterable[str]) -> set[str]:
    """Which of these pictures or journeys the brand still has."""
    rows = model.objects.filter(brand_id=journey.brand_id, pk__in={each for each in ids if each})
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def _uuid(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None
