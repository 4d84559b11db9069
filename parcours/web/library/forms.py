from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.accounts.models import Brand
from parcours.canvas.kinds import fields_of
from parcours.canvas.library.shapes import EntryView
from parcours.events.channels import CHANNELS
from parcours.web.canvas.card_forms import DETAIL, detail_control


class EntryForm(forms.Form):
    """A card of the library, or, without `text`, a touchpoint: its rule is sent as rows of its own."""

    title = forms.CharField(label=_("Title"), max_length=200)
    text = forms.CharField(label=_("Text"), required=False, max_length=10_000, widget=forms.Textarea)
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, *args: Any, brand: Brand, entry: EntryView, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not entry.is_card:
            del self.fields["text"]
            self.fields["title"] = forms.CharField(label=_("Name"), max_length=120)
            known = {"": _("Not said"), **{key: str(label) for key, label in CHANNELS.items()}}
            if entry.channel:
                known.setdefault(entry.channel, entry.channel)
            self.fields["channel"] = forms.ChoiceField(
                label=_("Channel"), required=False, choices=list(known.items())
            )
            return
        del self.fields["channel"]
        for field in fields_of(entry.kind):
            if field.type != "touchpoint":
                current = entry.details.get(field.name)
                self.fields[DETAIL + field.name] = detail_control(field, brand, current=current)


def initial_of(entry: EntryView) -> dict[str, Any]:
    details = {DETAIL + name: value for name, value in entry.details.items()}
    return {"title": entry.title, "text": entry.text, "channel": entry.channel, **details}
