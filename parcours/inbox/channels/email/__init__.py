"""E-mail: reading mailboxes (IMAP) and calls of providers, sending (SMTP)."""

from parcours.inbox.channels.email.channel import Email

CHANNEL = Email()
