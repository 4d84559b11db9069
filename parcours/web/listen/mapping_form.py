from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from parcours.events.imports import ColumnMapping, Preview

ROLES = ("customer", "time", "activity", "channel", "id")
ORDER_ROLES = ("order", "quantity", "price", "amount")


class MappingForm(forms.Form):
    """What the columns of a file mean. An empty choice leaves it to the column's name."""

    customer = forms.CharField(label=_("Customer"), required=False, widget=forms.Select)
    time = forms.CharField(label=_("Time"), required=False, widget=forms.Select)
    activity = forms.CharField(label=_("Name of the event"), required=False, widget=forms.Select)
    channel = forms.CharField(label=_("Channel"), required=False, widget=forms.Select)
    id = forms.CharField(label=_("Number of the event"), required=False, widget=forms.Select)
    event = forms.CharField(
        label=_("One name for every event"),
        required=False,
        max_length=200,
        help_text=_("When no column says it."),
    )
    timezone = forms.CharField(
        label=_("Time zone"), required=False, max_length=60,
        help_text=_("Of times that carry none; UTC without it. For instance Europe/Paris."),
    )  # fmt: skip
    time_format = forms.CharField(
        label=_("How times are written"), required=False, max_length=60,
        help_text=_("Only when they aren't understood: %d/%m/%Y %H:%M"),
    )  # fmt: skip
    source = forms.CharField(label=_("Where it comes from"), required=False, max_length=80)
    orders = forms.BooleanField(
        label=_("Rows are lines of orders; an order becomes one event"), required=False
    )
    order = forms.CharField(label=_("Number of the order"), required=False, widget=forms.Select)
    quantity = forms.CharField(label=_("Quantity"), required=False, widget=forms.Select)
    price = forms.CharField(label=_("Price of a piece"), required=False, widget=forms.Select)
    amount = forms.CharField(label=_("Price of the line"), required=False, widget=forms.Select)
    cancelled_prefix = forms.CharField(label=_("Cancelled orders begin with"), required=False, max_length=20)

    def mapping(self) -> ColumnMapping:
        values: dict[str, Any] = {
            name: value for name, value in self.cleaned_data.items() if name != "source" and value
        }
        return ColumnMapping(**values)

    def offer(self, seen: Preview) -> None:
        """Gives the choices the columns that the file has, and shows what was guessed."""
        for name in (*ROLES, *ORDER_ROLES):
            guessed = seen.roles.get(name, "") if name in seen.guessed else ""
            none = _("as guessed: {column}").format(column=guessed) if guessed else "–"
            widget = cast(forms.Select, self.fields[name].widget)
            widget.choices = [("", none), *((column, column) for column in seen.columns)]
