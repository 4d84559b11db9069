from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.canvas.reviews.rhythm import CHOICES, rhythm_label


class RhythmForm(forms.Form):
    every = forms.ChoiceField(label=_("How often it is reviewed"), required=False, choices=CHOICES)
    due = forms.DateField(
        label=_("Next review"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without a date it is one rhythm after the last review."),
    )

    def also_offer(self, days: int) -> None:
        """Keeps a rhythm that came from a template or the API among the choices."""
        if str(days) not in dict(CHOICES):
            label = rhythm_label(days)
            self.fields["every"].choices = [*CHOICES, (str(days), label[:1].upper() + label[1:])]  # type: ignore[attr-defined]

    @property
    def every_days(self) -> int | None:
        chosen = self.cleaned_data["every"]
        return int(chosen) if chosen else None


class SignForm(forms.Form):
    words = forms.CharField(
        label=_("What you conclude"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands with the version that is kept now."),
    )
    due = forms.DateField(
        label=_("Next review"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        return due


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("What should be looked at"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
