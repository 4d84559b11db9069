from django.db import models
from django.utils.translation import gettext_lazy as _


class ConversationStatus(models.TextChoices):
    """Whose turn it is, roughly: an open one is the team's until somebody closes or snoozes it."""

    OPEN = "open", _("Open")
    SNOOZED = "snoozed", _("Snoozed")
    CLOSED = "closed", _("Closed")


class Direction(models.TextChoices):
    """Which way a message goes. Notes are for colleagues only; lines say what became of the conversation."""

    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")
    NOTE = "note", _("Note")
    LINE = "line", _("What happened")


class AuthorKind(models.TextChoices):
    """Who wrote a message."""

    CUSTOMER = "customer", _("Customer")
    PERSON = "person", _("Colleague")
    BOT = "bot", _("Bot")
    SYSTEM = "system", _("Parcours")


class Step(models.TextChoices):
    """The steps of a message on its way, in the order in which they normally come.

    One from a customer is received, stored and shown; one to a customer is queued, sent, delivered and read,
    or failed. A platform may tell them in any order: what a message shows only goes forward.
    """

    RECEIVED = "received", _("Received")
    STORED = "stored", _("Stored")
    SHOWN = "shown", _("Shown")
    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    READ = "read", _("Read")
    FAILED = "failed", _("Not delivered")


ORDER_OF_STEPS = {step: place for place, step in enumerate(Step)}


class ArrivalStatus(models.TextChoices):
    """What became of something that a channel brought, raw."""

    DONE = "done", _("Understood")
    IGNORED = "ignored", _("Nothing in it for the inbox")
    FAILED = "failed", _("Not understood")
    REFUSED = "refused", _("Refused")


class OutboxStatus(models.TextChoices):
    """Where a message to a customer stands."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")


class PlacedBy(models.TextChoices):
    """What said which stage, touchpoint or topic a conversation belongs to; a later one outweighs others."""

    CONTEXT = "context", _("where it came from")
    TEXT = "text", _("its words")
    PERSON = "person", _("a colleague")
