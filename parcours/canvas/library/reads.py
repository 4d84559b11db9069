"""Reading the library: a constant number of queries, however many copies there are."""

import unicodedata
import uuid
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from parcours.canvas.kinds import shown_details
from parcours.canvas.library.enums import EntryForm
from parcours.canvas.library.models import LibraryEntry, LibraryUse
from parcours.canvas.library.shapes import Difference, EntryView, LinkView, UseView
from parcours.canvas.reads import picture_view
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import CardView, Removed, TouchpointView
from parcours.core.errors import NotFound
from parcours.events.channels import channel_label

_STANDING_USE = Q(
    uses__card__deleted_at=None,
    uses__card__isnull=False,
    uses__card__stage__deleted_at=None,
    uses__card__lane__deleted_at=None,
    uses__card__journey__deleted_at=None,
) | Q(
    uses__touchpoint__deleted_at=None,
    uses__touchpoint__isnull=False,
    uses__touchpoint__stage__deleted_at=None,
    uses__touchpoint__journey__deleted_at=None,
)


def entries(brand_id: uuid.UUID, *, form: str = "", kind: str = "", words: str = "") -> tuple[EntryView, ...]:
    """The library by title; of one form or kind of card, with all of `words` somewhere in them."""
    rows = _rows(brand_id).order_by("title", "id")
    if form:
        rows = rows.filter(form=form)
    if kind:
        rows = rows.filter(kind=kind)
    wanted = folded(words).split()
    return tuple(
        entry_view(row)
        for row in rows
        if all(word in folded(f"{row.title} {row.text} {channel_label(row.channel)}") for word in wanted)
    )


def entry(brand_id: uuid.UUID, entry_id: uuid.UUID) -> EntryView:
    """Raises NotFound."""
    row = _rows(brand_id).filter(pk=entry_id).first()
    if row is None:
        raise NotFound(_("There is no such entry in the library."), remedy=_("It may have been removed."))
    return entry_view(row)


def removed_entries(brand_id: uuid.UUID) -> tuple[Removed, ...]:
    """What can be put back, the one removed last first."""
    rows = LibraryEntry.objects.filter(brand_id=brand_id, deleted_at__isnull=False).order_by("-deleted_at")
    return tuple(
        Removed(row.form, row.pk, row.title, row.deleted_at) for row in rows if row.deleted_at is not None
    )


def uses_of(brand_id: uuid.UUID, entry_id: uuid.UUID) -> tuple[UseView, ...]:
    """The copies that stand on a canvas, by journey."""
    rows = LibraryUse.objects.filter(entry_id=entry_id, entry__brand_id=brand_id).select_related(
        "entry", "card__journey", "card__stage", "card__lane", "touchpoint__journey", "touchpoint__stage"
    )
    found = [_use_view(row) for row in rows if _stands(row)]
    return tuple(sorted(found, key=lambda use: (use.journey_title, use.title)))


def outdated_cards(journey_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The cards of a canvas whose entry has changed since they were taken from it."""
    return frozenset(card for card, _n in outdated_rows(journey_id))


def outdated_rows(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """The same as rows (card, 1) that are not asked yet."""
    rows = LibraryUse.objects.filter(
        card__journey_id=journey_id,
        card__deleted_at=None,
        entry__deleted_at=None,
        entry__revision__gt=F("revision"),
    )
    return rows.order_by().values_list("card_id").annotate(n=Value(1))


def link_of_card(brand_id: uuid.UUID, card: CardView) -> LinkView | None:
    """The entry that a card was saved as or taken from; None when there is none (any more)."""
    found = _link(brand_id, card_id=card.id)
    if found is None:
        return None
    view, outdated = found
    return LinkView(view, outdated, card_differences(card, view))


def link_of_touchpoint(brand_id: uuid.UUID, touchpoint: TouchpointView) -> LinkView | None:
    found = _link(brand_id, touchpoint_id=touchpoint.id)
    if found is None:
        return None
    view, outdated = found
    pairs = (
        (_("Name"), touchpoint.name, view.title),
        (_("Channel"), channel_label(touchpoint.channel), channel_label(view.channel)),
        (_("Events"), touchpoint.sentence, view.sentence),
    )
    return LinkView(view, outdated, tuple(Difference(*each) for each in pairs if each[1] != each[2]))


def card_differences(card: CardView, view: EntryView) -> tuple[Difference, ...]:
    """What taking the library's version over would change on the card."""
    here = dict(shown_details(card.kind, card.details))
    there = dict(shown_details(card.kind, {**card.details, **view.details}))
    pictures = (card.picture.id if card.picture else None, view.picture.id if view.picture else None)
    pairs = [(_("Title"), card.title, view.title), (_("Text"), card.text, view.text)]
    pairs += [(label, here.get(label, "–"), value) for label, value in there.items()]
    if view.picture and pictures[0] != pictures[1]:
        pairs.append((_("Picture"), _("the card’s own"), _("the library’s")))
    return tuple(Difference(*each) for each in pairs if each[1] != each[2])


def entry_view(row: LibraryEntry) -> EntryView:
    rule = touchpoint_rule(row.rule) if row.rule else None
    picture = row.picture
    return EntryView(
        id=row.pk,
        form=row.form,
        kind=row.kind,
        title=row.title,
        text=row.text,
        picture=picture_view(picture, row.picture_alt, row.picture_caption) if picture else None,
        details=row.details,
        channel=row.channel,
        rule=rule.as_json() if rule else None,
        sentence=rule.sentence() if rule else "",
        revision=row.revision,
        edited_by=row.edited_by,
        updated_at=row.updated_at,
        uses=getattr(row, "standing_uses", 0),
    )


def folded(text: str) -> str:
    """Without accents and capitals, as people search."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _rows(brand_id: uuid.UUID) -> QuerySet[LibraryEntry]:
    rows = LibraryEntry.objects.filter(brand_id=brand_id, deleted_at=None).select_related("picture")
    return rows.annotate(standing_uses=Count("uses", filter=_STANDING_USE))


def _link(brand_id: uuid.UUID, **thing: Any) -> tuple[EntryView, bool] | None:
    use = LibraryUse.objects.filter(entry__brand_id=brand_id, entry__deleted_at=None, **thing).first()
    if use is None:
        return None
    view = entry(brand_id, use.entry_id)
    return view, view.revision > use.revision


def _stands(use: LibraryUse) -> bool:
    thing: Any = use.card or use.touchpoint
    lane = thing.lane if use.card else None
    parts = (thing, thing.stage, thing.journey, *([lane] if lane else []))
    return all(part.deleted_at is None for part in parts)


def _use_view(use: LibraryUse) -> UseView:
    thing: Any = use.card or use.touchpoint
    return UseView(
        journey_id=thing.journey_id,
        journey_title=thing.journey.title,
        stage_name=thing.stage.name,
        card_id=use.card_id,
        touchpoint_id=use.touchpoint_id,
        title=thing.title if use.entry.form == EntryForm.CARD else thing.name,
        outdated=use.entry.revision > use.revision,
    )
