"""Tables of customers, as files hold them."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.customers.profiles import Profile, profile_of

if TYPE_CHECKING:
    import pyarrow as pa

USER_ID = "user_id"
OWN_ID = "parcours_id"
"""The column of an export with the customer's own number; taken in again it says nothing."""
TRAIT = "traits."
"""Begins the column of a trait that would else be taken for a field."""


def profiles_of(table: "pa.Table") -> list[Profile]:
    """A profile for each row that has a user id. Raises BadInput without a column `user_id`."""
    if USER_ID not in table.column_names:
        raise BadInput(
            _("The table has no column “user_id”."),
            where=", ".join(table.column_names),
            remedy=_("Name the column that identifies the customer."),
        )
    return [
        profile_of({name: plain(value) for name, value in row.items() if name != USER_ID}, user_id)
        for row in table.to_pylist()
        if (user_id := identifier(row[USER_ID]))
    ]


def identifier(value: Any) -> str:
    """How an id is written: whole numbers without the point that spreadsheets give them."""
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)  # noqa: PLR0124
    text = str(value).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdecimal() else text


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN is how some files write “nothing”
        return None
    if isinstance(value, str | int | float | bool | list | dict) or value is None:
        return value
    return str(value)
