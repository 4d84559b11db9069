"""The filters that stand in the address of every page of numbers: a period and a segment."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.periods import Period, read_period
from parcours.customers.reads import segment as named_segment
from parcours.customers.reads import segments
from parcours.events.reads import latest_event_at
from parcours.web.doors import Request

CUSTOM = "custom"
TO = ".."
USUAL = "90d"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page is filtered by, and what could be chosen instead (keys with their labels).

    `usual_segment` is whom the page is about where the address doesn't say.
    """

    period: Period
    segment: str
    segment_name: str
    periods: tuple[tuple[str, str], ...]
    segments: tuple[tuple[str, str], ...]
    usual_segment: str = ""

    @property
    def period_choice(self) -> str:
        """The value among `periods` that stands for the period."""
        chosen = self.period
        return f"{chosen.first_day}{TO}{chosen.last_day}" if chosen.key == CUSTOM else chosen.key

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        return urlencode(self.words())

    def words(self) -> dict[str, str]:
        said = self.segment or self.usual_segment
        return {**self.period.as_query(), **({"segment": self.segment} if said else {})}


def read_filters(request: Request, query: QueryDict | None = None, *, usual_segment: str = "") -> Filters:
    """From the request's own address, or the one given. A usual segment that is gone counts as everybody.

    Raises BadInput for a period that is none, NotFound for a segment that isn't there.
    """
    asked = request.GET if query is None else query
    usual = USUAL if _still_happening(request.brand) else "all"
    period = read_period(_spelled_out(asked), request.brand.time_zone, default=usual)
    known = tuple((each.key, each.name) for each in segments(request.brand))
    usual_segment = usual_segment if usual_segment in dict(known) else ""
    segment = asked.get("segment", usual_segment)
    name = named_segment(request.brand, segment).name if segment else ""
    return Filters(
        period=period,
        segment=segment,
        segment_name=name,
        periods=_periods(period),
        segments=known,
        usual_segment=usual_segment,
    )


def _still_happening(brand: Brand) -> bool:
    """A log that ended long ago has nothing in the last 90 days: it is shown whole unless asked otherwise."""
    latest = latest_event_at(brand)
    return latest is None or latest >= now() - timedelta(days=int(USUAL[:-1]))


def _periods(chosen: Period) -> tuple[tuple[str, str], ...]:
    usual = [(f"{days}d", _("Last {days} days").format(days=days)) for days in (7, 30, 90, 365)]
    usual.append(("all", _("All time")))
    if chosen.key == CUSTOM:
        usual.append((f"{chosen.first_day}{TO}{chosen.last_day}", chosen.label))
    elif chosen.key not in {key for key, _label in usual}:
        usual.append((chosen.key, chosen.label))
    return tuple(usual)


def _spelled_out(query: QueryDict) -> dict[str, str]:
    """A choice of days is one value in a form, `2026-01-01..2026-03-31`, and two words in an address."""
    words = {name: query.get(name, "") for name in ("period", "from", "to")}
    first, to, last = words.get("period", "").partition(TO)
    return {"from": first, "to": last} if to else words
