"""How people sign their mails: for all mailboxes of the brand, or differently for one of them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import NotFound
from parcours.inbox.desk.models import Signature
from parcours.inbox.desk.replies import clean_texts, filled, first_name
from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.rights import REPLY

VARIABLES = ("agent.first_name", "agent.name", "brand.name")
Texts = Mapping[str, str]


def signatures_of(brand_id: uuid.UUID, person_id: uuid.UUID) -> dict[uuid.UUID | None, Texts]:
    """By mailbox; under None the one for all of them."""
    rows = Signature.objects.filter(brand_id=brand_id, person_id=person_id)
    return dict(rows.values_list("account_id", "texts"))


def signature_under(message: Message) -> str:
    """What stands under a mail: its author's own signature, for this mailbox or any; else the mailbox's.

    In the conversation's language, or in the one there is; the author's name in place of the variables.
    """
    account = message.account
    own = signatures_of(message.brand_id, message.author_id) if message.author_id else {}
    texts = own.get(account.pk) or own.get(None) or {}
    text = in_language(texts, message.conversation.language or account.language)
    if not text:
        text = str(account.settings.get("signature", "")).replace("{agent}", "{{agent.name}}")
    values = {
        "agent.name": message.author_label,
        "agent.first_name": first_name(message.author_label) or message.author_label,
        "brand.name": account.brand.name,
    }
    return filled(text.replace("\r\n", "\n"), values).strip()


def in_language(texts: Texts, language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")


@transaction.atomic
def save_signature(texts: Texts, *, account_id: uuid.UUID | None = None, acting_user: Actor) -> None:
    """One's own; without words there is none any more. Raises BadInput for a variable that nobody fills."""
    acting_user.require(REPLY)
    if acting_user.kind != "person" or acting_user.id is None:
        raise NotFound(_("Only a person signs mails."))
    if (
        account_id
        and not ChannelAccount.objects.filter(brand_id=acting_user.brand_id, pk=account_id).exists()
    ):
        raise NotFound(_("There is no such account."))
    kept = clean_texts(texts, required=False, variables=VARIABLES)
    where: dict[str, Any] = {
        "brand_id": acting_user.brand_id,
        "person_id": acting_user.id,
        "account_id": account_id,
    }
    if kept:
        Signature.objects.update_or_create(**where, defaults={"texts": kept})
    else:
        Signature.objects.filter(**where).delete()


def forget_signatures(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    Signature.objects.filter(brand_id=brand_id, person_id=person_id).delete()
