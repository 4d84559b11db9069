"""Writing brand values, and rating how touchpoints keep them: the only writers."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.accounts.writes import locked_brand
from parcours.canvas.brand_values.models import BrandValue, Quote, Rating, Wish
from parcours.canvas.brand_values.reads import quote_view, value_view
from parcours.canvas.brand_values.shapes import QuoteView, ValueView
from parcours.canvas.models import Journey, Touchpoint
from parcours.canvas.order import key_at, key_last
from parcours.canvas.rights import EDIT, SUGGEST
from parcours.canvas.writes.common import clean, locked_journey, tell
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.journal.writes import record

MOST_VALUES = 12
MOST_QUOTES = 50
"""Of one value at one touchpoint."""

NOBODY = uuid.UUID(int=0)
"""Who rates when Parcours itself does."""


@transaction.atomic
def add_value(
    name: str, *, acting_user: Actor, sentence: str = "", looks_like: str = "", not_like: str = ""
) -> ValueView:
    """A value, last in the brand's order. Raises BadInput, Conflict for a name that is taken."""
    _lock_brand(acting_user)
    keys = _keys(acting_user.brand_id)
    if len(keys) >= MOST_VALUES:
        raise BadInput(
            _("A brand has at most {n} values here.").format(n=MOST_VALUES),
            remedy=_("Remove one first: what customers should remember is short."),
        )
    words = _words(name, sentence, looks_like, not_like)
    _refuse_taken(acting_user.brand_id, words["name"])
    row = BrandValue.objects.create(brand_id=acting_user.brand_id, order_key=key_last(keys), **words)
    record(acting_user, "brand value added", "brand value", row.pk, words)
    return value_view(row)


@transaction.atomic
def edit_value(
    value_id: uuid.UUID,
    *,
    acting_user: Actor,
    name: str | None = None,
    sentence: str | None = None,
    looks_like: str | None = None,
    not_like: str | None = None,
) -> ValueView:
    """Changes what is given. Raises BadInput, NotFound, Conflict for a name that is taken."""
    _lock_brand(acting_user)
    row = _value(value_id, acting_user)
    given = {"name": name, "sentence": sentence, "looks_like": looks_like, "not_like": not_like}
    before = {each: getattr(row, each) for each in given}
    words = _words(**{each: before[each] if value is None else value for each, value in given.items()})
    _refuse_taken(acting_user.brand_id, words["name"], but=row)
    if words == before:
        return value_view(row)
    for each, value in words.items():
        setattr(row, each, value)
    row.save(update_fields=list(words))
    record(acting_user, "brand value changed", "brand value", row.pk, {"before": before, "after": words})
    return value_view(row)


@transaction.atomic
def move_value(value_id: uuid.UUID, position: int, *, acting_user: Actor) -> ValueView:
    """Puts a value at `position` (from 0). Raises NotFound."""
    _lock_brand(acting_user)
    row = _value(value_id, acting_user)
    keys = _keys(acting_user.brand_id, but=row)
    row.order_key = key_at(keys, position)
    row.save(update_fields=["order_key"])
    record(acting_user, "brand value moved", "brand value", row.pk, {"position": position})
    return value_view(row)


@transaction.atomic
def remove_value(value_id: uuid.UUID, *, acting_user: Actor) -> None:
    """`restore_value` puts it back, with all that was rated. Raises NotFound."""
    _lock_brand(acting_user)
    row = _value(value_id, acting_user)
    row.deleted_at = now()
    row.save(update_fields=["deleted_at"])
    record(acting_user, "brand value removed", "brand value", row.pk, {"name": row.name})


@transaction.atomic
def restore_value(value_id: uuid.UUID, *, acting_user: Actor) -> ValueView:
    """Raises NotFound, Conflict when another one has its name by now."""
    _lock_brand(acting_user)
    row = _value(value_id, acting_user, deleted=True)
    _refuse_taken(acting_user.brand_id, row.name)
    keys = _keys(acting_user.brand_id)
    if row.order_key in keys:
        row.order_key = key_at(keys, keys.index(row.order_key))
    row.deleted_at = None
    row.save(update_fields=["deleted_at", "order_key"])
    record(acting_user, "brand value restored", "brand value", row.pk, {"name": row.name})
    return value_view(row)


@transaction.atomic
def want(
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    value_id: uuid.UUID,
    level: int | None,
    *,
    acting_user: Actor,
) -> None:
    """How strongly customers should feel a value there, 0 to 4; None takes it back.

    Raises BadInput, NotFound.
    """
    journey, touchpoint, value = _place(journey_id, touchpoint_id, value_id, acting_user, EDIT)
    rows = Wish.objects.filter(touchpoint=touchpoint, value=value)
    before = rows.values_list("level", flat=True).first()
    if before == level:
        return
    if level is None:
        rows.delete()
    else:
        stamp = {"level": _level(level), "by": acting_user.label, "at": now()}
        Wish.objects.update_or_create(touchpoint=touchpoint, value=value, defaults=stamp)
    _tell(acting_user, journey, "value wanted", (touchpoint, value), {"before": before, "level": level})


@transaction.atomic
def rate(
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    value_id: uuid.UUID,
    level: int | None,
    *,
    acting_user: Actor,
) -> None:
    """How strongly somebody thinks customers feel it, 0 to 4; None takes their own rating back.

    Whoever may suggest may rate: those who talk with customers know best. Raises BadInput, NotFound.
    """
    journey, touchpoint, value = _place(journey_id, touchpoint_id, value_id, acting_user, SUGGEST)
    rater = acting_user.id or NOBODY
    rows = Rating.objects.filter(touchpoint=touchpoint, value=value, actor_id=rater)
    before = rows.values_list("level", flat=True).first()
    if level is None:
        rows.delete()
    else:
        stamp = {"level": _level(level), "by": acting_user.label, "at": now()}
        Rating.objects.update_or_create(touchpoint=touchpoint, value=value, actor_id=rater, defaults=stamp)
    if before != level:
        _tell(acting_user, journey, "value rated", (touchpoint, value), {"before": before, "level": level})


@transaction.atomic
def add_quote(
    journey_id: uuid.UUID,
    touchpoint_id: uuid.UUID,
    value_id: uuid.UUID,
    text: str,
    *,
    acting_user: Actor,
    source: str = "",
    customer_id: int | None = None,
) -> QuoteView:
    """A customer's words about it; with a `customer_id` they go when that person is erased.

    Raises BadInput, NotFound.
    """
    journey, touchpoint, value = _place(journey_id, touchpoint_id, value_id, acting_user, SUGGEST)
    if Quote.objects.filter(touchpoint=touchpoint, value=value, deleted_at=None).count() >= MOST_QUOTES:
        raise BadInput(_("There are {n} quotes here already.").format(n=MOST_QUOTES))
    row = Quote.objects.create(
        touchpoint=touchpoint,
        value=value,
        text=clean(text, where="text", most=500, required=True),
        source=clean(source, where="source", most=120, line=True),
        customer_id=customer_id,
        by=acting_user.label,
    )
    _tell(acting_user, journey, "value quoted", (touchpoint, value), {"quote": str(row.pk)})
    return quote_view(row)


@transaction.atomic
def remove_quote(journey_id: uuid.UUID, quote_id: uuid.UUID, *, acting_user: Actor) -> QuoteView:
    """`restore_quote` puts it back. Raises NotFound."""
    return _set_quote(journey_id, quote_id, acting_user, deleted=True)


@transaction.atomic
def restore_quote(journey_id: uuid.UUID, quote_id: uuid.UUID, *, acting_user: Actor) -> QuoteView:
    """Raises NotFound."""
    return _set_quote(journey_id, quote_id, acting_user, deleted=False)


def _set_quote(journey_id: uuid.UUID, quote_id: uuid.UUID, acting_user: Actor, *, deleted: bool) -> QuoteView:
    journey = locked_journey(journey_id, acting_user, right=SUGGEST)
    rows = Quote.objects.filter(pk=quote_id, touchpoint__journey=journey)
    row = rows.select_related("touchpoint", "value").first()
    if row is None:
        raise NotFound(_("There is no such quote."))
    row.deleted_at = now() if deleted else None
    row.save(update_fields=["deleted_at"])
    verb = "value quote removed" if deleted else "value quote restored"
    _tell(acting_user, journey, verb, (row.touchpoint, row.value), {"quote": str(row.pk)})
    return quote_view(row)


def _lock_brand(acting_user: Actor) -> None:
    """Changes of one brand's values happen one after the other. Raises Forbidden."""
    acting_user.require(EDIT)
    locked_brand(acting_user.brand_id)


def _value(value_id: uuid.UUID, acting_user: Actor, *, deleted: bool = False) -> BrandValue:
    rows = BrandValue.objects.filter(pk=value_id, brand_id=acting_user.brand_id)
    row = rows.filter(deleted_at__isnull=not deleted).first()
    if row is None:
        raise NotFound(_("There is no such value."), remedy=_("It may have been removed."))
    return row


def _keys(brand_id: uuid.UUID, *, but: BrandValue | None = None) -> list[str]:
    rows = BrandValue.objects.filter(brand_id=brand_id, deleted_at=None).order_by("order_key")
    return [row.order_key for row in rows if row != but]


def _words(name: str, sentence: str, looks_like: str, not_like: str) -> dict[str, str]:
    return {
        "name": clean(name, where="name", most=80, line=True, required=True),
        "sentence": clean(sentence, where="sentence", most=300, line=True),
        "looks_like": clean(looks_like, where="looks_like", most=1_000),
        "not_like": clean(not_like, where="not_like", most=1_000),
    }


def _refuse_taken(brand_id: uuid.UUID, name: str, *, but: BrandValue | None = None) -> None:
    """Cards name the value that they are about: two of one name would be one to them."""
    rows = BrandValue.objects.filter(brand_id=brand_id, deleted_at=None, name__iexact=name)
    if any(row != but for row in rows):
        raise Conflict(
            _("There is a value called “{name}” already.").format(name=name),
            where="name",
            remedy=_("Choose another name."),
        )


def _place(
    journey_id: uuid.UUID, touchpoint_id: uuid.UUID, value_id: uuid.UUID, acting_user: Actor, right: str
) -> tuple[Journey, Touchpoint, BrandValue]:
    journey = locked_journey(journey_id, acting_user, right=right)
    rows = Touchpoint.objects.filter(journey=journey, pk=touchpoint_id, deleted_at=None)
    touchpoint = rows.filter(stage__deleted_at=None).first()
    if touchpoint is None:
        raise NotFound(_("There is no such touchpoint."), remedy=_("It may have been removed."))
    return journey, touchpoint, _value(value_id, acting_user)


def _level(level: int) -> int:
    if not 0 <= level <= 4:
        raise BadInput(
            _("“{level}” is no step.").format(level=level), where="level", remedy=_("Choose 0 to 4.")
        )
    return level


def _tell(
    acting_user: Actor,
    journey: Journey,
    verb: str,
    about: tuple[Touchpoint, BrandValue],
    data: dict[str, Any],
) -> None:
    touchpoint, value = about
    named = {"touchpoint": touchpoint.name, "value": value.name, "value_id": str(value.pk)}
    tell(
        acting_user,
        journey,
        verb,
        "touchpoint",
        touchpoint.pk,
        data={**named, **data},
        event="values.changed",
        payload={"touchpoint": str(touchpoint.pk), "value": str(value.pk)},
    )
