from django import forms
from django.utils.translation import gettext_lazy as _


class ValueForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("In a word or two: honest prices"))
    sentence = forms.CharField(
        label=_("In a sentence"),
        max_length=300,
        required=False,
        help_text=_("What you promise: Whoever looks at a price sees all of it."),
    )
    looks_like = forms.CharField(
        label=_("What it looks like"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea,
        help_text=_("By what a customer notices it."),
    )
    not_like = forms.CharField(
        label=_("What it doesn’t look like"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea,
        help_text=_("What would belie it."),
    )


class QuoteForm(forms.Form):
    text = forms.CharField(label=_("In the customer’s words"), max_length=500, widget=forms.Textarea)
    source = forms.CharField(
        label=_("Where it was said"),
        max_length=120,
        required=False,
        help_text=_("For instance: chat, 3 November"),
    )
