"""Evidence in words and small drawings."""

import json
import uuid
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n

from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.lines import proof_line
from parcours.canvas.evidence.shapes import Proof
from parcours.canvas.rules import name_rule
from parcours.core.formats import count, share

register = template.Library()

BAR, GAP, HEIGHT = 7, 2, 24


@register.filter
def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@register.simple_tag
def spark(weeks: Sequence[int]) -> SafeString:
    """Customers a week as small bars from zero, with the last one said beside them."""
    if not weeks:
        return SafeString("")
    most = max(*weeks, 1)
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"/>',
        (
            (place * (BAR + GAP), f"{HEIGHT - _height(week, most):.1f}", BAR, f"{_height(week, most):.1f}")
            for place, week in enumerate(weeks)
        ),
    )
    wide = len(weeks) * (BAR + GAP) - GAP
    words = _("Customers a week, the oldest first: {weeks}").format(
        weeks=", ".join(count(week) for week in weeks)
    )
    last = _("{n} in the last 7 days").format(n=count(weeks[-1]))
    return format_html(
        '<svg class="sparkbars" width="{}" height="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}'
        "</svg>"
        ' <span class="figure-name">{}</span>',
        wide, HEIGHT, wide, HEIGHT, words, bars, last,
    )  # fmt: skip


def _height(week: int, most: int) -> float:
    return max(week / most * HEIGHT, 0.75)


@register.simple_tag(takes_context=True)
def founded(context: template.Context, journey_id: uuid.UUID) -> str:
    """How much of a journey stands on evidence, in a word; nothing for one without cards."""
    coverage = (context.get("coverage") or {}).get(journey_id)
    if coverage is None or coverage.share is None:
        return ""
    return _("{share} on evidence").format(share=share(coverage.share))


register.filter("proof_line", proof_line)


@register.filter
def proof_sentence(proof: Proof) -> str:
    """The same in a sentence, for whoever wants to know it exactly."""
    if not proof.pieces:
        return _("No evidence yet.")
    pieces = _n("{n} piece of evidence for it", "{n} pieces of evidence for it", proof.supporting)
    sentence = pieces.format(n=proof.supporting)
    if proof.against:
        sentence += ", " + _("{n} against").format(n=proof.against)
    if proof.standing == Standing.CONTESTED and proof.against_customers:
        sentence += ". " + _("More customers speak against it ({against}) than for it ({supporting})").format(
            against=count(proof.against_customers), supporting=count(proof.for_customers)
        )
    if proof.days is None or proof.on is None:
        return sentence + ". " + _("Nothing has confirmed it yet.")
    day = date_format(proof.on, "DATE_FORMAT")
    ago = _n("{n} day ago", "{n} days ago", proof.days).format(n=proof.days) if proof.days else _("today")
    return sentence + ". " + _("Last confirmed on {day}, {ago}.").format(day=day, ago=ago)


@register.simple_tag
def evidence_of(
    *names: str, key: str = "", value: object = "", title: str = "", words: str = "", period: str = ""
) -> str:
    """The words of an address that attach events: those with these names, and with a property's value."""
    rule = name_rule(*names)
    if key:
        rule["all"].append({"field": f"properties.{key}", "op": "is", "value": [str(value)]})
    said = {"rule": as_json(rule), "title": title, "words": words, "period": period}
    return urlencode({name: each for name, each in said.items() if each})


@register.simple_tag
def evidence_by(rule: dict[str, Any], title: str = "") -> str:
    """The same for the events that a rule means."""
    return urlencode({"rule": as_json(rule), "title": title})


@register.simple_tag
def evidence_at(address: str, title: str = "") -> str:
    """The words of an address that attach what a page of Parcours shows: the customers of a number."""
    return urlencode({"from": address, **({"title": title} if title else {})})
