"""What each channel does for customers and what it costs, and whether the accounts on it work."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import BadInput
from parcours.core.formats import count, share
from parcours.engine.charts import Bar, Svg, bars
from parcours.events.channels import channel_label
from parcours.inbox.placing.costs import costs, set_costs
from parcours.inbox.placing.watching import facts_of, sentence
from parcours.inbox.reads.health import health
from parcours.measures.channels import CALLED, WRITTEN, ChannelImpact, ChannelNumbers, channel_impact
from parcours.measures.questions import event_names
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.usual import BOUGHT, chosen
from parcours.web.measure.waiting import unhurried

if TYPE_CHECKING:
    import pyarrow as pa

_COST = "cost-"


@dataclass(frozen=True, slots=True)
class Row:
    """A channel's line; `cost` is of all its contacts, None where nobody said what one costs."""

    label: str
    numbers: ChannelNumbers
    customers: str
    cost: Decimal | None = None
    each: Decimal | None = None


@door("measures.view")
@require_GET
@unhurried("impact/channels.html")
def impact(request: Request) -> HttpResponseBase:
    """One row a channel, and the accounts with what is wrong with them."""
    asked = read_asked(request, by_event=True)
    choices = () if asked.empty else event_names(asked.question)
    conversion = chosen(request.GET.get("conversion", ""), BOUGHT, choices)
    known = costs(request.brand.pk)
    extra: dict[str, object] = {
        "choices": choices,
        "events_only": True,
        "conversion": conversion,
        "conversion_label": dict(choices).get(conversion, ""),
        "troubles": _troubles(request) if request.actor.may("inbox.manage") else (),
        "costs": known,
    }
    if asked.empty:
        return page(request, "impact/channels.html", asked, extra)
    found = channel_impact(asked.question, conversion)
    rows = [_row(asked, each, known) for each in found.channels]
    extra |= {"rows": rows, "total": _total(found, rows)}
    return page(
        request,
        "impact/channels.html",
        asked,
        extra,
        Answer("channels", _table(found, rows), lambda: _picture(rows)),
    )


@door("inbox.manage")
@require_POST
def set_channel_costs(request: Request) -> HttpResponse:
    """Each field is named after its channel; an empty one takes the cost back."""
    given = {
        name.removeprefix(_COST): str(value) for name, value in request.POST.items() if name.startswith(_COST)
    }
    try:
        set_costs(given, acting_user=request.actor)
    except BadInput as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The costs are stored."))
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{reverse('measure_impact')}{'?' if query else ''}{query}")


def _row(asked: Asked, numbers: ChannelNumbers, known: dict[str, Decimal]) -> Row:
    each = known.get(numbers.channel)
    begun = CALLED if numbers.channel == "phone" else WRITTEN
    return Row(
        label=channel_label(numbers.channel),
        numbers=numbers,
        customers=asked.customers("doing", activity=begun, channel=numbers.channel),
        cost=None if each is None else each * numbers.contacts,
        each=each,
    )


def _total(found: ChannelImpact, rows: list[Row]) -> Row | None:
    if found.total is None or len(rows) < 2:
        return None
    said = [row.cost for row in rows if row.cost is not None]
    whole = sum(said, Decimal(0)) if len(said) == len(rows) else None
    return Row(_("All channels"), found.total, "", whole)


def _troubles(request: Request) -> list[tuple[str, str]]:
    """Sentences with the address of the account."""
    return [
        (sentence(facts_of(account, kind)), reverse("inbox_channel", args=[account.account_id]))
        for account in health(request.brand.pk, request.brand.time_zone)
        for kind in account.troubles
    ]


def _picture(rows: list[Row]) -> Svg:
    """How many contacts came by each channel."""
    drawn = [
        Bar(row.label, row.numbers.share, f"{count(row.numbers.contacts)} · {share(row.numbers.share)}")
        for row in rows
    ]
    return bars(
        _("Channel impact"), _("Share of the contacts of the period that came by each channel."), drawn
    )


def _table(found: ChannelImpact, rows: list[Row]) -> "pa.Table":
    import pyarrow as pa

    columns: dict[str, list[object]] = {
        "channel": [row.numbers.channel for row in rows],
        "contacts": [row.numbers.contacts for row in rows],
        "share": [row.numbers.share for row in rows],
        "answered": [row.numbers.answered for row in rows],
        "median_seconds": [row.numbers.median_seconds for row in rows],
        "p90_seconds": [row.numbers.p90_seconds for row in rows],
        "business_median_seconds": [row.numbers.business_median_seconds for row in rows],
        "business_p90_seconds": [row.numbers.business_p90_seconds for row in rows],
        "cost": [None if row.cost is None else float(row.cost) for row in rows],
    }
    for name in ("resolved", "first_contact", "repeat", "satisfied", "proactive", "converted"):
        shares = [getattr(each, name) for each in found.channels]
        columns[name] = [each.value for each in shares]
        columns[f"{name}_low"] = [each.interval[0] if each.interval else None for each in shares]
        columns[f"{name}_high"] = [each.interval[1] if each.interval else None for each in shares]
        columns[f"{name}_n"] = [each.n for each in shares]
    return pa.table(columns)
