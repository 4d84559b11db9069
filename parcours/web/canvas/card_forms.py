"""The form of a card: its words, its picture, the details of its kind, and the journey that it opens."""

import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.models import Brand
from parcours.canvas import reads
from parcours.canvas.brand_values.reads import value_names
from parcours.canvas.kinds import Field, FieldType, fields_of
from parcours.canvas.shapes import CardView
from parcours.canvas.sub_journeys import journey_titles
from parcours.events.channels import CHANNELS

DETAIL = "detail-"
NEW = "new"
Choices = list[tuple[str, Any]]


class CardForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=200, widget=forms.Textarea
    )
    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=10_000, widget=forms.Textarea
    )
    picture = forms.FileField(label=gettext_lazy("Picture"), required=False)
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For people who can’t see it, and wherever it can’t be shown."),
    )
    caption = forms.CharField(
        label=gettext_lazy("Caption"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stands below the picture."),
    )

    def __init__(self, *args: Any, brand: Brand, card: CardView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields_of(card.kind):
            choices = _touchpoints(brand, card) if field.type == "touchpoint" else None
            current = card.details.get(field.name)
            self.fields[DETAIL + field.name] = detail_control(field, brand, choices, current=current)
        self.fields["leads_to"] = forms.ChoiceField(
            label=gettext_lazy("Opens another journey"),
            required=False,
            choices=_journeys(brand, card),
            help_text=gettext_lazy("For what is a journey of its own, like sending shoes back."),
        )

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(DETAIL)]


def initial_of(card: CardView) -> dict[str, Any]:
    picture = card.picture
    return {
        "title": card.title,
        "text": card.text,
        "alt": picture.alt if picture else "",
        "caption": picture.caption if picture else "",
        "leads_to": str(card.leads_to or ""),
        **{DETAIL + name: value for name, value in card.details.items()},
    }


def details_of(post: QueryDict) -> dict[str, str] | None:
    """The details that a form sends, by name; None when it sends none at all."""
    sent = {name.removeprefix(DETAIL): post.get(name, "") for name in post if name.startswith(DETAIL)}
    return sent or None


def detail_control(
    field: Field, brand: Brand, choices: Choices | None = None, *, current: Any = None
) -> forms.Field:
    """What a form offers for one detail; `choices` where the kind alone doesn't know them."""
    shared: dict[str, Any] = {"label": field.label, "required": False, "help_text": field.hint}
    choices = _choices(field, brand) if choices is None else choices
    if choices is not None:
        return forms.ChoiceField(choices=_with_current(choices, current), **shared)
    attributes: dict[FieldType, dict[str, Any]] = {
        "whole": {"type": "number", "min": field.least, "max": field.most, "step": 5},
        "number": {"inputmode": "decimal"},
        "address": {"inputmode": "url"},
    }
    if field.type in {"text", "address"}:
        shared["max_length"] = field.most
    return forms.CharField(widget=forms.TextInput(attrs=attributes.get(field.type, {})), **shared)


def _touchpoints(brand: Brand, card: CardView) -> Choices:
    return [(str(each.id), each.name) for each in reads.touchpoints(brand.pk, card.journey_id)]


def _choices(field: Field, brand: Brand) -> Choices | None:
    """What a select offers; None for a field to write in."""
    if field.type == "choice":
        return list(field.choices)
    if field.type == "channel":
        return [(key, str(label)) for key, label in CHANNELS.items()]
    if field.type == "value":
        return [(name, name) for name in value_names(brand.pk)]
    return None


def _with_current(choices: Choices, value: Any) -> Choices:
    """A value that is no longer among the choices stays one, so that saving doesn't lose it."""
    current = "" if value is None else str(value)
    known = [("", _("Not said")), *choices]
    if current and current not in {value for value, _label in choices}:
        known.append((current, _("a touchpoint that was removed") if _is_id(current) else current))
    return known


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _journeys(brand: Brand, card: CardView) -> Choices:
    """The brand's journeys but the card's own; the last choice draws a new one."""
    others = [(str(pk), title) for pk, title in journey_titles(brand.pk) if pk != card.journey_id]
    if card.leads_to and str(card.leads_to) not in dict(others):
        others.append((str(card.leads_to), card.leads_to_title))
    return [("", _("None")), (NEW, _("Draw a new one with this title")), *others]
