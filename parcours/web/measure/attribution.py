"""Which channels conversions are owed to."""

from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.engine.charts import Bar, Svg, bars
from parcours.engine.words import percent
from parcours.events.channels import channel_label
from parcours.measures.attribution import MODELS, Credits, attribution
from parcours.measures.questions import event_names
from parcours.web.doors import Request, door
from parcours.web.measure.asked import page, read_asked
from parcours.web.measure.files import Answer
from parcours.web.measure.sentences import model_definition, model_name
from parcours.web.measure.usual import BOUGHT, LOOKBACK, chosen
from parcours.web.measure.waiting import unhurried

if TYPE_CHECKING:
    import pyarrow as pa


@door("measures.view")
@require_GET
@unhurried("measure/attribution.html")
def channels(request: Request) -> HttpResponseBase:
    """All models side by side, by channel."""
    asked = read_asked(request, by_event=True)
    choices = () if asked.empty else event_names(asked.question)
    conversion = chosen(request.GET.get("conversion", ""), BOUGHT, choices)
    lookback = request.GET.get("lookback", LOOKBACK if "conversion" not in request.GET else "").strip()
    by = request.GET.get("by", "").strip()
    extra: dict[str, object] = {
        "choices": choices,
        "events_only": True,
        "conversion": conversion,
        "lookback": lookback,
        "by": by,
        "models": [(model_name(model), model_definition(model)) for model in MODELS],
    }
    if not conversion:
        return page(request, "measure/attribution.html", asked, extra)
    found = attribution(asked.question, conversion, lookback=lookback, by=by)
    words = {"conversion": conversion, "lookback": lookback, "by": by}
    extra |= {
        "credits": found,
        "conversion_label": dict(choices)[conversion],
        "rows": [
            (
                each.channel if by else channel_label(each.channel),
                list(zip(each.shares, each.conversions, strict=True)),
                asked.customers("credited", touch=each.channel, **words),
            )
            for each in found.channels
        ],
    }
    answer = Answer("attribution", side_by_side(found), lambda: _picture(found))
    return page(request, "measure/attribution.html", asked, extra, answer)


def side_by_side(found: Credits) -> "pa.Table":
    """channel, then one column of conversions a model."""
    import pyarrow as pa

    columns: dict[str, list[str] | list[float]] = {"channel": [each.channel for each in found.channels]}
    for place, model in enumerate(found.models):
        columns[model] = [each.conversions[place] for each in found.channels]
    return pa.table(columns)


def _picture(found: Credits) -> Svg:
    """Each channel's mean over the models, with the range that the models span."""
    drawn = [
        Bar(
            each.channel,
            sum(each.shares) / len(each.shares),
            f"{percent(each.lowest)} – {percent(each.highest)}",
            each.lowest,
            each.highest,
        )
        for each in found.channels
    ]
    return bars(
        _("Attribution"),
        _("Share of the conversions each channel is owed: the mean of the models and the range they span."),
        sorted(drawn, key=lambda each: -each.value),
    )
