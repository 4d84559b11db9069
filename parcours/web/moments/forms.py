import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.canvas.captures.enums import Device, Rhythm
from parcours.canvas.captures.shapes import CapturingView
from parcours.core.errors import BadInput

LANGUAGES = (
    ("", gettext_lazy("Whichever the shop chooses")),
    ("fr", "français"),
    ("en", "English"),
    ("de", "Deutsch"),
    ("es", "español"),
    ("it", "italiano"),
    ("nl", "Nederlands"),
    ("pt", "português"),
)


class CapturingForm(forms.Form):
    address = forms.CharField(
        label=gettext_lazy("Address of the page"),
        max_length=2_000,
        help_text=gettext_lazy(
            "As a customer opens it, for instance https://shop.example/cart; a page of this Parcours from "
            "its first slash on."
        ),
    )
    device = forms.ChoiceField(label=gettext_lazy("Seen on"), choices=Device.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language asked for"), choices=LANGUAGES, required=False)
    rhythm = forms.ChoiceField(label=gettext_lazy("Look again"), choices=Rhythm.choices)
    element = forms.CharField(
        label=gettext_lazy("Only this part of the page"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A CSS selector, for instance #cart; empty for the whole screen."),
    )
    scroll = forms.IntegerField(
        label=gettext_lazy("Scrolled down by"),
        min_value=0,
        max_value=20_000,
        required=False,
        help_text=gettext_lazy("In pixels."),
    )
    wait_for = forms.CharField(
        label=gettext_lazy("Wait until this is there"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A CSS selector of what comes late."),
    )
    dismiss = forms.CharField(
        label=gettext_lazy("Close this first"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A CSS selector of the button that closes a cookie banner."),
    )
    ignored = forms.CharField(
        label=gettext_lazy("What changes there doesn’t count"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "One area a line: left, top, width and height in hundredths of the picture. Or draw them on the "
            "picture."
        ),
    )

    @classmethod
    def of(cls, capturing: CapturingView | None) -> "CapturingForm":
        if capturing is None:
            return cls(initial={"device": Device.DESKTOP, "rhythm": Rhythm.WEEKLY})
        names = ("address", "device", "language", "rhythm", "element", "wait_for", "dismiss")
        areas = "\n".join(" ".join(f"{number:g}" for number in area) for area in capturing.ignored)
        given = {name: getattr(capturing, name) for name in names}
        return cls(initial={**given, "scroll": capturing.scroll or None, "ignored": areas})

    def wanted(self) -> dict[str, Any]:
        """The arguments of `set_capturing`. Raises BadInput."""
        data = dict(self.cleaned_data)
        return {**data, "scroll": data["scroll"] or 0, "ignored": _areas(data["ignored"])}


def _areas(text: str) -> list[list[float]]:
    """Raises BadInput for a line that isn't four numbers."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            found.append([float(part.replace(",", ".")) for part in re.split(r"[;\s]+|,\s+", line) if part])
        except ValueError as error:
            raise BadInput(
                _("“{line}” is not four numbers.").format(line=line[:80]), where="ignored"
            ) from error
    return found
