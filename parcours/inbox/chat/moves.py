from parcours.inbox.chat.sessions import topic_of
from parcours.inbox.models import Conversation, Message
from parcours.live.writes import publish


def tell_visitor(conversation: Conversation, message: Message, is_new: bool) -> None:  # noqa: ARG001
    """Handler of received messages: a visitor's other tabs follow a conversation from its start."""
    if is_new and conversation.account.kind == "chat":
        topic = topic_of(conversation.account_id, conversation.contact.external_id)
        publish(conversation.brand_id, topic, "chat.started", {"conversation": str(conversation.pk)})
