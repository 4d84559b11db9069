"""Conversations become events of the log, under names of the catalogue, each once."""

import uuid
from typing import Any

from parcours.core.clock import now
from parcours.core.text import storable
from parcours.customers.enums import IdentityKind
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message as EventMessage
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Incoming, Published
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Message

MOST_WORDS = 1_000


def tell(conversation: Conversation, name: str, key: str, properties: dict[str, Any] | None = None) -> None:
    """Puts an event into the log's inbox, in the caller's transaction. `key` makes its id: the same deed told
    again is the same event.
    """
    account = conversation.account
    event = EventMessage(
        message_id=str(uuid.uuid5(conversation.pk, f"{name} {key}")),
        type="track",
        event=name,
        channel=channel_of(account.kind).event_channel,
        timestamp=now(),
        properties={
            "conversation_id": str(conversation.pk),
            "account": account.name,
            **({"topic": conversation.topic} if conversation.topic else {}),
            **_origin(conversation),
            **(properties or {}),
        },
        **_who(conversation.contact),
    )
    take_in(account.brand_id, account.source_id, [event], received_at=now())


def tell_of_message(conversation: Conversation, message: Message, name: str, **properties: Any) -> None:
    tell(conversation, name, str(message.pk), {"text": message.text[:MOST_WORDS], **properties})


def tell_of_feedback(account: ChannelAccount, incoming: Incoming, published: Published) -> None:
    """What somebody published, under its own name and time, whether or not it is a conversation as well."""
    channel, sender = channel_of(account.kind), incoming.sender
    properties = {"text": incoming.text[:MOST_WORDS], "author": sender.name or sender.handle}
    event = EventMessage(
        message_id=str(uuid.uuid5(account.pk, f"{published.name} {incoming.external_id}")),
        type="track",
        event=published.name,
        channel=channel.event_channel,
        timestamp=min(incoming.at, now()),
        properties=storable({"account": account.name, **properties, **published.properties}),
        anonymous_id=f"{account.kind}:{sender.external_id}",
        identities=dict(sender.identities),
    )
    take_in(account.brand_id, account.source_id, [event], received_at=now())


def _origin(conversation: Conversation) -> dict[str, Any]:
    """Where it came from, as far as rules of touchpoints may ask."""
    return {
        key: value
        for key, value in conversation.context.items()
        if key in {"page", "campaign", "cart_id", "order_id", "referrer"} and isinstance(value, str)
    }


def _who(contact: Contact) -> dict[str, Any]:
    """By what the contact is known: what is certain, else a name that only this account uses."""
    known = {kind: value for kind, value in contact.profile.get("identities", {}).items() if value}
    user_id = known.pop(IdentityKind.USER_ID, "")
    anonymous = known.pop(IdentityKind.ANONYMOUS_ID, "")
    if not user_id and not anonymous and not known:
        anonymous = channel_identity(contact)
    return {"user_id": user_id, "anonymous_id": anonymous, "identities": known}


def channel_identity(contact: Contact) -> str:
    """By which the log knows somebody of whom nothing is certain but their account on a channel; whom the
    channel doesn't name is somebody else each time, as an unknown browser is.
    """
    return f"{contact.account.kind}:{contact.external_id}"
