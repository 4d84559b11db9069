"""WhatsApp, by Meta's Cloud API."""

from parcours.inbox.channels.whatsapp.channel import WhatsApp

CHANNEL = WhatsApp()
