"""Where customers are lost, and what sets the lost apart."""

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from parcours.measures import pictures
from parcours.measures.reasons import Loss, Reason, loss
from parcours.web.doors import Request, door
from parcours.web.measure.asked import Asked, page, read_asked, step_choices
from parcours.web.measure.files import Answer
from parcours.web.measure.sentences import by_chance, reason_sentence
from parcours.web.measure.usual import BEFORE_BUYING, BOUGHT, WINDOW, chosen
from parcours.web.measure.waiting import unhurried


@door("measures.view")
@require_GET
@unhurried("measure/reasons.html")
def reasons(request: Request) -> HttpResponseBase:
    """Who reached a step and did not go on to another, and what they have in common."""
    asked = read_asked(request, by_event=True)
    choices = step_choices(asked)
    at, to = _steps(request, asked, choices)
    within = request.GET.get("within", WINDOW if "at" not in request.GET else "").strip()
    extra: dict[str, object] = {"choices": choices, "at": at, "to": to, "within": within}
    if asked.empty or not at or not to or at == to:
        return page(request, "measure/reasons.html", asked, extra)
    found = loss(asked.question, at, to, drawing=asked.drawing, within=within)
    words = {"at": at, "goal": to, "within": within}
    labels = dict(choices)
    extra |= {
        "loss": found,
        "at_label": labels[at],
        "to_label": labels[to],
        "lost_customers": asked.customers("lost", **words),
        "all_customers": asked.customers("lost", all="yes", **words),
        "rows": _rows(asked, found, words),
        "instead": [
            (each, asked.customers("instead", activity=each.name or "-", **words))
            for each in found.instead[:10]
        ],
    }
    answer = Answer("reasons", found.table, lambda: pictures.dropoff(found.table, asked.names()))
    return page(request, "measure/reasons.html", asked, extra, answer)


def _steps(request: Request, asked: Asked, choices: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    at, to = request.GET.get("at", ""), request.GET.get("goal", "")
    if not asked.drawing:
        return chosen(at, BEFORE_BUYING, choices), chosen(to, BOUGHT, choices)
    drawn = asked.drawing.shown
    at = chosen(at, asked.drawing.main, choices)
    behind = drawn[drawn.index(at) + 1 :] if at in drawn else ()
    main = [step for step in behind if step in asked.drawing.main]
    return at, chosen(to, main or behind, choices)


def _rows(asked: Asked, found: Loss, words: dict[str, str]) -> list[dict[str, object]]:
    top = max((max(each.lost_share, each.others_share) for each in found.reasons), default=1.0) or 1.0
    return [
        {
            "reason": each,
            "sentence": reason_sentence(each),
            "chance": by_chance(each.p_value),
            "width": each.lost_share / top,
            "others_width": each.others_share / top,
            "customers": asked.customers("lost", **words, **_named(each)),
            "everybody": asked.customers("lost", all="yes", **words, **_named(each)),
        }
        for each in found.reasons
    ]


def _named(reason: Reason) -> dict[str, str]:
    return {
        "kind": reason.kind,
        "name": reason.name,
        "value": reason.value,
        "since": reason.since.isoformat() if reason.since else "",
        "until": reason.until.isoformat() if reason.until else "",
    }
