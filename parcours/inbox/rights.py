import uuid

from parcours.accounts.rights import Actor
from parcours.inbox.models import Conversation

VIEW = "inbox.view"
REPLY = "inbox.reply"
MANAGE = "inbox.manage"


def may_follow_inbox(actor: Actor, identifier: str) -> bool:
    """May this actor follow the live topic `inbox:<brand id>`?"""
    return actor.may(VIEW) and identifier == str(actor.brand_id)


def may_follow_conversation(actor: Actor, identifier: str) -> bool:
    """May this actor follow the live topic `conversation:<id>`?"""
    try:
        conversation_id = uuid.UUID(identifier)
    except ValueError:
        return False
    return (
        actor.may(VIEW) and Conversation.objects.filter(pk=conversation_id, brand_id=actor.brand_id).exists()
    )
