"""What proposals from the log say, in the reader's language, and the words of what accepting them writes."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parcours.canvas.proposals.kinds import Facts, Kind
from parcours.core.conditions import shown_day
from parcours.core.formats import count, share
from parcours.core.property_names import property_label
from parcours.core.text import quoted
from parcours.events.catalogue import label_of
from parcours.events.channels import channel_label
from parcours.notices.kinds import NoticeKind

MISSING, SILENT, SKIPPED, BACK, ORDER = (
    "missing-touchpoint",
    "silent-touchpoint",
    "stage-skipped",
    "stage-back",
    "stage-order",
)
CONVERSION, GROUP, NEED, STALE = "conversion-changed", "group-apart", "new-need", "card-stale"
EPISODE, AGAIN, ENDING = "group-for-a-while", "group-again", "group-ending"
NEW_PROPOSALS = "new-proposals"
MOST_NAMED = 3


def _touchpoint_name(facts: Facts) -> str:
    """“Article viewed, Article searched”, with the channel where others are on the map already."""
    names = [label_of(name) for name in facts["names"][:MOST_NAMED]]
    shown = ", ".join(names) + ("…" if len(facts["names"]) > MOST_NAMED else "")
    channels = facts.get("channels", [])
    if facts.get("all_channels") or len(channels) != 1:
        return shown
    return f"{shown} ({channel_label(channels[0])})"


def _missing(facts: Facts) -> str:
    return _touchpoint_name(facts)


def _missing_why(facts: Facts) -> str:
    said = _(
        "{customers} customers in {days} days, and no touchpoint of this map means it. {there} of them were "
        "in {stage} just before or after."
    )
    return said.format(
        customers=count(facts["customers"]),
        days=count(facts["days"]),
        there=share(facts["there"] / facts["customers"]),
        stage=facts["stage"],
    )


def _silent(facts: Facts) -> str:
    if not facts["past_customers"]:
        return _("{touchpoint} never had any event").format(touchpoint=quoted(facts["touchpoint"]))
    said = _("{touchpoint} has been silent for {days} days")
    return said.format(touchpoint=quoted(facts["touchpoint"]), days=count(facts["days"]))


def _silent_why(facts: Facts) -> str:
    if not facts["past_customers"]:
        return _("No event of the last {days} days fits its rule. Perhaps the rule is wrong.").format(
            days=count(facts["days"])
        )
    said = _(
        "Before, it had {customers} customers in {past} days; {expected} would have been expected since."
    )
    return said.format(
        customers=count(facts["past_customers"]),
        past=count(facts["past_days"]),
        expected=count(round(facts["expected"])),
    )


def _silent_words(facts: Facts) -> dict[str, Any]:
    return {"name": _("{touchpoint} (silent)").format(touchpoint=facts["touchpoint"])}


def _skipped(facts: Facts) -> str:
    return _("{share} skip {stage}").format(share=_of(facts), stage=facts["stage"])


def _skipped_why(facts: Facts) -> str:
    said = _(
        "{customers} of the {of} customers who came to a later stage in the last 90 days had never been in "
        "{stage}. Drawn as it is, nearly all should pass it."
    )
    return said.format(customers=count(facts["customers"]), of=count(facts["of"]), stage=facts["stage"])


def _back(facts: Facts) -> str:
    return _("{share} go back from {stage} to {to}").format(
        share=_of(facts), stage=facts["stage"], to=facts["to"]
    )


def _back_why(facts: Facts) -> str:
    said = _("{customers} of {of} customers of {stage} did so within a week, in the last 90 days.")
    return said.format(customers=count(facts["customers"]), of=count(facts["of"]), stage=facts["stage"])


def _order(facts: Facts) -> str:
    return _("Most come to {stage} before {earlier}").format(stage=facts["stage"], earlier=facts["earlier"])


def _order_why(facts: Facts) -> str:
    said = _(
        "{customers} of the {of} customers who were in both came to {stage} first. Accepting moves {stage} "
        "in front of {earlier}."
    )
    return said.format(
        customers=count(facts["customers"]),
        of=count(facts["of"]),
        stage=facts["stage"],
        earlier=facts["earlier"],
    )


def _conversion(facts: Facts) -> str:
    said = _("Fewer go on from {stage}: {now}, {before} before")
    if facts["now"] > facts["before"]:
        said = _("More go on from {stage}: {now}, {before} before")
    return said.format(stage=facts["stage"], now=share(facts["now"]), before=share(facts["before"]))


def _conversion_why(facts: Facts) -> str:
    said = _(
        "Of {n} customers in {days} days {hits} came to {to} within two weeks; in the {days} days before, "
        "{old_hits} of {old_n}."
    )
    numbers = {name: count(facts[name]) for name in ("n", "days", "hits", "old_hits", "old_n")}
    return said.format(to=facts["to"], **numbers)


def _group(facts: Facts) -> str:
    said = _("{group}: {share} go on from {stage}, {other} of the others")
    return said.format(
        group=_of_group(facts["field"], facts["value"]),
        share=share(facts["hits"] / facts["n"]),
        stage=facts["stage"],
        other=share(facts["other_hits"] / facts["other_n"]),
    )


def _group_why(facts: Facts) -> str:
    said = _(
        "Of {n} customers like that with {event} in {days} days, {hits} came to a later stage within two "
        "weeks; of the {other_n} others, {other_hits}. The numbers don’t say why."
    )
    numbers = {name: count(facts[name]) for name in ("n", "days", "hits", "other_hits", "other_n")}
    return _with_others(said.format(event=quoted(label_of(facts["name"])), **numbers), facts)


def _with_others(words: str, facts: Facts) -> str:
    """With what else nearly all of the group have in common."""
    if not facts["also"]:
        return words
    also = ", ".join(_of_group(field, value) for field, value in facts["also"])
    return words + " " + _("Nearly all of them have this in common too: {also}.").format(also=also)


def _episode(facts: Facts) -> str:
    said = _("{group}: {share} went on from {stage} between {begin} and {end}, {usual} at other times")
    return said.format(
        group=_of_group(facts["field"], facts["value"]),
        share=share(facts["hits"] / facts["n"]),
        stage=facts["stage"],
        begin=shown_day(facts["from"]),
        end=shown_day(facts["to"]),
        usual=share(facts["usual_hits"] / facts["usual_n"]),
    )


def _episode_why(facts: Facts) -> str:
    said = _(
        "Of {n} customers like that with {event} in those {days} days, {hits} came to a later stage within "
        "two weeks; of the {other_n} others, {other_hits}. At other times {usual_hits} of {usual_n} like "
        "that did. The numbers don’t say why."
    )
    names = ("n", "days", "hits", "other_n", "other_hits", "usual_hits", "usual_n")
    numbers = {name: count(facts[name]) for name in names}
    return _with_others(said.format(event=quoted(label_of(facts["name"])), **numbers), facts)


def _again(facts: Facts) -> str:
    said = _("{group}: {share} come again within a week, {other} of the others")
    return said.format(
        group=_of_group(facts["field"], facts["value"]),
        share=share(facts["hits"] / facts["n"]),
        other=share(facts["other_hits"] / facts["other_n"]),
    )


def _again_why(facts: Facts) -> str:
    said = _(
        "Of {n} customers like that with {event} in {days} days, {hits} had it again within a week; of the "
        "{other_n} others, {other_hits}. Who has to come again was hardly helped the first time."
    )
    numbers = {name: count(facts[name]) for name in ("n", "days", "hits", "other_n", "other_hits")}
    return _with_others(said.format(event=quoted(label_of(facts["name"])), **numbers), facts)


def _ending(facts: Facts) -> str:
    said = _("{group}: {outcome} for {share}, for {other} of the other buyers")
    return said.format(
        group=_of_group(facts["field"], facts["value"]),
        outcome=_outcome(facts),
        share=share(facts["hits"] / facts["n"]),
        other=share(facts["other_hits"] / facts["other_n"]),
    )


def _outcome(facts: Facts) -> str:
    """“Order refunded” (reason “size”)."""
    name = quoted(label_of(facts["outcome"]))
    if not facts["why"]:
        return name
    return f"{name} ({_of_group(facts['why_field'], facts['why'])})"


def _ending_why(facts: Facts) -> str:
    said = _(
        "Of {n} customers who met it ({event}) in the 60 days before they bought, {hits} had {outcome} "
        "within 60 days; of the {other_n} other buyers, {other_hits}; of the {near_n} who met another one, "
        "{near_hits}. The numbers don’t say why."
    )
    names = ("n", "hits", "other_n", "other_hits", "near_n", "near_hits")
    numbers = {name: count(facts[name]) for name in names}
    event = quoted(label_of(facts["name"]))
    return _with_others(said.format(event=event, outcome=_outcome(facts), **numbers), facts)


def _of_group(field: str, value: str) -> str:
    """“Region “La Réunion””, from the property `region`; channels have names of their own."""
    if field == "channel":
        return channel_label(value)
    words = property_label(field)
    return f"{words[:1].upper()}{words[1:]} {quoted(value)}"


def _note_words(facts: Facts, says: Any, because: Any) -> dict[str, Any]:
    return {"title": says(facts), "text": because(facts)}


def _need(facts: Facts) -> str:
    return quoted(facts["words"])


def _need_why(facts: Facts) -> str:
    said = ngettext(
        "{customers} customer said so in {days} days; {trend}. No card says it yet.",
        "{customers} customers said so in {days} days; {trend}. No card says it yet.",
        facts["customers"],
    )
    return said.format(customers=count(facts["customers"]), days=count(facts["days"]), trend=_trend(facts))


def _trend(facts: Facts) -> str:
    lately, earlier = facts["lately"], facts["earlier"]
    if not earlier:
        return _("all of them lately")
    if lately >= 1.2 * earlier:
        return _("more than before ({lately}, {earlier} before)").format(
            lately=count(lately), earlier=count(earlier)
        )
    if lately <= earlier / 1.2:
        return _("fewer than before ({lately}, {earlier} before)").format(
            lately=count(lately), earlier=count(earlier)
        )
    return _("about as many as before")


def _need_words(facts: Facts) -> dict[str, Any]:
    return {"title": facts["words"]}


def stale(facts: Facts) -> str:
    return _("Is {card} still true?").format(card=quoted(facts["card"]))


def stale_why(facts: Facts) -> str:
    said = _("Its evidence was last confirmed {days} days ago. Accepting confirms it again.")
    return said.format(days=count(facts["days"]))


def _of(facts: Facts) -> str:
    return share(facts["customers"] / facts["of"])


def _new_proposals(facts: Facts) -> str:
    said = ngettext(
        "The log proposes {n} change of {journey}.", "The log proposes {n} changes of {journey}.", facts["n"]
    )
    return said.format(n=count(facts["n"]), journey=quoted(facts["journey"]))


NOTICE = NoticeKind(gettext_lazy("Proposals for journeys of yours"), _new_proposals)

KINDS: Mapping[str, Kind] = {
    MISSING: Kind(
        gettext_lazy("Not on the map"),
        _missing,
        _missing_why,
        words=lambda facts: {"name": _touchpoint_name(facts)[:120]},
        icon="touchpoint",
    ),
    SILENT: Kind(gettext_lazy("Gone silent"), _silent, _silent_why, words=_silent_words, icon="ended"),
    SKIPPED: Kind(
        gettext_lazy("Skipped stage"),
        _skipped,
        _skipped_why,
        words=lambda facts: _note_words(facts, _skipped, _skipped_why),
        icon="ahead",
    ),
    BACK: Kind(
        gettext_lazy("Way back"),
        _back,
        _back_why,
        words=lambda facts: _note_words(facts, _back, _back_why),
        icon="back",
    ),
    ORDER: Kind(gettext_lazy("Other order"), _order, _order_why, icon="move"),
    CONVERSION: Kind(
        gettext_lazy("Change"),
        _conversion,
        _conversion_why,
        words=lambda facts: _note_words(facts, _conversion, _conversion_why),
        icon="flag",
    ),
    GROUP: Kind(
        gettext_lazy("Not like the others"),
        _group,
        _group_why,
        words=lambda facts: _note_words(facts, _group, _group_why),
        icon="person",
    ),
    EPISODE: Kind(
        gettext_lazy("Not as usual, for a while"),
        _episode,
        _episode_why,
        words=lambda facts: _note_words(facts, _episode, _episode_why),
        icon="calendar",
    ),
    AGAIN: Kind(
        gettext_lazy("Has to come again"),
        _again,
        _again_why,
        words=lambda facts: _note_words(facts, _again, _again_why),
        icon="reply",
    ),
    ENDING: Kind(
        gettext_lazy("Sent back otherwise"),
        _ending,
        _ending_why,
        words=lambda facts: _note_words(facts, _ending, _ending_why),
        icon="gift",
    ),
    NEED: Kind(gettext_lazy("New need"), _need, _need_why, words=_need_words, icon="need"),
}
