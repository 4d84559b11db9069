import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.canvas.shapes import JourneyView

PERIODS = (
    ("30d", _("Last 30 days")),
    ("90d", _("Last 90 days")),
    ("365d", _("Last 365 days")),
    ("all", _("All time")),
)


class ShareForm(forms.Form):
    name = forms.CharField(
        label=_("Who it is for"), max_length=120, help_text=_("Only you and colleagues see this.")
    )
    expires_on = forms.DateField(
        label=_("Open until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Without a day it stays open until you take it back."),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        min_length=8,
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Tell it another way than the link."),
    )
    with_numbers = forms.BooleanField(label=_("Show the numbers"), required=False)
    period = forms.ChoiceField(label=_("Numbers of"), choices=PERIODS, initial="90d")
    segment = forms.ChoiceField(label=_("Of which customers"), required=False)
    journeys = forms.MultipleChoiceField(
        label=_("Journeys that cards lead to and that may be opened too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    origins = forms.CharField(
        label=_("Sites that may show it inside their pages"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One a line, for example https://wiki.example. Without any, no site can."),
    )

    def __init__(
        self,
        *args: Any,
        segments: Sequence[tuple[str, str]] = (),
        journeys: Sequence[JourneyView] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].choices = [("", _("Everybody")), *segments]  # type: ignore[attr-defined]
        self.fields["journeys"].choices = [(str(each.id), each.title) for each in journeys]  # type: ignore[attr-defined]
        if not journeys:
            del self.fields["journeys"]

    def given(self, time_zone: str) -> dict[str, Any]:
        """The arguments of `make_share`; the last day counts whole, in the brand's time zone."""
        chosen = self.cleaned_data
        day = chosen["expires_on"]
        over = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone)) if day else None
        return {
            "name": chosen["name"],
            "password": chosen["password"],
            "expires_at": over,
            "with_numbers": chosen["with_numbers"],
            "period": chosen["period"],
            "segment": chosen["segment"],
            "journeys": [uuid.UUID(each) for each in chosen.get("journeys", [])],
            "origins": chosen["origins"].split(),
        }
