"""The only writers of the inbox: each checks the right and is one transaction."""

from parcours.inbox.writes.accounts import add_account, change_account, remove_account
from parcours.inbox.writes.blocking import block, block_writer_of
from parcours.inbox.writes.handling import (
    assign,
    change_tags,
    close,
    mark_shown,
    place,
    reopen,
    set_priority,
    set_tags,
    snooze,
)
from parcours.inbox.writes.joining import merge, split, unmerge
from parcours.inbox.writes.messages import receive_message
from parcours.inbox.writes.receiving import do_replay, keep, receive, take
from parcours.inbox.writes.replying import NewFile, add_note, send_again, send_reply

__all__ = [
    "NewFile",
    "add_account",
    "add_note",
    "assign",
    "block",
    "block_writer_of",
    "change_account",
    "change_tags",
    "close",
    "do_replay",
    "keep",
    "mark_shown",
    "merge",
    "place",
    "receive",
    "receive_message",
    "remove_account",
    "reopen",
    "send_again",
    "send_reply",
    "set_priority",
    "set_tags",
    "snooze",
    "split",
    "take",
    "unmerge",
]
