"""Instagram: messages, answers to stories, comments and mentions."""

from parcours.inbox.channels.instagram.channel import Instagram

CHANNEL = Instagram()
