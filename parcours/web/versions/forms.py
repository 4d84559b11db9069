import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.canvas.versions.enums import Answer
from parcours.canvas.versions.shapes import VersionView

NOW = "now"
People = Sequence[tuple[str, str]]


class KeepForm(forms.Form):
    reason = forms.CharField(
        label=_("Why keep it now"),
        max_length=500,
        help_text=_("For example: agreed in the workshop of March"),
    )
    approver = forms.ChoiceField(label=_("Ask for approval"), required=False)

    def __init__(self, *args: Any, people: People = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]

    @property
    def approver_id(self) -> uuid.UUID | None:
        chosen = self.cleaned_data.get("approver")
        return uuid.UUID(chosen) if chosen else None


class ApproverForm(forms.Form):
    approver = forms.ChoiceField(label=_("Ask for approval"))

    def __init__(self, *args: Any, people: People = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approver"].choices = [*people]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=_("What you say about it"),
        required=False,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Declining needs a word why."),
    )
    answer = forms.ChoiceField(choices=Answer.choices)


class CompareForm(forms.Form):
    """Two versions, or one and what stands now."""

    old = forms.ChoiceField(label=_("From"))
    new = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, versions: Sequence[VersionView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(each.id), f"{each.number} · {each.reason or each.cause_label}") for each in versions]
        self.fields["old"].choices = named  # type: ignore[attr-defined]
        self.fields["new"].choices = [(NOW, _("What stands now")), *named]  # type: ignore[attr-defined]

    @property
    def ids(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        """From which version to which one; None is what stands now."""
        chosen = self.cleaned_data["new"]
        return uuid.UUID(self.cleaned_data["old"]), None if chosen in {"", NOW} else uuid.UUID(chosen)
