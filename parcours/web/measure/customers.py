"""The customers behind a number of Measure, as a page and as a file."""

import csv
from collections.abc import Callable, Iterator, Sequence
from io import StringIO

from django.http import QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.core.cells import harmless
from parcours.core.errors import BadInput, NotFound
from parcours.core.formats import share
from parcours.customers.reads import profiles
from parcours.measures import members
from parcours.measures.answering import step_of
from parcours.measures.conformance import deviating, fitting
from parcours.measures.drawing import Drawing
from parcours.measures.funnel import NOTHING, in_funnel
from parcours.measures.members import Members
from parcours.measures.sessions import in_sessions
from parcours.web.doors import Request, door
from parcours.web.measure.asked import LONGEST_ADDRESS, Asked, page, read_asked
from parcours.web.measure.sentences import deviation_title

PAGE = 50
MOST_PATHS = 5
CHUNK = 1_000


@door("measures.view")
@require_GET
def customers(request: Request) -> HttpResponseBase:
    asked = read_asked(request, by_event=True)
    title, found = whose(asked, request.GET)
    ways = members.paths_of(found, asked.question, asked.drawing, MOST_PATHS)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(_number(request.GET, "page", 1), 1), pages)
    shown = found.between((number - 1) * PAGE, number * PAGE)
    known = profiles(request.brand, [each.customer for each in shown])
    extra = {
        "heading": title,
        "size": len(found),
        "members": [(each, known.get(each.customer)) for each in shown],
        "number": number,
        "pages": pages,
        "before": _turned(request.GET, number - 1) if number > 1 else "",
        "after": _turned(request.GET, number + 1) if number < pages else "",
        "here_query": request.GET.urlencode(),
        "ways": [(each, _along(request.GET, each.activities)) for each in ways.top],
        "ways_more": ways.others,
        "walked": [step_of(each, asked.drawing) for each in request.GET.getlist("along")],
        "without_way": _along(request.GET, ()),
    }
    return page(request, "measure/customers.html", asked, extra)


@door("customers.view")
@require_GET
def customers_csv(request: Request) -> HttpResponseBase:
    _title, found = whose(read_asked(request, by_event=True), request.GET)
    response = StreamingHttpResponse(_lines(request, found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return response


def _lines(request: Request, found: Members) -> Iterator[str]:
    yield _line(("customer", "user_id", "name", "email", "last_seen", "last_event"))
    for first in range(0, len(found), CHUNK):
        chunk = found.between(first, first + CHUNK)
        known = profiles(request.brand, [each.customer for each in chunk])
        for each in chunk:
            profile = known.get(each.customer)
            identities = profile.identities if profile else ()
            user_id = next((one.value for one in identities if one.kind == "user_id"), "")
            who = (user_id, profile.name, profile.email) if profile else ("", "", "")
            yield _line((each.customer, *who, each.seen_at.isoformat(timespec="seconds"), each.last_event))


def _line(cells: Sequence[object]) -> str:
    text = StringIO()
    csv.writer(text).writerow([harmless(cell) for cell in cells])
    return text.getvalue()


def whose(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    """Who they are, in words, and they themselves. Raises BadInput, NotFound."""
    if asked.empty:
        raise NotFound(_("No events are stored yet."))
    who = _WHO.get(query.get("who", ""))
    if who is None:
        raise BadInput(_("The address doesn't say whose customers."), where="who")
    title, found = who(asked, query)
    if path := query.getlist("along"):
        found = members.along(found, asked.question, asked.drawing, path)
    return title, found


def _along(query: QueryDict, path: Sequence[str]) -> str:
    """The address of those of the customers who take a path; nothing for one too long for an address."""
    if len(path) > LONGEST_ADDRESS:
        return ""
    words = query.copy()
    words.pop("page", None)
    words.setlist("along", list(path))
    return words.urlencode()


def _in_funnel(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    steps, place = query.getlist("step"), _number(query, "n", 1)
    if not 1 <= place <= len(steps):
        raise BadInput(_("The funnel has no such step."), where="n")
    stopped = query.get("stopped") == "yes"
    names = ("within", "by", "group", "strict", "stopped", "then")
    how = {name: query.get(name, "") for name in names if name in query}
    found = in_funnel(asked.question, asked.drawing, steps, place, **how)
    words = _("Who stopped at “{step}”") if stopped else _("Who reached “{step}”")
    if query.get("then") == NOTHING:
        words = _("Who stopped at “{step}” and did nothing more")
    elif query.get("then"):
        words = _("Who stopped at “{step}” and then did “{then}”")
    return words.format(step=_name(asked, steps[place - 1]), then=_name(asked, query.get("then", ""))), found


def _on_path(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    path = query.getlist("step")
    names = " → ".join(_name(asked, each) for each in path)
    return _("Who took the path {path}").format(path=names), members.on_path(
        asked.question, asked.drawing, path
    )


def _in_transition(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    source, target = query.get("source", ""), query.get("target", "")
    title = _("Who went from “{source}” directly to “{target}”")
    found = members.in_transition(asked.question, asked.drawing, source, target)
    return title.format(source=_name(asked, source), target=_name(asked, target)), found


def _doing(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    activity = query.get("activity", "")
    found = members.doing(asked.question, asked.drawing, activity)
    return _("Who did “{step}”").format(step=_name(asked, activity)), found


def _in_flow(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    depth, column = min(_number(query, "depth", 4), 12), _number(query, "column", 0)
    if column > depth or (query.get("target") and column >= depth):
        raise BadInput(_("The flow has no such step."), where="column")
    found = members.in_flow(
        asked.question,
        asked.drawing,
        query.get("at", ""),
        backwards=query.get("way") == "before",
        depth=depth,
        column=column,
        activity=query.get("activity", ""),
        target=query.get("target", ""),
    )
    names = {"nothing": _("nothing"), "other": _("something rarer")}
    source, target = (query.get(name, "") for name in ("activity", "target"))
    title = _("Who is at “{source}”, then “{target}”") if target else _("Who is at “{source}”")
    named = {
        "source": names.get(source) or _name(asked, source),
        "target": names.get(target) or _name(asked, target),
    }
    return title.format(**named), found


def _lost(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    at, to, within = (query.get(name, "") for name in ("at", "goal", "within"))
    reason = {name: query.get(name, "") for name in ("kind", "name", "value", "since", "until")}
    everybody = query.get("all") == "yes"
    found = members.lost_for(
        asked.question, asked.drawing, at, to, within=within, reason=reason, everybody=everybody
    )
    title = _("Who was lost between “{at}” and “{to}”")
    if everybody:
        title = _("Who came to “{at}”, and to “{to}” or not")
    return title.format(at=_name(asked, at), to=_name(asked, to)), found


def _instead(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    at, to, within = (query.get(name, "") for name in ("at", "goal", "within"))
    activity = query.get("activity", "-")
    found = members.doing_instead(
        asked.question, asked.drawing, at, to, within=within, activity="" if activity == "-" else activity
    )
    if activity == "-":
        title = _("Who did nothing more after “{at}”")
    else:
        title = _("Who did “{step}” after “{at}”, and never “{to}”")
    return title.format(at=_name(asked, at), to=_name(asked, to), step=_name(asked, activity)), found


def _credited(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    conversion, touch = query.get("conversion", ""), query.get("touch", "")
    found = members.credited(
        asked.question, conversion, touch, lookback=query.get("lookback", ""), by=query.get("by", "")
    )
    title = _("Who came to “{step}” with “{channel}” on the way")
    return title.format(step=_name(asked, conversion), channel=touch), found


def _deviating(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    kind, activity, after = (query.get(name, "") for name in ("kind", "activity", "after"))
    found = deviating(
        asked.question,
        _drawn(asked),
        kind=kind,
        activity=activity,
        after=after,
        whole=query.get("whole") == "yes",
    )
    step, before = _name(asked, activity), _name(asked, after)
    return deviation_title(kind).format(step=step, before=before), found


def _fitting(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    low, high = _share(query, "low", 0.0), _share(query, "high", 1.0)
    found = fitting(asked.question, _drawn(asked), low, high, whole=query.get("whole") == "yes")
    if low >= 1:
        return _("Who follows the journey as it is drawn"), found
    return _("Whose way fits the drawn journey from {low} to {high}").format(
        low=share(low), high=share(high)
    ), found


def _drawn(asked: Asked) -> Drawing:
    if asked.drawing is None:
        raise BadInput(_("The address doesn't say which journey."), where="of")
    return asked.drawing


def _in_sessions(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    names = ("touch", "day", "days", "events", "length")
    wish = {name: query.get(name, "") for name in names}
    return _("Who had such sessions"), in_sessions(asked.question, query.get("gap") or "30min", **wish)


def _in_cohort(asked: Asked, query: QueryDict) -> tuple[str, Members]:
    later = _number(query, "later", 0) if "later" in query else None
    day = query.get("day", "")
    found = members.in_cohort(
        asked.question,
        query.get("cohort", "month"),
        first_day=day,
        later=later,
        start=query.get("start", ""),
        activity=query.get("activity", ""),
    )
    if later is None:
        return _("Who began in the period from {day} on").format(day=day), found
    return _("Who began in the period from {day} on and was there {n} later").format(day=day, n=later), found


_WHO: dict[str, Callable[[Asked, QueryDict], tuple[str, Members]]] = {
    "funnel": _in_funnel,
    "path": _on_path,
    "transition": _in_transition,
    "doing": _doing,
    "flow": _in_flow,
    "lost": _lost,
    "instead": _instead,
    "credited": _credited,
    "cohort": _in_cohort,
    "deviation": _deviating,
    "fitness": _fitting,
    "sessions": _in_sessions,
}


def _name(asked: Asked, activity: str) -> str:
    return step_of(activity, asked.drawing).name


def _number(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 8 else default


def _share(query: QueryDict, name: str, default: float) -> float:
    try:
        return min(max(float(query.get(name, "")), 0.0), 1.0)
    except ValueError:
        return default


def _turned(query: QueryDict, number: int) -> str:
    words = query.copy()
    words["page"] = str(number)
    return words.urlencode()
