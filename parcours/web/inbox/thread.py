"""Messages as the desk shows them: days, words, what is quoted, and lines in sentences."""

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.comments.mentions import colleagues, drawn
from parcours.inbox.enums import Direction
from parcours.inbox.shapes import MessageView
from parcours.web.inbox import routing_words

MOST_WORDS = 200_000
AT_FIRST = 4_000
"""Characters of a message that are shown at once; the rest is folded."""
_WROTE = re.compile(r"^(?:On .{4,120} wrote|Le .{4,120} a écrit)\s?:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(r"^-{2,}\s*(?:Original Message|Message d['’]origine)\s*-{2,}\s*$", re.IGNORECASE)

_PRIORITY: Mapping[str, Callable[[str], str]] = {
    "1": lambda who: _("{who} made it urgent").format(who=who),
    "0": lambda who: _("{who} gave it the usual priority").format(who=who),
    "-1": lambda who: _("{who} said that it can wait").format(who=who),
}

_LINES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "closed": lambda who, _facts: _("{who} closed it").format(who=who),
    "reopened": lambda who, _facts: _("{who} opened it again").format(who=who),
    "tagged": lambda who, facts: (
        _("{who} tagged it {tags}").format(who=who, tags=", ".join(facts.get("tags", ())))
        if facts.get("tags")
        else _("{who} removed its tags").format(who=who)
    ),
    "prioritised": lambda who, facts: (
        _PRIORITY[str(facts["priority"])](who)
        if str(facts.get("priority")) in _PRIORITY
        else _("{who} changed its priority").format(who=who)
    ),
    "blocked": lambda who, facts: (
        _("{who} blocked whoever writes here: {why}").format(who=who, why=facts["because"])
        if facts.get("because")
        else _("{who} blocked whoever writes here").format(who=who)
    ),
    "unblocked": lambda who, _facts: _("{who} lets them write again").format(who=who),
    "placed": lambda who, _facts: _("{who} said where it belongs on the map").format(who=who),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with what a page draws. `day` stands on the first one of each day; `line` is the sentence of
    a line; `rest` is the end of a very long one and `quoted` are words of earlier messages, both folded.
    """

    message: MessageView
    day: date | None
    body: SafeString
    rest: SafeString
    quoted: SafeString
    line: str
    deleted: bool
    mine: bool


def shown(
    brand: Brand, actor: Actor, messages: Iterable[MessageView], *, after: date | None = None
) -> tuple[Shown, ...]:
    """In their order. `after` is the day of the message above the first one, where that is known."""
    zone = ZoneInfo(brand.time_zone)
    messages = list(messages)
    speak_of_people = any(each.direction in {Direction.NOTE, Direction.LINE} for each in messages)
    names = {each.id: each.label for each in colleagues(brand.pk)} if speak_of_people else {}
    made, day = [], after
    for message in messages:
        its_day = message.at.astimezone(zone).date()
        made.append(_shown(message, its_day if its_day != day else None, names, actor, zone))
        day = its_day
    return tuple(made)


def _shown(
    message: MessageView, day: date | None, names: Mapping[uuid.UUID, str], actor: Actor, zone: ZoneInfo
) -> Shown:
    empty = mark_safe("")
    body, rest, quoted = empty, empty, empty
    if message.direction == Direction.NOTE:
        body = drawn(message.text, names, actor.id)
    elif message.direction != Direction.LINE:
        own, earlier = apart(message.text[:MOST_WORDS])
        first, more = _begun(own)
        body, rest, quoted = _drawn(first), _drawn(more), _drawn(earlier)
    return Shown(
        message=message,
        day=day,
        body=body,
        rest=rest,
        quoted=quoted,
        line=line_of(message, names, zone) if message.direction == Direction.LINE else "",
        deleted=bool(message.payload.get("deleted_at")),
        mine=actor.id is not None and message.author_id == actor.id,
    )


def _begun(text: str) -> tuple[str, str]:
    """The beginning of a long text, up to the end of a word, and the rest of it."""
    if len(text) <= AT_FIRST * 1.2:
        return text, ""
    at = max(text.rfind(" ", AT_FIRST // 2, AT_FIRST), text.rfind("\n", AT_FIRST // 2, AT_FIRST))
    at = AT_FIRST if at < 0 else at
    return text[:at], text[at:].lstrip()


def apart(text: str) -> tuple[str, str]:
    """A mail's own words and those of the mails below it, by the line that mail programs write above them.

    Quotes between one's own words stay where they are.
    """
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if place and _begins_quoted(line.strip(), lines[place + 1 :]):
            return _cut(lines, place)
    end = len(lines)
    while end > 1 and _is_quoted(lines[end - 1]):
        end -= 1
    has_quotes = any(line.startswith(">") for line in lines[end:])
    has_words = any(line.strip() for line in lines[:end])
    return _cut(lines, end) if has_quotes and has_words else (text, "")


def _begins_quoted(line: str, below: list[str]) -> bool:
    """Does a mail program say here that an earlier mail follows?"""
    return bool(_ORIGINAL.match(line) or (_WROTE.match(line) and all(_is_quoted(each) for each in below)))


def _is_quoted(line: str) -> bool:
    return line.startswith(">") or not line.strip()


def _cut(lines: list[str], place: int) -> tuple[str, str]:
    return "\n".join(lines[:place]).rstrip(), "\n".join(lines[place:]).strip()


def _drawn(text: str) -> SafeString:
    """Escaped, with links that open beside the desk; line breaks are kept by the style sheet."""
    linked = urlize(text, nofollow=True, autoescape=True)
    beside = linked.replace('rel="nofollow"', 'rel="nofollow noopener noreferrer" target="_blank"')
    return mark_safe(beside)  # noqa: S308 - urlize escaped it


def line_of(message: MessageView, names: Mapping[uuid.UUID, str], zone: ZoneInfo) -> str:
    """What happened, in a sentence."""
    who, facts = message.author or _("Parcours"), message.payload
    what = str(facts.get("what", ""))
    if what == "assigned":
        return _assigned(who, message.author_id, _uuid(facts.get("assignee")), names)
    if what == "snoozed":
        return _("{who} put it off until {when}").format(
            who=who, when=_moment(str(facts.get("until", "")), zone)
        )
    if what in _LINES:
        return _LINES[what](who, facts)
    if routed := routing_words.line(facts, who):
        return routed
    number = facts.get("number", "")
    joined = {
        "merged": _("{who} merged #{number} into it"),
        "split off": _("{who} made #{number} of what was written from here on"),
        "split from": _("{who} split it off from #{number}"),
    }.get(what)
    if joined:
        return joined.format(who=who, number=number)
    return message.text or _("{who} changed it").format(who=who)


def _assigned(who: str, by: uuid.UUID | None, to: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> str:
    if to is None:
        return _("{who} gave it back to everybody").format(who=who)
    if to == by:
        return _("{who} took it").format(who=who)
    return _("{who} assigned it to {whom}").format(who=who, whom=names.get(to) or _("somebody who left"))


def _moment(text: str, zone: ZoneInfo) -> str:
    try:
        return date_format(datetime.fromisoformat(text).astimezone(zone), "SHORT_DATETIME_FORMAT")
    except ValueError:
        return _("later")


def _uuid(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
