"""Kinds of events that programs may be told of. Other areas register theirs in `core.registry`."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parcours.core.registry import webhook_kinds


@dataclass(frozen=True, slots=True)
class WebhookKind:
    """`label` says what happened, in one line; kinds of one `group` stand together."""

    label: str | Promise
    group: str | Promise


TEST = "test"
_CONVERSATIONS, _MESSAGES, _CONTACTS = _("Conversations"), _("Messages"), _("Contacts")

KINDS = {
    "conversation.created": WebhookKind(_("A conversation began"), _CONVERSATIONS),
    "conversation.assigned": WebhookKind(_("It was given to somebody, or back to all"), _CONVERSATIONS),
    "conversation.closed": WebhookKind(_("It was closed"), _CONVERSATIONS),
    "conversation.reopened": WebhookKind(_("It was opened again"), _CONVERSATIONS),
    "conversation.snoozed": WebhookKind(_("It was put off"), _CONVERSATIONS),
    "conversation.woken": WebhookKind(_("The time it was put off is over"), _CONVERSATIONS),
    "conversation.placed": WebhookKind(_("Its stage, touchpoint or topic changed"), _CONVERSATIONS),
    "conversation.tagged": WebhookKind(_("Its tags changed"), _CONVERSATIONS),
    "conversation.prioritised": WebhookKind(_("Its priority changed"), _CONVERSATIONS),
    "conversation.merged": WebhookKind(_("It was merged with another one"), _CONVERSATIONS),
    "conversation.unmerged": WebhookKind(_("It was taken apart again"), _CONVERSATIONS),
    "conversation.split": WebhookKind(_("A part of it became another one"), _CONVERSATIONS),
    "conversation.rated": WebhookKind(_("The customer rated it"), _CONVERSATIONS),
    "conversation.target_warned": WebhookKind(_("It is soon late for a target"), _CONVERSATIONS),
    "conversation.target_missed": WebhookKind(_("It is late for a target"), _CONVERSATIONS),
    "message.received": WebhookKind(_("A customer wrote"), _MESSAGES),
    "message.sent": WebhookKind(_("A reply left"), _MESSAGES),
    "message.delivered": WebhookKind(_("A reply came to the customer"), _MESSAGES),
    "message.read": WebhookKind(_("The customer read a reply"), _MESSAGES),
    "message.failed": WebhookKind(_("A reply could not be delivered"), _MESSAGES),
    "contact.created": WebhookKind(_("Somebody wrote for the first time"), _CONTACTS),
    "contact.changed": WebhookKind(_("More became known about a contact"), _CONTACTS),
    "contact.blocked": WebhookKind(_("A contact was blocked"), _CONTACTS),
    "contact.unblocked": WebhookKind(_("A contact may write again"), _CONTACTS),
    "contact.erased": WebhookKind(_("A contact asked to be forgotten: delete what you hold"), _CONTACTS),
}


def known_kinds() -> dict[str, WebhookKind]:
    """Every kind that somebody registered, in the order of the groups."""
    return dict(webhook_kinds.all())
