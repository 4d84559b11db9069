import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import people_of
from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.canvas.shapes import PersonaView
from parcours.core.errors import ParcoursError
from parcours.customers.reads import segments


def show_fault(form: forms.Form, fault: ParcoursError) -> None:
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


class SettingsForm(JourneyForm):
    """A journey's head with its owner, its segment and where it stands."""

    status = forms.ChoiceField(label=_("Status"), choices=JourneyStatus.choices, required=False)
    owner = forms.ChoiceField(
        label=_("Owner"), required=False, help_text=_("Whoever keeps it true and is told what needs a look.")
    )
    segment = forms.ChoiceField(
        label=_("Drawn for"), required=False, help_text=_("Its numbers show these customers at first.")
    )

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(each.person_id), each.person.label) for each in people_of(brand)]
        self.fields["owner"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]
        self.fields["segment"].choices = segment_choices(brand)  # type: ignore[attr-defined]

    @property
    def owner_id(self) -> uuid.UUID | None:
        chosen = self.cleaned_data.get("owner")
        return uuid.UUID(chosen) if chosen else None


def segment_choices(brand: Brand, everybody: Any = None) -> list[tuple[str, Any]]:
    """Everybody, the generations, then the brand's own segments."""
    found = segments(brand)
    own = [(each.key, each.name) for each in found if not each.builtin]
    choices: list[tuple[str, Any]] = [("", everybody or _("All customers"))]
    choices.append((str(_("Generations")), [(each.key, each.name) for each in found if each.builtin]))
    return [*choices, *([(str(_("Segments")), own)] if own else [])]


class DuplicateForm(JourneyForm):
    """A copy; for a segment it stays tied to the whole."""

    title = forms.CharField(label=_("Title"), required=False, max_length=160)
    segment = forms.ChoiceField(label=_("For"), required=False)

    def __init__(self, *args: Any, brand: Brand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].choices = segment_choices(brand, _("The same customers"))  # type: ignore[attr-defined]
        del self.fields["summary"], self.fields["kind"]
        if "persona" in self.fields:
            unchanged = [("", _("The same persona")), *self.fields["persona"].choices[1:]]  # type: ignore[attr-defined]
            self.fields["persona"].choices = unchanged  # type: ignore[attr-defined]


class TemplateForm(forms.Form):
    name = forms.CharField(label=_("Name of the template"), max_length=160)
    with_cards = forms.BooleanField(label=_("Keep its cards as examples"), required=False)


class NewJourneyForm(JourneyForm):
    """Everything may be left as it is: a template brings a title of its own."""

    LANGUAGES = (("en", _("English")), ("fr", _("French")))

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=160,
        help_text=_("For example: Mark buys running shoes"),
    )
    language = forms.ChoiceField(
        label=_("Language of the content"),
        choices=LANGUAGES,
        help_text=_("Of stages, rows and examples. You can rename all of them."),
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
