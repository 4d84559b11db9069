"""How numbers, spans of time and icons look on a page; no rule of the product lives here."""

from functools import cache
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, ClearableFileInput, HiddenInput, RadioSelect, Select, Textarea
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.formats import NO_BREAK, count, share, span
from parcours.core.property_names import property_label
from parcours.events.channels import channel_label

register = template.Library()

QUOTES = frozenset("“«„\"'‘")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A drawing from frontend/icons, hidden from screen readers: the words beside it say the same."""
    return _icon(name, css)


@cache
def _icon(name: str, css: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("build/icons.svg"),
        name,
    )


register.filter("channel", channel_label)
register.filter("count", count)
register.filter("property", property_label)
register.filter("share", share)
register.filter("span", span)


@register.filter
def points(difference: float) -> str:
    """A difference of two shares: 0.314 → “+31 points”."""
    percent = difference * 100
    decimals = 1 if 0 < round(abs(percent), 1) < 10 else 0
    shown = number_format(round(abs(percent), decimals), decimals)
    sign = "" if not round(abs(percent), 1) else "+" if percent > 0 else "−"
    return _("{n} points").format(n=f"{sign}{shown}").replace(" ", NO_BREAK)


@register.filter
def width(value: float | None) -> str:
    """A share as the width attribute of a drawing: 0.3812 → “38.1%”."""
    return f"{min(max(value or 0.0, 0.0), 1.0) * 100:.1f}%"


@register.filter
def initials(name: str | None) -> str:
    """“Claire Martin” → “CM”; an e-mail address gives its first letter."""
    words = (name or "").split("@")[0].replace(".", " ").replace("-", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def has_quotes(words: str) -> bool:
    """Whether the words stand in quotation marks of their own already."""
    return words.lstrip()[:1] in QUOTES


@register.filter
def may(actor: Actor | None, right: str) -> bool:
    """Whether to offer something; the door behind it checks again."""
    return actor is not None and actor.may(right)


@register.filter
def shape(field: BoundField) -> str:
    """Which markup a form field wants: hidden, check, choices, file or line."""
    widget = field.field.widget
    if isinstance(widget, HiddenInput):
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect):
        return "choices"
    return "file" if isinstance(widget, ClearableFileInput) else "line"


@register.filter
def control(field: BoundField, attributes: str = "") -> SafeString:
    """The field's own control with the classes of the design and its error and hint announced.

    `attributes` adds some: "autofocus,rows=3".
    """
    extra: dict[str, Any] = {}
    for item in filter(None, attributes.split(",")):
        name, _equals, value = item.partition("=")
        extra[name] = value or True
    widget = field.field.widget
    if not isinstance(widget, CheckboxInput | RadioSelect | HiddenInput):
        kind = (
            "textarea"
            if isinstance(widget, Textarea)
            else "select"
            if isinstance(widget, Select)
            else "input"
        )
        extra["class"] = f"{kind} {widget.attrs.get('class', '')}".strip()
    if widget.attrs.get("placeholder") == field.label:
        extra["placeholder"] = False
    described = [f"{field.auto_id}-hint"] if field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}-error")
        extra["aria-invalid"] = "true"
    if described:
        extra["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=extra)
