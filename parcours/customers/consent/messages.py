"""Consent as other programs send it: `context.consent`, traits of an identify message, columns of a file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from parcours.customers.consent.ledger import clean_purpose
from parcours.customers.privacy_enums import ConsentState


class Told(NamedTuple):
    """A purpose and what was said to it; `at` when the sender knows."""

    purpose: str
    channel: str
    state: str
    at: datetime | None = None


_CATEGORIES = {
    "advertising": ("marketing", ""), "analytics": ("analytics", ""), "performance": ("analytics", ""),
    "statistics": ("analytics", ""), "functional": ("personalisation", ""),
    "preferences": ("personalisation", ""), "personalization": ("personalisation", ""),
    "personalisation": ("personalisation", ""),
}  # fmt: skip
_TRAITS = {
    "accepts_marketing": ("marketing", "email"), "acceptsmarketing": ("marketing", "email"),
    "email_marketing_consent": ("marketing", "email"), "emailmarketingconsent": ("marketing", "email"),
    "marketing_opt_in": ("marketing", "email"), "email_opt_in": ("marketing", "email"),
    "newsletter": ("marketing", "email"), "optin": ("marketing", "email"), "opt_in": ("marketing", "email"),
    "accepts_sms_marketing": ("marketing", "sms"), "sms_marketing_consent": ("marketing", "sms"),
    "smsmarketingconsent": ("marketing", "sms"), "sms_opt_in": ("marketing", "sms"),
    "accepts_whatsapp": ("marketing", "whatsapp"), "whatsapp_opt_in": ("marketing", "whatsapp"),
}  # fmt: skip
_WORDS = {
    "granted": ConsentState.GRANTED, "subscribed": ConsentState.GRANTED, "opted_in": ConsentState.GRANTED,
    "true": ConsentState.GRANTED, "yes": ConsentState.GRANTED, "1": ConsentState.GRANTED,
    "oui": ConsentState.GRANTED, "denied": ConsentState.DENIED, "unsubscribed": ConsentState.DENIED,
    "opted_out": ConsentState.DENIED, "refused": ConsentState.DENIED, "false": ConsentState.DENIED,
    "no": ConsentState.DENIED, "0": ConsentState.DENIED, "non": ConsentState.DENIED,
    "unknown": ConsentState.UNKNOWN, "not_subscribed": ConsentState.UNKNOWN, "pending": ConsentState.UNKNOWN,
}  # fmt: skip

_EVENTS = {"Consent Given": ConsentState.GRANTED.value, "Consent Withdrawn": ConsentState.DENIED.value}


def consents_in(consent: object, traits: Mapping[str, Any] | None = None) -> list[Told]:
    """What a message says about consent: its `context.consent`, and the traits that mean one.

    Understood are `{"marketing.email": "granted"}` and Segment's `{"categoryPreferences": {"Analytics":
    true}}`; of traits the usual names of shops (`accepts_marketing`, `newsletter`,
    `email_marketing_consent`, …) and `consent.<purpose>[.<channel>]`. What isn't understood is left out.
    """
    told = list(_in_context(consent))
    for name, value in (traits or {}).items():
        if name == "consent":
            told += _in_context(value)
            continue
        meant = trait_purpose(name)
        if meant is not None and (read := _read(value)) is not None:
            told.append(Told(*meant, *read))
    return told


def consents_in_event(event: str, properties: Mapping[str, Any], at: datetime | None) -> list[Told]:
    """What the events “Consent Given” and “Consent Withdrawn” say, at the moment they happened."""
    state = _EVENTS.get(event)
    purpose, _dot, channel = str(properties.get("purpose") or "").partition(".")
    if state is None or not clean_purpose(purpose):
        return []
    return [Told(clean_purpose(purpose), (channel or str(properties.get("channel") or ""))[:16], state, at)]


@lru_cache(maxsize=4096)
def trait_purpose(name: str) -> tuple[str, str] | None:
    """The (purpose, channel) that a trait or column is about; None for any other trait."""
    plain = name.strip().lower()
    if plain.startswith("consent."):
        purpose, _dot, channel = plain.removeprefix("consent.").partition(".")
        return (clean_purpose(purpose), channel[:16]) if clean_purpose(purpose) else None
    return _TRAITS.get(plain.replace("-", "_").replace(" ", "_"))


def consent_state(value: object) -> str | None:
    """`granted`, `denied` or `unknown` for the ways in which it is written; None for anything else."""
    read = _read(value)
    return read[0] if read else None


def _in_context(consent: object) -> list[Told]:
    if not isinstance(consent, Mapping):
        return []
    categories = consent.get("categoryPreferences") or consent.get("category_preferences")
    if isinstance(categories, Mapping):
        meant = {
            name: _CATEGORIES.get(str(name).lower(), (clean_purpose(str(name)), "")) for name in categories
        }
        return [
            Told(*meant[name], *read)
            for name, value in categories.items()
            if meant[name][0] and (read := _read(value)) is not None
        ]
    told = []
    for name, value in consent.items():
        purpose, _dot, channel = str(name).partition(".")
        read = _read(value)
        if clean_purpose(purpose) and read is not None:
            told.append(Told(clean_purpose(purpose), channel.lower()[:16], *read))
    return told


def _read(value: object) -> tuple[str, datetime | None] | None:
    """A boolean, a word, or Shopify's `{"state": "subscribed", "consent_updated_at": …}`."""
    at = None
    if isinstance(value, Mapping):
        at = _moment(value.get("consent_updated_at") or value.get("at"))
        value = value.get("state")
    word = _WORDS.get(str(value).strip().lower().removesuffix(".0"))
    return (word.value, at) if word is not None else None


def _moment(value: object) -> datetime | None:
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
