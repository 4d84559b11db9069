"""From what a shop tells to messages: who it was, and what they did."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Any, Protocol

import msgspec

from parcours.events.hooks.fields import Fields, without_empty
from parcours.events.ingest.messages import Message


@dataclass(frozen=True, slots=True)
class Shop:
    """What a mapping needs to know of the connection."""

    kind: str
    customer_prefix: str = ""
    zone: tzinfo = UTC
    counts_orders: bool = True
    currency: str = ""

    def user_id(self, number: str) -> str:
        """The customer number as Parcours knows it; shops write 0 for nobody."""
        return f"{self.customer_prefix}{number}" if number and number != "0" else ""

    def visitor(self, kind: str, token: str) -> str:
        """An anonymous id: a cart or a checkout that isn't a customer's yet."""
        return f"{self.kind}:{kind}:{self.customer_prefix}{token}" if token else ""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said to a purpose; `granted` False is a no, not silence."""

    purpose: str
    channel: str
    granted: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """A person as the shop knows them. `visitors` are anonymous ids that turn out to be this person."""

    user_id: str = ""
    visitors: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    traits: Mapping[str, Any] = field(default_factory=dict)
    consents: tuple[Said, ...] = ()

    @property
    def contacts(self) -> dict[str, str]:
        return without_empty({"email": self.email, "phone": self.phone})

    @property
    def naming(self) -> dict[str, str]:
        """The contacts that name the person, for nothing else does. A visitor keeps to the cart's id until
        the customer number comes: an address typed at the checkout may be that of another customer.
        """
        return {} if self.user_id or self.visitors else self.contacts

    @property
    def is_known(self) -> bool:
        return bool(self.user_id or self.visitors or self.contacts)

    def known_else_by(self, visitor: str) -> "Who":
        """The same person, by that anonymous id when nothing else names them."""
        return self if self.is_known else replace(self, visitors=(visitor,))


class Memory(Protocol):
    """What the shop's objects were when they were last told of."""

    def recall(self, key: str) -> dict[str, Any] | None:
        """The state kept under a key."""
        ...

    def keep(self, key: str, version: datetime, state: dict[str, Any], who: Who) -> bool:
        """Keeps the state; False when one as new or newer is kept already."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery to be mapped."""

    topic: str
    payload: Fields
    at: datetime  # when it arrived
    shop: Shop
    memory: Memory


def introduce(who: Who, at: datetime) -> list[Message]:
    """Messages that say who it is: one for each anonymous id that belongs to the person, or just one.

    Their ids come from what they say, so that the same introduction counts once.
    """
    consent = {f"{each.purpose}.{each.channel}": _consent(each, at) for each in who.consents}
    context = {"consent": consent} if consent else {}
    traits = without_empty({**who.contacts, **who.traits})
    if not who.is_known or not (traits or context or (who.user_id and who.visitors)):
        return []
    said: dict[str, Any] = {
        "user_id": who.user_id,
        "identities": who.naming,
        "traits": traits,
        "context": context,
    }
    messages = []
    for visitor in who.visitors or ("",):
        digest = sha256(msgspec.json.encode([visitor, said], order="sorted")).hexdigest()[:32]
        messages.append(
            Message(message_id=f"who:{digest}", type="identify", anonymous_id=visitor, timestamp=at, **said)
        )
    return messages


def track(
    who: Who, name: str, message_id: str, at: datetime, properties: Mapping[str, Any], *, channel: str = ""
) -> Message:
    """Something the person did. `message_id` names the object and its transition, not the delivery."""
    return Message(
        message_id=message_id,
        type="track",
        event=name,
        user_id=who.user_id,
        anonymous_id=who.visitors[0] if who.visitors else "",
        identities=who.naming,
        properties=without_empty(dict(properties)),
        channel=channel,
        timestamp=at,
    )


def people_in(messages: Iterable[Message]) -> list[str]:
    """Every identity that the messages name, as `kind:value`: by these a delivery is found again."""
    found: dict[str, None] = {}
    for message in messages:
        named = {
            "user_id": message.user_id,
            "anonymous_id": message.anonymous_id,
            "email": message.identities.get("email") or message.traits.get("email", ""),
            "phone": message.identities.get("phone") or message.traits.get("phone", ""),
        }
        found |= {person(kind, value): None for kind, value in named.items() if value}
    return list(found)


def person(kind: str, value: str) -> str:
    """An identity as one text, in the form in which customers keep it."""
    from parcours.customers.writes import clean_identity

    return f"{kind}:{clean_identity(value, kind)}"[:400]


def _consent(said: Said, at: datetime) -> dict[str, str]:
    return {"state": "granted" if said.granted else "denied", "at": (said.at or at).isoformat()}
