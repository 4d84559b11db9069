"""What a person who hands a conversation on changes about its waiting. Imports no write: writes import it."""

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox.models import Conversation


def waits_again(conversation: Conversation, acting_user: Actor) -> None:
    """Somebody gave it to a colleague, or back to everybody (unsaved): whoever had it is asked last."""
    conversation.offered_at = None
    if conversation.assignee_id is not None:
        conversation.passed_by = []
        return
    conversation.queued_at = now()
    if acting_user.id is not None and acting_user.id not in conversation.passed_by:
        conversation.passed_by = [*conversation.passed_by, acting_user.id]
