"""People in texts. Stored by id, so that a name may change and somebody who leaves is named no more."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from parcours.accounts.models import Membership
from parcours.canvas.text import as_html, as_plain

_TOKEN = re.compile(r"<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>")
_IN_HTML = re.compile(r"&lt;@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})&gt;")
_WORD = r"\w"


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the brand who can be mentioned."""

    id: uuid.UUID
    label: str
    email: str
    role: str


def colleagues(brand_id: uuid.UUID) -> tuple[Colleague, ...]:
    """The people of a brand by name."""
    rows = Membership.objects.filter(brand_id=brand_id, person__is_active=True).select_related("person")
    found = [Colleague(row.person_id, row.person.label, row.person.email, row.role) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.label.casefold(), each.email)))


def with_tokens(text: str, people: tuple[Colleague, ...]) -> str:
    """“@Claire Le Gall” as it was typed becomes the token of the person of that name or address.

    A name that two people share is left as it is typed: their addresses tell them apart.
    """
    labels = [each.label.casefold() for each in people]
    names = {each.email.casefold(): each.id for each in people}
    names |= {each.label.casefold(): each.id for each in people if labels.count(each.label.casefold()) == 1}
    names.pop("", None)
    if not names:
        return text
    longest_first = sorted(names, key=len, reverse=True)
    known = re.compile(
        rf"(?<!{_WORD})@({'|'.join(re.escape(name) for name in longest_first)})(?!{_WORD})", re.IGNORECASE
    )
    return known.sub(lambda found: f"<@{names[found[1].casefold()]}>", text)


def mentioned(text: str) -> list[uuid.UUID]:
    """The people whose tokens stand in a text, each once, in their order."""
    return list(dict.fromkeys(uuid.UUID(each) for each in _TOKEN.findall(text)))


def as_typed(text: str, names: Mapping[uuid.UUID, str]) -> str:
    """With names instead of tokens: for the form in which it is edited, and where only words fit."""
    return _TOKEN.sub(lambda found: f"@{_name(found[1], names)}", text)


def excerpt(text: str, names: Mapping[uuid.UUID, str], most: int = 240) -> str:
    """The beginning in plain words."""
    words = as_plain(as_typed(text, names))
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def drawn(text: str, names: Mapping[uuid.UUID, str], reader: uuid.UUID | None) -> SafeString:
    """Safe HTML; whoever reads it sees where they are meant."""

    def person(found: re.Match[str]) -> str:
        css = "mention me" if found[1] == str(reader) else "mention"
        return f'<span class="{css}">@{escape(_name(found[1], names))}</span>'

    return mark_safe(_IN_HTML.sub(person, as_html(text)))  # noqa: S308 - cleaned by as_html, names escaped


def _name(person_id: str, names: Mapping[uuid.UUID, str]) -> str:
    return names.get(uuid.UUID(person_id)) or _("somebody who left")
