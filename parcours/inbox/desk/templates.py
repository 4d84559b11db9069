"""Approved templates: what may still be sent when free words may not."""

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Template
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.writes import send_reply

MOST_VALUE = 1_000


def templates_for(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> tuple[Template, ...]:
    """Those in the conversation's language first, then by name. Raises TryLater, NeverSent, NotFound."""
    account, language = _account(brand_id, conversation_id)
    found = channel_of(account.kind).templates(account)
    return tuple(sorted(found, key=lambda each: (not each.language.startswith(language or "-"), each.key)))


def send_template(
    conversation_id: uuid.UUID,
    key: str,
    values: Sequence[str],
    *,
    acting_user: Actor,
    message_id: uuid.UUID | None = None,
) -> Message:
    """Raises BadInput for a place that stays open, NotFound for a template that the platform doesn't know."""
    account, _language = _account(acting_user.brand_id, conversation_id)
    channel = channel_of(account.kind)
    template = next((each for each in channel.templates(account) if each.key == key), None)
    if template is None:
        raise NotFound(_("The platform knows no approved template of this name."), where="template")
    tidy = [one_line(storable(value))[:MOST_VALUE] for value in values[: len(template.places)]]
    if len(tidy) < len(template.places) or not all(tidy):
        raise BadInput(_("Fill in every place of the template; the platform refuses it else."), where="value")
    return send_reply(
        conversation_id,
        template.filled(tidy),
        payload={"template": channel.as_template(template, tidy)},
        acting_user=acting_user,
        message_id=message_id,
    )


def _account(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> tuple[ChannelAccount, str]:
    rows = Conversation.objects.select_related("account", "contact")
    row = rows.filter(brand_id=brand_id, pk=conversation_id).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return row.account, row.language or row.contact.language
