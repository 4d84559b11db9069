"""The Message-IDs of mails that came, so that answers find what they answer."""

from parcours.inbox.mail.models import MailId
from parcours.inbox.models import Conversation, Message


def note_ids(conversation: Conversation, message: Message, is_new: bool) -> None:  # noqa: ARG001
    """Keeps by which ids a mail is known and what it answers; called with every message that is stored."""
    facts = message.payload.get("mail")
    if not isinstance(facts, dict):
        return
    borne = {facts.get("id", "")} - {""}
    answered_here = {*facts.get("in_reply_to", [])} - borne
    MailId.objects.bulk_create(
        MailId(account_id=message.account_id, message=message, said=said, is_answered=said in answered_here)
        for said in sorted(borne | answered_here)
    )
