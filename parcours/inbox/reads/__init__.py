"""Reading the inbox: a constant number of queries, whatever is in it."""

from parcours.inbox.reads.accounts import account, accounts
from parcours.inbox.reads.conversations import Filter, Page, conversation, conversations, counts
from parcours.inbox.reads.messages import message, message_view, messages
from parcours.inbox.reads.searching import hits

__all__ = [
    "Filter",
    "Page",
    "account",
    "accounts",
    "conversation",
    "conversations",
    "counts",
    "hits",
    "message",
    "message_view",
    "messages",
]
