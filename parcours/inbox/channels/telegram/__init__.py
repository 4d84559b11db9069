"""Telegram: messages to a bot of the brand's own."""

from parcours.inbox.channels.telegram.channel import Telegram

CHANNEL = Telegram()
