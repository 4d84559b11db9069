"""Words and tabs of the inbox's pages."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.formats import span
from parcours.core.recent import Recent
from parcours.inbox.shapes import ConversationRow
from parcours.web.inbox.due import DueMark, due_mark
from parcours.web.inbox.places import PLACES

register = template.Library()

_A_WEEK = timedelta(days=6)
_A_MOMENT = timedelta(seconds=2)
"""For which a row is drawn once for everybody: how long somebody waits is counted on in the page."""
_drawn: Recent[tuple[Any, ...], tuple[datetime, SafeString]] = Recent(2_000)


@register.simple_tag(takes_context=True)
def places_of_inbox(context: template.Context, here: str) -> dict[str, Any]:
    """The pages of the inbox that the person may open: `main` ones, `settings`, and whether `here` is one."""
    mine = [place for place in PLACES if context["actor"].may(place.right)]
    settings = [place for place in mine if place.is_setting]
    return {
        "main": [place for place in mine if not place.is_setting],
        "settings": settings,
        "in_settings": any(place.key == here for place in settings),
    }


@register.filter
def shortly(moment: datetime | None, zone: str) -> str:
    """When, as short as a list needs it: the time of today, the day of this week, else the date."""
    if moment is None:
        return ""
    local, today = moment.astimezone(ZoneInfo(zone)), now().astimezone(ZoneInfo(zone))
    if local.date() == today.date():
        return date_format(local, "TIME_FORMAT")
    if timedelta() <= today - local < _A_WEEK:
        return date_format(local, "D")
    return date_format(local, _("j M") if local.year == today.year else _("M Y"))


@register.filter
def seconds_since(moment: datetime | None) -> float | None:
    return None if moment is None else max((now() - moment).total_seconds(), 0)


class _DrawnOnce(template.Node):
    def __init__(self, inside: template.base.NodeList) -> None:
        self.inside = inside

    def render(self, context: template.Context) -> SafeString:
        key = _key(context)
        if key is None:
            return self.inside.render(context)
        kept = _drawn.get(key)
        if kept is not None and abs(now() - kept[0]) < _A_MOMENT:
            return kept[1]
        return _drawn.keep(key, (now(), self.inside.render(context)))[1]


@register.tag
def drawn_once(parser: template.base.Parser, token: template.base.Token) -> template.Node:  # noqa: ARG001
    """A row of the list. In a flood a dozen desks ask for the same ones within a second, so it is kept for a
    moment by all that it shows: what else it is to depend on belongs into `_key`.
    """
    inside = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return _DrawnOnce(inside)


def _key(context: template.Context) -> tuple[Any, ...] | None:
    """None for a row that is drawn for one reader only: the open one, and what a search found."""
    row: ConversationRow = context["row"]
    conversation = context.get("conversation")
    if context["hit"] is not None or (conversation is not None and conversation.id == row.id):
        return None
    can_reply = context["actor"].may("inbox.reply")
    return row, can_reply, context["asked"].query, context["brand"].time_zone, get_language()


@register.simple_tag(takes_context=True)
def due_of(context: template.Context, row: ConversationRow) -> DueMark | None:
    """What is due of a conversation, and how near that is."""
    return due_mark(row, context["brand"].time_zone)


@register.filter
def minutes(number: int) -> str:
    """A length of time that is counted in minutes."""
    return span(number * 60)


@register.filter
def at(mapping: Any, key: object) -> Any:
    """What a mapping has under a key that the template only knows as a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def seconds_until(moment: datetime | None) -> float | None:
    return None if moment is None else max((moment - now()).total_seconds(), 0)
