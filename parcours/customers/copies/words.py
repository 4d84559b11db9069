"""What the columns and codes of somebody's data are called on the page that the person reads."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parcours.customers.enums import Decision, IdentityKind
from parcours.customers.privacy_enums import ConsentMethod, ConsentState, RequestKind, RequestState

_COLUMNS: dict[str, str | Promise] = {
    "actor_label": pgettext_lazy("who did it", "By"),
    "at": _("When"),
    "birth_year": _("Year of birth"),
    "by": pgettext_lazy("who did it", "By"),
    "channel": _("Channel"),
    "closed_at": _("Answered on"),
    "closed_by": _("Answered by"),
    "country": _("Country"),
    "created_at": _("Known since"),
    "customer_id": _("Profile"),
    "decision": _("State"),
    "due_at": _("Due on"),
    "asked_at": _("Asked on"),
    "email": _("E-mail address"),
    "found_at": _("When"),
    "id": _("Number"),
    "kind": _("Kind"),
    "language": _("Language"),
    "method": _("How it was said"),
    "name": _("Name"),
    "phone": _("Phone number"),
    "properties": _("Details"),
    "purpose": _("Purpose"),
    "reason": _("Reason"),
    "received_at": _("Arrived"),
    "shown": _("The words"),
    "since": _("Since"),
    "source": _("Source"),
    "state": _("State"),
    "time": _("When"),
    "traits": _("Details"),
    "value": _("Value"),
}
_CODES: dict[tuple[str, str], type[models.TextChoices]] = {
    ("consents", "state"): ConsentState,
    ("consents", "method"): ConsentMethod,
    ("identities", "kind"): IdentityKind,
    ("claims", "kind"): IdentityKind,
    ("requests", "kind"): RequestKind,
    ("requests", "state"): RequestState,
    ("likenesses", "decision"): Decision,
}


def column_label(name: str) -> str:
    """A column that isn't known keeps its own name, readable."""
    return str(_COLUMNS.get(name, name.replace("_", " ")))


def value_words(place: str, column: str, value: object) -> object:
    """A code in words; whatever isn't one as it is."""
    codes = _CODES.get((place, column))
    return str(codes(value).label) if codes and value in codes.values else value
