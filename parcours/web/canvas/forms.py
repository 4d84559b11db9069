import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.canvas.enums import JourneyKind, LaneKind
from parcours.canvas.shapes import PersonaView
from parcours.core.errors import BadInput


def show_fault(form: forms.Form, fault: BadInput) -> None:
    """Puts what is wrong beside its field, or above the form when it belongs to none."""
    where = fault.where.replace("details.", "detail-")
    named = {"picture_alt": "alt", "picture_caption": "caption"}.get(where, where)
    form.add_error(named if named in form.fields else None, f"{fault.what} {fault.remedy}".strip())


class JourneyForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=160, help_text=_("For example: Mark buys running shoes")
    )
    summary = forms.CharField(
        label=_("What it is about"), required=False, max_length=2_000, widget=forms.Textarea
    )
    kind = forms.ChoiceField(label=_("It shows the journey"), choices=JourneyKind.choices)
    persona = forms.ChoiceField(label=_("Persona"), required=False)

    def __init__(self, *args: Any, personas: tuple[PersonaView, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(persona.id), persona.name) for persona in personas]
        self.fields["persona"].choices = [("", _("Nobody in particular")), *choices]  # type: ignore[attr-defined]
        if not personas:
            del self.fields["persona"]

    @property
    def persona_id(self) -> uuid.UUID | None:
        chosen = self.cleaned_data.get("persona")
        return uuid.UUID(chosen) if chosen else None


class NewJourneyForm(JourneyForm):
    LANGUAGES = (("en", _("English")), ("fr", _("French")))

    language = forms.ChoiceField(
        label=_("Language of the stages and rows"),
        choices=LANGUAGES,
        help_text=_("You can rename all of them."),
    )
    persona_name = forms.CharField(
        label=_("New persona"),
        required=False,
        max_length=80,
        help_text=_("The customer you draw it for, by first name."),
    )
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)


class StageForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("What happens in it"), required=False, max_length=300)


class LaneForm(forms.Form):
    kind = forms.ChoiceField(label=_("What its cards are about"), choices=LaneKind.choices)
    name = forms.CharField(label=_("Name"), required=False, max_length=80)
