"""The questions of Measure as cards: each with the number and the sentence that stand out in its answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from parcours.core.formats import count, share, span
from parcours.events.channels import channel_label
from parcours.measures.attribution import Credit, attribution
from parcours.measures.comparison import before, compare
from parcours.measures.conformance import followed
from parcours.measures.flow import flow
from parcours.measures.funnel import Funnel, funnel
from parcours.measures.questions import Transition, event_names, transitions, variants
from parcours.measures.reasons import Loss, loss
from parcours.measures.retention import survival
from parcours.measures.sessions import sessions
from parcours.measures.steps import Step
from parcours.web.measure.asked import Asked
from parcours.web.measure.sentences import deviation_sentence, reason_sentence
from parcours.web.measure.sessions import GAP, columns
from parcours.web.measure.usual import BEFORE_BUYING, BOUGHT, FIRST_LOOKS, LOOKBACK, WINDOW, first_of
from parcours.web.templatetags.look import points

FEWEST = 5
MOST_BARS = 5
LONGEST_PATH = 6
MONTH = 30 * 86_400
OFTEN = 30
"""A transition taken fewer times is no habit worth a sentence."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`width` is a share of the whole width; `hue` a stage's."""

    label: str
    width: float
    text: str
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """`figure` is the number and `named` what it is; then the sentence, and one small picture."""

    title: str
    url: str
    figure: str = ""
    named: str = ""
    sentence: str = ""
    bars: tuple[Bar, ...] = ()
    path: tuple[Step, ...] = ()
    more: int = 0
    columns: list[dict[str, str]] = field(default_factory=list)


Maker = Callable[[Asked, Card], Card]


def blank(key: str, asked: Asked) -> Card:
    """A card with nothing on it but its question."""
    titles = {
        "funnel": (_("How far customers get"), "measure_funnel"),
        "losses": (_("Where customers are lost, and why"), "measure_reasons"),
        "conformance": (_("Who follows the drawn journey"), "measure_conformance"),
        "flow": (_("What happens next"), "measure_flow"),
        "paths": (_("Which ways customers take"), "measure_variants"),
        "transitions": (_("What follows what"), "measure_transitions"),
        "channels": (_("Which channels lead there"), "measure_attribution"),
        "retention": (_("Who comes back"), "measure_retention"),
        "sessions": (_("How customers visit"), "measure_sessions"),
        "compare": (_("What changed"), "measure_compare"),
    }
    title, route = titles[key]
    return Card(title, asked.page(route))


def filled(key: str, asked: Asked) -> Card:
    """The card with its answer. Raises BadInput."""
    return MAKERS[key](asked, blank(key, asked))


def _silent(card: Card) -> Card:
    return replace(card, sentence=_("Too few customers in this period to tell."))


def _hue(step: Step | None) -> int | None:
    return step.hue if step else None


def _steps(asked: Asked) -> list[str]:
    """The funnel that is asked when nobody has said: the drawn steps, or the way to an order."""
    if asked.drawing:
        return list(asked.drawing.main)
    known = {name for name, _label in event_names(asked.question)}
    return [name for name in (*FIRST_LOOKS[:1], *reversed(BEFORE_BUYING[:3]), *BOUGHT) if name in known]


def _funnel(asked: Asked, card: Card) -> Card:
    steps = _steps(asked)
    if len(steps) < 2:
        return replace(card, sentence=_("Choose the steps, and see how many customers reach each."))
    found: Funnel = funnel(asked.question, steps, drawing=asked.drawing).groups[0]
    if found.customers < FEWEST or found.biggest_loss is None:
        return _silent(card)
    worst = found.steps[found.biggest_loss]
    sentence = _("The biggest loss is at “{step}”: {share} of {customers} stop there.").format(
        step=worst.step.name, share=share(worst.stopped / worst.customers), customers=count(worst.customers)
    )
    bars = [
        Bar(each.step.name, each.conversion or 0.0, share(each.conversion), _hue(each.step))
        for each in found.steps
    ]
    last = found.steps[-1].step.name
    named = _("of {n} customers come to “{step}”").format(n=count(found.customers), step=last)
    return replace(card, figure=share(found.conversion), named=named, sentence=sentence, bars=tuple(bars))


def _losses(asked: Asked, card: Card) -> Card:
    names = event_names(asked.question)
    at, to = first_of(BEFORE_BUYING, names), first_of(BOUGHT, names)
    if at and to:
        labels = dict(names)
        found = loss(asked.question, at, to, within=WINDOW)
        return _loss(card, found, labels[at], labels[to])
    steps = asked.drawing.main if asked.drawing else ()
    if len(steps) < 2 or asked.drawing is None:
        return replace(card, sentence=_("Choose two steps, and see what sets the lost apart."))
    found = loss(asked.question, steps[-2], steps[-1], drawing=asked.drawing)
    at, to = (asked.drawing.steps[each].name for each in steps[-2:])
    return _loss(card, found, at, to)


def _loss(card: Card, found: Loss, at: str, to: str) -> Card:
    if found.customers < FEWEST:
        return _silent(card)
    named = _("of {n} are lost between “{at}” and “{to}”").format(n=count(found.customers), at=at, to=to)
    sentence = _("Nothing sets the lost apart more than chance would.")
    if found.reasons:
        best = found.reasons[0]
        sentence = _("Most where {reason}: {share} are lost there, {others} elsewhere.").format(
            reason=reason_sentence(best), share=share(best.lost_share), others=share(best.others_share)
        )
    bars = [
        Bar(reason_sentence(each), each.lost_share, share(each.lost_share))
        for each in found.reasons[: MOST_BARS - 1]
    ]
    if bars:
        others = found.reasons[0].others_share
        bars.insert(1, Bar(_("elsewhere"), others, share(others)))
    return replace(card, figure=share(found.share), named=named, sentence=sentence, bars=tuple(bars))


def _conformance(asked: Asked, card: Card) -> Card:
    if asked.drawing is None or not asked.drawing.shown:
        return replace(card, sentence=_("Draw a journey, and see who follows it."))
    found = followed(asked.question, asked.drawing)
    if found.customers < FEWEST:
        return _silent(card)
    drawn = [each for each in found.deviations if each.kind != "off_map"]
    sentence = _("Nobody leaves the drawing.")
    if drawn:
        sentence = _("Most who leave it {deviation}: {n}.").format(
            deviation=deviation_sentence(drawn[0]), n=count(drawn[0].customers)
        )
    bars = [Bar(each.step.name, each.share or 0.0, share(each.share), each.step.hue) for each in found.steps]
    named = _("of {n} customers go as drawn").format(n=count(found.customers))
    return replace(
        card, figure=share(found.share), named=named, sentence=sentence, bars=tuple(bars[:MOST_BARS])
    )


def _flow(asked: Asked, card: Card) -> Card:
    names = event_names(asked.question)
    at = asked.drawing.main[0] if asked.drawing and asked.drawing.main else first_of(BEFORE_BUYING, names)
    if not at:
        return replace(card, sentence=_("Choose a step, and see what comes after it and what led to it."))
    found = flow(asked.question, at, drawing=asked.drawing)
    if found.customers < FEWEST:
        return _silent(card)
    after = [each for each in found.places if each.column == 1]
    here = next(each for each in found.places if each.column == 0)
    after.sort(key=lambda each: -each.customers)
    bars = [
        Bar(_placed(each.step, each.activity), each.share, share(each.share), _hue(each.step))
        for each in after
    ]
    best = next((each for each in after if each.step), None)
    start = here.step.name if here.step else ""
    sentence = _("After “{step}” nobody does anything more.").format(step=start)
    if best and best.step:
        sentence = _("After “{step}” most who go on come to “{next}”.").format(
            step=start, next=best.step.name
        )
    ended = next((each.share for each in after if each.activity == "nothing"), 0.0)
    named = _("of {n} with “{step}” do something else next").format(n=count(found.customers), step=start)
    return replace(
        card, figure=share(1 - ended), named=named, sentence=sentence, bars=tuple(bars[:MOST_BARS])
    )


def _placed(step: Step | None, activity: str) -> str:
    if step:
        return step.name
    return _("something rarer") if activity == "other" else _("nothing more")


def _paths(asked: Asked, card: Card) -> Card:
    found = variants(asked.question, drawing=asked.drawing)
    if found.customers < FEWEST or not found.top:
        return _silent(card)
    top = found.top[0]
    longer = next((each for each in found.top if len(each.activities) > 1), top)
    sentence = _("The most frequent way with more than one step is taken by {n} customers.").format(
        n=count(longer.customers)
    )
    if longer is top:
        sentence = _("The {n} most frequent ways are those of {share} of the customers.").format(
            n=len(found.top), share=share(1 - found.others / found.customers)
        )
    return replace(
        card,
        figure=share(top.share),
        named=_("of {n} customers take the most frequent way").format(n=count(found.customers)),
        sentence=sentence,
        path=longer.steps[:LONGEST_PATH],
        more=len(longer.activities) - len(longer.steps[:LONGEST_PATH]),
    )


def _transitions(asked: Asked, card: Card) -> Card:
    found = transitions(asked.question, drawing=asked.drawing).top
    habits = [each for each in found if each.count >= OFTEN and each.activities[0] != each.activities[1]]
    if not habits:
        return _silent(card)
    slowest = max(habits, key=lambda each: each.median_seconds)
    sentence = _("The longest way is from “{source}” to “{target}”: half take more than {time}.").format(
        source=slowest.source.name, target=slowest.target.name, time=span(slowest.median_seconds)
    )
    most = habits[0]
    named = _("times “{target}” directly after “{source}”").format(
        source=most.source.name, target=most.target.name
    )
    bars = [Bar(_arrow(each), each.count / most.count, count(each.count)) for each in habits[:MOST_BARS]]
    return replace(card, figure=count(most.count), named=named, sentence=sentence, bars=tuple(bars))


def _arrow(each: Transition) -> str:
    return f"{each.source.name} → {each.target.name}"


def _channels(asked: Asked, card: Card) -> Card:
    conversion = first_of(BOUGHT, event_names(asked.question))
    if not conversion:
        return replace(
            card, sentence=_("Choose what counts as a conversion, and see which channels led there.")
        )
    found = attribution(asked.question, conversion, lookback=LOOKBACK)
    if found.conversions < FEWEST or not found.channels:
        return _silent(card)
    ranked = sorted(found.channels, key=lambda each: -_mean(each))
    best = ranked[0]
    first = sum(
        max(found.channels, key=lambda each: each.shares[place]) is best for place in range(len(found.models))
    )
    sentence = _("{channel} is owed the most by {n} of {all} models, between {low} and {high}.").format(
        channel=channel_label(best.channel),
        n=first,
        all=len(found.models),
        low=share(best.lowest),
        high=share(best.highest),
    )
    bars = [
        Bar(channel_label(each.channel), _mean(each) / _mean(best), share(_mean(each)))
        for each in ranked[:MOST_BARS]
    ]
    named = _("of {n} conversions are owed to {channel}, the models’ mean").format(
        n=count(found.conversions), channel=channel_label(best.channel)
    )
    return replace(card, figure=share(_mean(best)), named=named, sentence=sentence, bars=tuple(bars))


def _mean(each: Credit) -> float:
    return sum(each.shares) / len(each.shares)


def _retention(asked: Asked, card: Card) -> Card:
    bought = first_of(BOUGHT, event_names(asked.question))
    if not bought:
        return replace(card, sentence=_("Choose what counts as coming back, and see after how long."))
    curves = survival(asked.question, bought, start=bought).curves
    if not curves or curves[0].customers < FEWEST:
        return _silent(card)
    curve = curves[0]
    days = [(7, _("within a week")), (30, _("within 30 days")), (90, _("within 90 days"))]
    shares = [(words, _by(curve.points, number * 86_400)) for number, words in days]
    most = max(value for _words, value in shares) or 1.0
    if curve.median_seconds is None:
        sentence = _("Fewer than half of them came back at all in the time that was seen.")
    else:
        sentence = _("Half of them come back within {time}.").format(time=span(curve.median_seconds))
    return replace(
        card,
        figure=share(_by(curve.points, MONTH)),
        named=_("of {n} buyers order again within 30 days").format(n=count(curve.customers)),
        sentence=sentence,
        bars=tuple(Bar(words, value / most, share(value)) for words, value in shares),
    )


def _by(points: Iterable[tuple[float, float, float | None, float | None]], seconds: float) -> float:
    """To which share it has happened by then."""
    still = 1.0
    for at, remaining, _low, _high in points:
        if at > seconds:
            break
        still = remaining
    return 1 - still


def _sessions(asked: Asked, card: Card) -> Card:
    found = sessions(asked.question, GAP)
    if found.all.customers < FEWEST:
        return _silent(card)
    sentence = _("Half last less than {time}; {share} are of a single event.").format(
        time=span(found.all.median_seconds), share=share(found.single / found.all.sessions)
    )
    return replace(
        card,
        figure=count(round(found.a_day, 1) if found.a_day < 10 else round(found.a_day)),
        named=_("visits a day"),
        sentence=sentence,
        columns=columns(found.by_time),
    )


def _compare(asked: Asked, card: Card) -> Card:
    other = before(asked.question)
    if other is None:
        return replace(card, sentence=_("Choose a period that has a beginning, or two groups of customers."))
    found = compare(asked.question, other, drawing=asked.drawing)
    if found.customers < FEWEST or found.other_customers < FEWEST:
        return _silent(card)
    best = found.clearest
    if best is None:
        return replace(
            card, sentence=_("Nothing differs from the time before more than chance would have it.")
        )
    sentence = _("{share} of the customers do “{step}”, {other} in as long a time before.").format(
        share=share(best.share), step=best.steps[0].name, other=share(best.other_share)
    )
    bars = [
        Bar(each.steps[0].name, each.share, points(each.difference), each.steps[0].hue)
        for each in found.steps[:MOST_BARS]
    ]
    named = _("“{step}”, the clearest change").format(step=best.steps[0].name)
    return replace(card, figure=points(best.difference), named=named, sentence=sentence, bars=tuple(bars))


MAKERS: dict[str, Maker] = {
    "funnel": _funnel,
    "losses": _losses,
    "conformance": _conformance,
    "flow": _flow,
    "paths": _paths,
    "transitions": _transitions,
    "channels": _channels,
    "retention": _retention,
    "sessions": _sessions,
    "compare": _compare,
}
