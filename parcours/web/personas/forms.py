from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.accounts.models import Brand
from parcours.canvas.shapes import PersonaView
from parcours.customers.segments.keys import key_of_segment
from parcours.events.channels import CHANNELS, channel_label
from parcours.web.canvas.forms import segment_choices

NOT_FOR_PEOPLE = frozenset({"server", "mobile"})
"""Channels that events name but nobody would say of a person."""


class PersonaForm(forms.Form):
    name = forms.CharField(
        label=_("First name"), max_length=80, help_text=_("One that your customers really have.")
    )
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        required=False,
        min_value=1900,
        max_value=2100,
        help_text=_("It says the generation."),
    )
    sketch = forms.CharField(
        label=_("Sketch"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea,
        help_text=_("Who is it: place, work, family, what brings them here?"),
    )
    goals = forms.CharField(
        label=_("Goals"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea,
        help_text=_("What do they want to reach, what do they want to avoid?"),
    )
    habits = forms.CharField(
        label=_("Habits"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea,
        help_text=_("When, where and how do they look, ask and buy?"),
    )
    quote = forms.CharField(
        label=_("In their words"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea,
        help_text=_("One sentence a line, as customers really said it."),
    )
    segment = forms.ChoiceField(
        label=_("Stands for"),
        required=False,
        help_text=_("The customers whose numbers are shown beside what is believed."),
    )
    photo = forms.FileField(label=_("Photo"), required=False)
    remove_photo = forms.BooleanField(label=_("Without photo"), required=False)

    def __init__(self, *args: Any, brand: Brand, persona: PersonaView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _initial(persona), **kwargs})
        by_birth = _("The generation, by year of birth")
        self.fields["segment"].choices = segment_choices(brand, by_birth)  # type: ignore[attr-defined]
        self.persona = persona

    @property
    def channels(self) -> list[str]:
        """The channels that were sent, in their order; those of the persona before anything was sent."""
        if self.is_bound:
            sent = self.data.getlist("channel") if hasattr(self.data, "getlist") else []
            return [name for name in sent if name]
        return list(self.persona.channels) if self.persona else []

    @property
    def channel_slots(self) -> list[tuple[int, list[tuple[str, str, bool]]]]:
        """A choice of channels for each that is named, and some more, in their order."""
        named = self.channels
        wanted = max(3, len(named) + 1)
        slots = [*named, *[""] * (wanted - len(named))]
        return [(place, _choices(name)) for place, name in enumerate(slots, 1)]


def _choices(chosen: str) -> list[tuple[str, str, bool]]:
    known = [name for name in CHANNELS if name not in NOT_FOR_PEOPLE]
    names: Iterable[str] = known if not chosen or chosen in known else [chosen, *known]
    return [("", "–", not chosen), *((name, channel_label(name), name == chosen) for name in names)]


def _initial(persona: PersonaView | None) -> dict[str, Any]:
    if persona is None:
        return {}
    return {
        "name": persona.name,
        "birth_year": persona.birth_year,
        "sketch": persona.sketch,
        "goals": persona.goals,
        "habits": persona.habits,
        "quote": persona.quote,
        "segment": key_of_segment(persona.segment_id),
    }
