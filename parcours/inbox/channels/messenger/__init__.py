"""Facebook: messages to the page, and comments on what it publishes."""

from parcours.inbox.channels.messenger.channel import Messenger

CHANNEL = Messenger()
