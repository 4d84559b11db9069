"""The only writers of hours."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.hours.holidays import first_year, holidays_of, is_place
from parcours.inbox.hours.models import BusinessHours
from parcours.inbox.hours.reads import SETTING, NamedHours, SpecialDay, named_hours
from parcours.inbox.models import ChannelAccount
from parcours.inbox.nudging import ask_to_count_due
from parcours.inbox.rights import MANAGE
from parcours.journal.writes import record

MOST_SPECIAL_DAYS = 200


@dataclass(frozen=True, slots=True)
class HoursForm:
    """What people say of hours; spans as `spans.read_spans` gives them."""

    name: str
    time_zone: str
    week: Sequence[Sequence[tuple[str, str]]]
    country: str = ""
    subdivision: str = ""
    worked_holidays: Collection[str] = ()
    special_days: Sequence[SpecialDay] = ()
    is_default: bool = False


@transaction.atomic
def save_hours(
    brand: Brand,
    form: HoursForm,
    *,
    acting_user: Actor,
    hours_id: uuid.UUID | None = None,
    revision: int | None = None,
) -> NamedHours:
    """New hours, or changed ones. Raises BadInput, NotFound, Conflict when somebody changed them since."""
    acting_user.require(MANAGE)
    rows = BusinessHours.objects.select_for_update().filter(brand=brand, removed_at=None)
    row = rows.filter(pk=hours_id).first() if hours_id else BusinessHours(brand=brand, revision=0)
    if row is None:
        raise NotFound(_("There are no such hours."))
    if revision is not None and revision != row.revision:
        raise Conflict(_("Somebody changed these hours a moment ago."), remedy=_("Look at them, then save."))
    fill(row, form)
    if rows.filter(name=row.name).exclude(pk=row.pk).exists():
        raise BadInput(_("There are hours of this name already."), where="name")
    if row.is_default:
        rows.exclude(pk=row.pk).update(is_default=False)
    row.revision += 1
    row.save()
    record(acting_user, "business hours saved", "business hours", row.pk, {"name": row.name})
    transaction.on_commit(lambda: ask_to_count_due(brand.pk))
    return named_hours(row)


def fill(row: BusinessHours, form: HoursForm) -> BusinessHours:
    """Puts what people said into an unsaved row. Raises BadInput with the field in `where`."""
    row.name = one_line(storable(form.name))[:80]
    if not row.name:
        raise BadInput(_("This can't be empty."), where="name")
    row.time_zone = _zone(form.time_zone)
    if not any(form.week):
        raise BadInput(_("Somebody must work on at least one day of the week."), where="week")
    row.spans = {str(day): [list(pair) for pair in pairs] for day, pairs in enumerate(form.week)}
    if not is_place(form.country, form.subdivision):
        raise BadInput(_("No holidays are known of this place."), where="country")
    row.country, row.subdivision = form.country, form.subdivision
    row.holidays = holidays_of(row.country, row.subdivision, first_year(now().date()))
    row.worked_holidays = sorted(storable(each)[:120] for each in set(form.worked_holidays))[:100]
    row.special_days = _special(form.special_days)
    row.is_default = form.is_default
    return row


@transaction.atomic
def remove_hours(hours_id: uuid.UUID, *, acting_user: Actor, back: bool = False) -> None:
    """Whoever used them has the brand's own; kept, so that they can come back (`back`). Raises NotFound."""
    acting_user.require(MANAGE)
    rows = BusinessHours.objects.select_for_update().filter(brand_id=acting_user.brand_id, pk=hours_id)
    row = rows.filter(removed_at__isnull=not back).first()
    if row is None:
        raise NotFound(_("There are no such hours."))
    others = BusinessHours.objects.filter(brand_id=acting_user.brand_id, removed_at=None)
    if back:
        row.is_default = row.is_default and not others.filter(is_default=True).exists()
        if others.filter(name=row.name).exists():
            raise Conflict(_("There are hours of this name already."))
    row.removed_at = None if back else now()
    row.save(update_fields=["removed_at", "is_default"])
    verb = "business hours restored" if back else "business hours removed"
    record(acting_user, verb, "business hours", row.pk, {"name": row.name})
    transaction.on_commit(lambda: ask_to_count_due(acting_user.brand_id))


@transaction.atomic
def use_hours(chosen: Mapping[uuid.UUID, uuid.UUID | None], *, acting_user: Actor) -> None:
    """By account which hours it has, or (None) the brand's. Raises NotFound."""
    acting_user.require(MANAGE)
    standing = BusinessHours.objects.filter(brand_id=acting_user.brand_id, removed_at=None)
    known = set(standing.values_list("pk", flat=True))
    rows = ChannelAccount.objects.select_for_update(of=("self",)).filter(
        brand_id=acting_user.brand_id, pk__in=list(chosen), removed_at=None
    )
    for account in rows.order_by("pk"):
        wanted = chosen[account.pk]
        if wanted is not None and wanted not in known:
            raise NotFound(_("There are no such hours."))
        if account.settings.get(SETTING, "") != (text := str(wanted or "")):
            account.settings = {**account.settings, SETTING: text}
            account.save(update_fields=["settings"])
            record(acting_user, "channel changed", "channel", account.pk, {"name": account.name})
    transaction.on_commit(lambda: ask_to_count_due(acting_user.brand_id))


def renew_holidays() -> int:
    """Asks for the holidays of years that have come nearer; returns of how many hours."""
    wanted = first_year(now().date())
    renewed = 0
    for row in BusinessHours.objects.filter(removed_at=None).exclude(country=""):
        if not any(day.startswith(f"{wanted + 3}-") for day in row.holidays):
            found = holidays_of(row.country, row.subdivision, wanted)
            renewed += BusinessHours.objects.filter(pk=row.pk, revision=row.revision).update(holidays=found)
    return renewed


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ValueError, OSError, LookupError) as error:
        raise BadInput(_("“{text}” is no time zone.").format(text=name[:64]), where="time_zone") from error


def _special(days: Sequence[SpecialDay]) -> list[dict[str, object]]:
    if len({each.day for each in days}) < len(days):
        raise BadInput(_("A day can be special only once."), where="special_days")
    if len(days) > MOST_SPECIAL_DAYS:
        said = _("At most {n} special days fit here.").format(n=MOST_SPECIAL_DAYS)
        raise BadInput(said, where="special_days")
    return [
        {
            "day": each.day.isoformat(),
            "name": one_line(storable(each.name))[:80],
            "spans": [list(pair) for pair in each.spans],
        }
        for each in sorted(days, key=lambda each: each.day)
    ]
