"""Sessions of visitors: begun, found again by their token, and given to whom they turn out to be."""

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import digest_of
from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.ids import new_id, new_secret
from parcours.core.text import one_line, storable
from parcours.inbox.channels.base import Sender
from parcours.inbox.chat.identity import Proven
from parcours.inbox.chat.models import ChatSession, ChatUpload
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.files import forget_unused
from parcours.inbox.models import ChannelAccount, Contact, Conversation
from parcours.inbox.writes.contacts import contact_of
from parcours.inbox.writes.joining import merge
from parcours.live.writes import publish

LANGUAGES = ("en", "fr")
KEPT = timedelta(days=180)
"""A session that nobody used for this long is forgotten; its conversations stay."""
UPLOADS_KEPT = timedelta(days=1)
SEEN_EVERY = timedelta(minutes=5)
_TYPED = {"name": 120, "email": 254, "topic": 80, "anonymous_id": 200}
_CONTEXT = ("page", "title", "referrer", "campaign", "cart_id", "order_id")
_MOST_CART = 4_000


def start(
    account: ChannelAccount, *, language: str, details: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[ChatSession, str]:
    """A new session and its token, which is told once. Raises BadInput."""
    token = new_secret("chat")
    pk = new_id()
    session = ChatSession(
        id=pk,
        account=account,
        digest=digest_of(token),
        visitor=f"visitor:{pk}",
        language=language if language in LANGUAGES else LANGUAGES[0],
        details=clean_details(details),
        context=clean_context(context),
    )
    session.save(force_insert=True)
    return session, token


def session_of(token: str) -> ChatSession | None:
    """The session that a token opens, on an account that stands and is switched on."""
    found = (
        ChatSession.objects.select_related("account__brand")
        .filter(digest=digest_of(token), account__enabled=True, account__removed_at=None)
        .first()
    )
    if found is not None and found.seen_at < now() - SEEN_EVERY:
        ChatSession.objects.filter(pk=found.pk).update(seen_at=now())
    return found


@transaction.atomic
def learn(session: ChatSession, details: Mapping[str, Any], context: Mapping[str, Any]) -> None:
    """What the visitor typed since, and where they are now. Raises BadInput."""
    said = {**session.details, **clean_details(details)}
    where = {**session.context, **clean_context(context)}
    if said != session.details or where != session.context:
        session.details, session.context = said, where
        session.save(update_fields=["details", "context"])


@transaction.atomic
def identify(session: ChatSession, who: Proven) -> None:
    """The session is this user's from now on; what they said before, as nobody, goes with them.

    A session that was another user's before begins afresh: a browser may have several people.
    """
    session = ChatSession.objects.select_for_update(of=("self",)).get(pk=session.pk)
    before, after = session.visitor, f"user:{who.user_id}"
    was_nobody = before.startswith("visitor:")
    kept = session.details if was_nobody or before == after else {}
    session.details = storable(
        {**kept, "user_id": who.user_id}
        | ({"signed_email": who.email[:254]} if who.email else {})
        | ({"name": one_line(who.name)[:120]} if who.name else {})
    )
    session.visitor = after
    if before != after and was_nobody:
        session.details["was"] = f"chat:{before}"
    session.save(update_fields=["details", "visitor"])
    if before == after:
        return
    if was_nobody:
        _take_along(session, before)
    brand_id = session.account.brand_id
    publish(brand_id, topic_of(session.account_id, before), "chat.moved", {"session": str(session.pk)})


def forget_old() -> int:
    """Sessions that nobody used for long, and files that were handed over and never sent; returns how many
    sessions. Conversations and the files in them stay.
    """
    stale = ChatUpload.objects.filter(created_at__lt=now() - UPLOADS_KEPT)
    digests = set(stale.values_list("digest", flat=True))
    stale.delete()
    gone = ChatSession.objects.filter(seen_at__lt=now() - KEPT)
    digests |= set(ChatUpload.objects.filter(session__in=gone).values_list("digest", flat=True))
    count = gone.count()
    gone.delete()
    waiting = set(ChatUpload.objects.filter(digest__in=digests).values_list("digest", flat=True))
    forget_unused(digests - waiting)
    return count


def sender_of(session: ChatSession) -> Sender:
    """The visitor as the inbox keeps them: only what is certain is an identity. An address typed into the
    form of an absent team is where the answer goes, so it counts as one.
    """
    said = session.details
    certain = {
        "user_id": said.get("user_id", ""),
        "email": said.get("signed_email", "") or (said.get("email", "") if said.get("offline") else ""),
        "anonymous_id": said.get("anonymous_id", "") or said.get("was", ""),
    }
    email = said.get("signed_email") or said.get("email", "")
    return Sender(
        session.visitor,
        name=said.get("name", ""),
        handle=email,
        language=session.language,
        profile={"email": email} if email else {},
        identities={kind: value for kind, value in certain.items() if value},
    )


def contact_in(session: ChatSession) -> Contact | None:
    """The visitor's contact, once they have written."""
    return Contact.objects.filter(account_id=session.account_id, external_id=session.visitor).first()


def topic_of(account_id: uuid.UUID, visitor: str) -> str:
    """The live topic by which a visitor's streams hear that a conversation began or moved."""
    return f"chat:{uuid.uuid5(account_id, visitor)}"


def clean_details(given: Mapping[str, Any]) -> dict[str, Any]:
    """What a visitor may say of themselves. Raises BadInput for an e-mail address that is none."""
    said: dict[str, Any] = {
        name: one_line(storable(given[name]))[:most]
        for name, most in _TYPED.items()
        if isinstance(given.get(name), str) and given[name].strip()
    }
    email = said.get("email", "")
    if email and not _is_address(email):
        raise BadInput(_("This is not an e-mail address."), where="email")
    if given.get("offline") is True and email:
        said["offline"] = True
    return said


def clean_context(given: Mapping[str, Any]) -> dict[str, Any]:
    """Where a visitor is: strings of bounded length, and a cart of bounded size."""
    where: dict[str, Any] = {
        name: storable(given[name])[:1_000]
        for name in _CONTEXT
        if isinstance(given.get(name), str) and given[name]
    }
    for name in ("cart", "utm"):
        value = given.get(name)
        if isinstance(value, dict | list) and value and len(json.dumps(value)) <= _MOST_CART:
            where[name] = storable(value)
    return where


def _is_address(text: str) -> bool:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _take_along(session: ChatSession, before: str) -> None:
    """Gives the user what they said as nobody; a matter that both have open becomes one."""
    nobody = Contact.objects.filter(account_id=session.account_id, external_id=before).first()
    if nobody is None:
        return
    somebody = contact_of(session.account, sender_of(session))
    acting = system_actor(session.account.brand_id)
    for row in Conversation.objects.select_for_update(no_key=True).filter(contact=nobody).order_by("number"):
        standing = (
            Conversation.objects.filter(contact=somebody, thread=row.thread, merged_into=None)
            .exclude(status=ConversationStatus.CLOSED)
            .first()
        )
        if standing is not None and row.merged_into_id is None and row.status != ConversationStatus.CLOSED:
            merge(row.pk, standing.pk, acting_user=acting)
        Conversation.objects.filter(pk=row.pk).update(contact=somebody, customer_id=somebody.customer_id)
    topic = f"inbox:{session.account.brand_id}"
    publish(session.account.brand_id, topic, "inbox.changed", {"what": "contact", "conversation": ""})
