"""Text messages, by Twilio."""

from parcours.inbox.channels.sms.channel import Sms

CHANNEL = Sms()
