"""Writing to the library, and from it onto a canvas."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.kinds import changed_details, fields_of
from parcours.canvas.library.enums import EntryForm
from parcours.canvas.library.models import LibraryEntry, LibraryUse
from parcours.canvas.library.reads import entry as read_entry
from parcours.canvas.library.shapes import EntryView
from parcours.canvas.library.starter import STARTERS
from parcours.canvas.rights import EDIT
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import CardView, TouchpointView
from parcours.canvas.writes import cards as card_writes
from parcours.canvas.writes import touchpoints as touchpoint_writes
from parcours.canvas.writes.common import actor_payload, clean
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.journal.writes import record
from parcours.live.writes import publish

MOST_ENTRIES = 2_000


@transaction.atomic
def save_card(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> EntryView:
    """The card becomes an entry, or, when it is a copy of one, the entry becomes like the card.

    Raises BadInput when the library is full.
    """
    acting_user.require(EDIT)
    card = reads.card(acting_user.brand_id, journey_id, card_id)
    own = _own_details(card.kind, card.details)
    values = {
        "kind": card.kind,
        "title": card.title or card.kind_label,
        "text": card.text,
        "picture_id": card.picture.id if card.picture else None,
        "picture_alt": card.picture.alt if card.picture else "",
        "picture_caption": card.picture.caption if card.picture else "",
        "details": own,
    }
    use = LibraryUse.objects.filter(card_id=card_id, entry__deleted_at=None).first()
    row = _stored(use, EntryForm.CARD, values, acting_user)
    LibraryUse.objects.update_or_create(card_id=card_id, defaults={"entry": row, "revision": row.revision})
    _mark(journey_id, card, acting_user)
    return read_entry(acting_user.brand_id, row.pk)


@transaction.atomic
def save_touchpoint(journey_id: uuid.UUID, touchpoint_id: uuid.UUID, *, acting_user: Actor) -> EntryView:
    """The same for a touchpoint, with its rule."""
    acting_user.require(EDIT)
    found = reads.touchpoint(acting_user.brand_id, journey_id, touchpoint_id)
    values = {"title": found.name, "channel": found.channel, "rule": found.rule}
    use = LibraryUse.objects.filter(touchpoint_id=touchpoint_id, entry__deleted_at=None).first()
    row = _stored(use, EntryForm.TOUCHPOINT, values, acting_user)
    defaults = {"entry": row, "revision": row.revision}
    LibraryUse.objects.update_or_create(touchpoint_id=touchpoint_id, defaults=defaults)
    return read_entry(acting_user.brand_id, row.pk)


@transaction.atomic
def insert_card(
    journey_id: uuid.UUID,
    entry_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    lane_id: uuid.UUID,
    acting_user: Actor,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    card_id: uuid.UUID | None = None,
) -> CardView:
    """A copy of the entry on a canvas. With the same `card_id` again nothing is added."""
    found = _locked(entry_id, acting_user)
    if found.form != EntryForm.CARD:
        raise BadInput(_("This entry is a touchpoint."), where="entry")
    added = card_writes.add_card(
        journey_id,
        stage_id=stage_id,
        lane_id=lane_id,
        title=found.title,
        text=found.text,
        picture_id=found.picture_id,
        picture_alt=found.picture_alt,
        picture_caption=found.picture_caption,
        details=found.details,
        before=before,
        after=after,
        card_id=card_id,
        acting_user=acting_user,
    )
    defaults = {"entry": found, "revision": found.revision}
    LibraryUse.objects.get_or_create(card_id=added.id, defaults=defaults)
    return added


@transaction.atomic
def insert_touchpoint(
    journey_id: uuid.UUID, entry_id: uuid.UUID, *, stage_id: uuid.UUID, acting_user: Actor
) -> TouchpointView:
    found = _locked(entry_id, acting_user)
    if found.form != EntryForm.TOUCHPOINT or found.rule is None:
        raise BadInput(_("This entry is a card."), where="entry")
    added = touchpoint_writes.add_touchpoint(
        journey_id,
        stage_id=stage_id,
        name=found.title[:120],
        channel=found.channel,
        rule=found.rule,
        acting_user=acting_user,
    )
    LibraryUse.objects.create(entry=found, touchpoint_id=added.id, revision=found.revision)
    return added


@transaction.atomic
def take_over(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> CardView:
    """The card becomes like its entry; what the entry doesn't say stays."""
    card = reads.card(acting_user.brand_id, journey_id, card_id)
    use = _use(card_id, acting_user)
    found = use.entry
    changed = card_writes.edit_card(
        journey_id,
        card_id,
        expected_revision=card.revision,
        title=found.title,
        text=found.text,
        picture_id=found.picture_id,
        picture_alt=found.picture_alt if found.picture_id else None,
        picture_caption=found.picture_caption if found.picture_id else None,
        details=found.details,
        acting_user=acting_user,
    )
    _compared(use)
    _mark(journey_id, changed, acting_user)
    return changed


@transaction.atomic
def keep_own(journey_id: uuid.UUID, card_id: uuid.UUID, *, acting_user: Actor) -> CardView:
    """The card stays as it is, and isn't asked about this change of its entry again."""
    acting_user.require(EDIT)
    card = reads.card(acting_user.brand_id, journey_id, card_id)
    _compared(_use(card_id, acting_user))
    _mark(journey_id, card, acting_user)
    return card


@transaction.atomic
def take_over_touchpoint(
    journey_id: uuid.UUID, touchpoint_id: uuid.UUID, *, acting_user: Actor
) -> TouchpointView:
    acting_user.require(EDIT)
    reads.touchpoint(acting_user.brand_id, journey_id, touchpoint_id)
    use = LibraryUse.objects.select_related("entry").filter(touchpoint_id=touchpoint_id).first()
    if use is None or use.entry.deleted_at:
        raise NotFound(_("This touchpoint isn't from the library."))
    changed = touchpoint_writes.edit_touchpoint(
        journey_id,
        touchpoint_id,
        name=use.entry.title[:120],
        channel=use.entry.channel,
        rule=use.entry.rule,
        acting_user=acting_user,
    )
    _compared(use)
    return changed


@transaction.atomic
def add_entry(
    form: str,
    *,
    acting_user: Actor,
    title: str,
    kind: str = "",
    text: str = "",
    details: Mapping[str, Any] | None = None,
    channel: str = "",
    rule: Mapping[str, Any] | None = None,
) -> EntryView:
    """An entry written for the library alone. Raises BadInput."""
    acting_user.require(EDIT)
    is_card = form == EntryForm.CARD
    if is_card and kind not in LaneKind.values:
        raise BadInput(
            _("There is no kind of row “{kind}”.").format(kind=kind),
            where="kind",
            remedy=_("Use one of: {known}.").format(known=", ".join(LaneKind.values)),
        )
    values = _values(
        form, kind, {}, title=title, text=text, details=details or {}, channel=channel, rule=rule
    )
    if not is_card and not values.get("rule"):
        raise BadInput(_("A touchpoint needs a rule."), where="rule")
    row = _stored(
        None, EntryForm(form), {**values, "kind": kind if form == EntryForm.CARD else ""}, acting_user
    )
    return read_entry(acting_user.brand_id, row.pk)


@transaction.atomic
def edit_entry(
    entry_id: uuid.UUID,
    *,
    acting_user: Actor,
    title: str | None = None,
    text: str | None = None,
    details: Mapping[str, Any] | None = None,
    channel: str | None = None,
    rule: Mapping[str, Any] | None = None,
) -> EntryView:
    """Changes what is given; its copies are offered the change. Raises BadInput, NotFound."""
    row = _locked(entry_id, acting_user)
    values = _values(
        row.form, row.kind, row.details, title=title, text=text, details=details, channel=channel, rule=rule
    )
    if any(getattr(row, name) != value for name, value in values.items()):
        _change(row, values, acting_user)
        _tell_copies(row, acting_user)
    return read_entry(acting_user.brand_id, row.pk)


@transaction.atomic
def remove_entry(entry_id: uuid.UUID, *, acting_user: Actor) -> None:
    """Takes an entry out of the library; its copies stay. `restore_entry` puts it back."""
    row = _locked(entry_id, acting_user)
    row.deleted_at = now()
    row.save(update_fields=["deleted_at"])
    record(acting_user, "library entry removed", "library", row.pk, {"title": row.title})


@transaction.atomic
def restore_entry(entry_id: uuid.UUID, *, acting_user: Actor) -> EntryView:
    row = _locked(entry_id, acting_user, deleted=True)
    row.deleted_at = None
    row.save(update_fields=["deleted_at"])
    record(acting_user, "library entry restored", "library", row.pk, {"title": row.title})
    return read_entry(acting_user.brand_id, row.pk)


@transaction.atomic
def add_starter_set(language: str, *, acting_user: Actor) -> int:
    """Useful cards and touchpoints of the field, in one language. Those that were added once aren't again.

    Returns how many are new.
    """
    acting_user.require(EDIT)
    code = "fr" if language.startswith("fr") else "en"
    known = set(
        LibraryEntry.objects.filter(brand_id=acting_user.brand_id)
        .exclude(starter="")
        .values_list("starter", flat=True)
    )
    rows = [
        LibraryEntry(
            brand_id=acting_user.brand_id,
            form=EntryForm.TOUCHPOINT if starter.events else EntryForm.CARD,
            kind=starter.kind,
            title=starter.title.in_language(code),
            text=starter.text.in_language(code),
            details=dict(starter.details),
            channel=starter.channel,
            rule=starter.rule,
            starter=f"{starter.key}.{code}",
            edited_by=acting_user.label,
        )
        for starter in STARTERS
        if f"{starter.key}.{code}" not in known
    ]
    LibraryEntry.objects.bulk_create(rows)
    if rows:
        data = {"language": code, "entries": len(rows)}
        record(acting_user, "library starter set added", "library", acting_user.brand_id, data)
    return len(rows)


def _locked(entry_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False) -> LibraryEntry:
    acting_user.require(EDIT)
    rows = LibraryEntry.objects.select_for_update(no_key=True).filter(
        pk=entry_id, brand_id=acting_user.brand_id, deleted_at__isnull=not deleted
    )
    row = rows.first()
    if row is None:
        raise NotFound(_("There is no such entry in the library."), remedy=_("It may have been removed."))
    return row


def _use(card_id: uuid.UUID, acting_user: Actor) -> LibraryUse:
    rows = LibraryUse.objects.select_related("entry").filter(
        card_id=card_id, entry__brand_id=acting_user.brand_id, entry__deleted_at=None
    )
    use = rows.first()
    if use is None:
        raise NotFound(_("This card isn't from the library."))
    return use


def _compared(use: LibraryUse) -> None:
    use.revision = use.entry.revision
    use.save(update_fields=["revision"])


def _stored(
    use: LibraryUse | None, form: EntryForm, values: dict[str, Any], acting_user: Actor
) -> LibraryEntry:
    """A new entry, or that of a copy changed to what the copy says now."""
    if use is not None:
        row = _locked(use.entry_id, acting_user)
        if any(getattr(row, name) != value for name, value in values.items()):
            _change(row, values, acting_user)
            _tell_copies(row, acting_user)
        return row
    if LibraryEntry.objects.filter(brand_id=acting_user.brand_id, deleted_at=None).count() >= MOST_ENTRIES:
        raise BadInput(_("A library holds at most {n} entries.").format(n=MOST_ENTRIES))
    row = LibraryEntry.objects.create(
        brand_id=acting_user.brand_id, form=form, edited_by=acting_user.label, **values
    )
    record(acting_user, "library entry added", "library", row.pk, {"title": row.title, "form": form})
    return row


def _change(row: LibraryEntry, values: dict[str, Any], acting_user: Actor) -> None:
    before = {name: getattr(row, name) for name in values if name not in {"picture_id", "kind"}}
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    row.edited_by = acting_user.label
    row.updated_at = now()
    row.save()
    after = {name: getattr(row, name) for name in before}
    record(acting_user, "library entry changed", "library", row.pk, {"before": before, "after": after})


def _values(form: str, kind: str, old: Mapping[str, Any], **given: Any) -> dict[str, Any]:
    """What is given, as it is stored. Raises BadInput."""
    values: dict[str, Any] = {}
    if given["title"] is not None:
        values["title"] = clean(given["title"], where="title", most=200, line=True, required=True)
    if form == EntryForm.CARD:
        if given["text"] is not None:
            values["text"] = clean(given["text"], where="text", most=10_000)
        if given["details"] is not None:
            values["details"] = changed_details(kind, old, given["details"])
        return values
    if given["channel"] is not None:
        values["channel"] = clean(given["channel"], where="channel", most=60, line=True)
    if given["rule"] is not None:
        rule = touchpoint_rule(given["rule"])
        if not rule.conditions:
            raise BadInput(_("The rule has no condition yet."), where="rule")
        values["rule"] = rule.as_json()
    return values


def _own_details(kind: str, details: Mapping[str, Any]) -> dict[str, Any]:
    """Without what holds in one journey only."""
    names = {field.name for field in fields_of(kind)} - {"touchpoint"}
    return {name: value for name, value in details.items() if name in names}


def _tell_copies(row: LibraryEntry, acting_user: Actor) -> None:
    """Whoever has a canvas with a copy open sees that its entry changed."""
    standing = row.uses.filter(card__isnull=False, card__deleted_at=None).select_related("card")
    for use in standing:
        if use.card is not None:
            _publish_mark(acting_user, use.card.journey_id, use.card_id, use.card.revision)


def _mark(journey_id: uuid.UUID, card: CardView, acting_user: Actor) -> None:
    _publish_mark(acting_user, journey_id, card.id, card.revision)


def _publish_mark(acting_user: Actor, journey_id: uuid.UUID, card_id: Any, revision: int) -> None:
    payload = {"card": str(card_id), "revision": revision, "actor": actor_payload(acting_user)}
    publish(acting_user.brand_id, f"journey:{journey_id}", "card.marked", payload)
