from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.inbox.enums import (
    ArrivalStatus,
    AuthorKind,
    ConversationStatus,
    Direction,
    OutboxStatus,
    PlacedBy,
    Step,
)

if TYPE_CHECKING:
    from parcours.accounts.models import Brand


class WordsOf(models.Func):
    """The words of a text for full-text search, in French and in English, without accents; of long texts
    their beginning.
    """

    template = " || ".join(
        f"to_tsvector('{language}'::regconfig, regexp_replace(normalize(lower(left(%(expressions)s, 100000)),"
        " NFD), '[\\u0300-\\u036f]', '', 'g'))"
        for language in ("french", "english")
    )
    output_field = SearchVectorField()


class NamesOf(models.Func):
    """The words of a name as they are, without accents."""

    template = (
        "to_tsvector('simple'::regconfig, regexp_replace(normalize(lower(left(%(expressions)s, 200)),"
        " NFD), '[\\u0300-\\u036f]', '', 'g'))"
    )
    output_field = SearchVectorField()


STANDING = Q(status__in=[ConversationStatus.OPEN, ConversationStatus.SNOOZED])


def _brand() -> "models.ForeignKey[Brand, Brand]":
    """The brand of rows that come by the million: their own indexes begin with it."""
    return models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)


class ChannelAccount(models.Model):
    """One account on a channel: a mailbox, a page, a telephone number, the chat of one shop.

    `kind` names the folder in `inbox/channels`; `settings` are what its form asks for, `secrets` those of
    them that nobody may see, each sealed. `address` is what the platform calls the account (a page's id, a
    mail address): what arrives is matched by it. `cursor` is where reading goes on, where we ask.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    source = models.OneToOneField("events.Source", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    settings = models.JSONField(default=dict)
    secrets = models.JSONField(default=dict)
    cursor = models.JSONField(default=dict)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now, editable=False)
    removed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)  # the newest thing that arrived and was the channel's own
    refused_at = models.DateTimeField(null=True)  # the newest with a bad signature
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)  # why asking or sending failed, the last time; empty when it works

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "kind", "address"],
                name="one_account_an_address",
                condition=Q(removed_at__isnull=True) & ~Q(address=""),
            )
        ]


class Arrival(models.Model):
    """What a channel brought, raw, with what became of it: kept before it is answered, replayable."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    headers = models.JSONField(default=dict)  # those that matter to the channel; never a secret
    body = models.BinaryField()
    body_size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=8, choices=ArrivalStatus.choices)
    trouble = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    forgotten_at = models.DateTimeField(null=True)  # when its raw payload was let go of

    class Meta:
        constraints = [
            # What anybody may send without the secret must not stand in the way of the real one.
            models.UniqueConstraint(
                fields=["account", "external_id"],
                name="one_arrival_an_external_id",
                condition=~Q(status=ArrivalStatus.REFUSED),
            )
        ]
        indexes = [
            models.Index(fields=["account", "-received_at", "-id"], name="arrival_newest"),
            models.Index(
                fields=["account", "status"],
                name="arrival_troubled",
                condition=Q(status__in=[ArrivalStatus.FAILED, ArrivalStatus.REFUSED]),
            ),
            models.Index(
                fields=["received_at"], name="arrival_by_age", condition=Q(forgotten_at__isnull=True)
            ),
        ]


class Contact(models.Model):
    """Somebody as one account of a channel knows them; `customer_id` is who they are to the brand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=254)
    name = models.CharField(max_length=200, blank=True)
    handle = models.CharField(
        max_length=254, blank=True
    )  # what people would type: an address, a number, @name
    language = models.CharField(max_length=8, blank=True)
    profile = models.JSONField(default=dict)  # what the channel tells beside
    customer_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    blocked_at = models.DateTimeField(null=True)
    blocked_by = models.CharField(max_length=200, blank=True, default="")
    blocked_because = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="one_contact_an_account")
        ]
        indexes = [
            models.Index(fields=["brand", "customer_id"], name="contact_by_customer"),
            models.Index(
                F("brand"), OpClass(Upper("handle"), name="text_pattern_ops"), name="contact_handles"
            ),
            GinIndex(NamesOf("name"), name="contact_names"),
        ]


class Counter(models.Model):
    """The last number given to a conversation of the brand."""

    brand = models.OneToOneField(
        "accounts.Brand", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    number = models.PositiveIntegerField(default=0)


class Conversation(models.Model):
    """What a contact and the team say to each other about one matter.

    One stands at a time for a contact and `thread`: chats and messengers have no threads, so there it is one
    a contact. `waiting_since` is when the customer began to wait for the answer that is due; empty when it is
    the customer's turn. Stage, touchpoint and topic may be said by where it came from, by its words, or by a
    person, whose word counts. `revision` rises with every change that people make to it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    customer_id = models.BigIntegerField(null=True)
    number = models.PositiveIntegerField()
    thread = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    status = models.CharField(
        max_length=8, choices=ConversationStatus.choices, default=ConversationStatus.OPEN
    )
    revision = models.PositiveIntegerField(default=1)
    assignee = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    queue_id = models.UUIDField(null=True)
    priority = models.SmallIntegerField(default=0)  # -1 can wait, 0, 1 urgent
    tags = ArrayField(models.CharField(max_length=40), default=list)
    language = models.CharField(max_length=8, blank=True)

    context = models.JSONField(default=dict)  # where it came from: page, campaign, cart, order …
    journey_id = models.UUIDField(null=True)
    stage_id = models.UUIDField(null=True)
    touchpoint_id = models.UUIDField(null=True)
    placed_by = models.CharField(max_length=8, choices=PlacedBy.choices, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    topic_by = models.CharField(max_length=8, choices=PlacedBy.choices, blank=True)
    looked_at = models.DateTimeField(null=True)  # when it was tried to be placed without a person

    created_at = models.DateTimeField(default=now)
    first_reply_at = models.DateTimeField(null=True)
    last_message_at = models.DateTimeField(default=now)
    last_customer_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    first_reply_due = models.DateTimeField(null=True)
    next_reply_due = models.DateTimeField(null=True)
    resolution_due = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # the earliest of these, while something is due
    warned_from = models.DateTimeField(null=True)  # from then on that is near
    target_id = models.UUIDField(null=True)
    remind_at = models.DateTimeField(null=True)  # when there will be something to tell of it
    message_count = models.PositiveIntegerField(default=0)
    preview = models.CharField(max_length=200, blank=True)
    preview_direction = models.CharField(max_length=4, choices=Direction.choices, blank=True)
    rating = models.SmallIntegerField(null=True)  # 1 to 5, by the customer
    rating_words = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    wanted_skills = ArrayField(models.UUIDField(), default=list)  # that whoever answers should have
    queued_at = models.DateTimeField(null=True)  # since when it waits in its queue for somebody
    offered_at = models.DateTimeField(null=True)  # when it was given to its assignee; empty: by a person
    passed_by = ArrayField(models.UUIDField(), default=list)  # people who were offered it and let it pass

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "thread"], condition=STANDING, name="one_standing_conversation"
            ),
            models.UniqueConstraint(fields=["brand", "number"], name="one_number_a_conversation"),
        ]
        indexes = [
            models.Index(fields=["brand", "status", "-last_message_at", "-id"], name="conversation_newest"),
            models.Index(fields=["brand", "-last_message_at", "-id"], name="conversation_of_all"),
            models.Index(fields=["account", "-last_message_at", "-id"], name="conversation_of_account"),
            models.Index(
                fields=["brand", "touchpoint_id", "-last_message_at", "-id"],
                name="conversation_of_touchpoint",
                condition=Q(touchpoint_id__isnull=False),
            ),
            models.Index(
                fields=["brand", "assignee", "-last_message_at", "-id"],
                name="conversation_of_assignee",
                condition=STANDING,
            ),
            models.Index(
                fields=["brand", "waiting_since"],
                name="conversation_waiting",
                condition=Q(status=ConversationStatus.OPEN, waiting_since__isnull=False),
            ),
            models.Index(
                fields=["brand", "customer_id", "-last_message_at"], name="conversation_of_customer"
            ),
            models.Index(fields=["brand", "-created_at"], name="conversation_by_start"),
            models.Index(
                fields=["brand", "closed_at"],
                name="conversation_by_end",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["brand", "-created_at"],
                name="conversation_to_place",
                condition=Q(looked_at__isnull=True),
            ),
            models.Index(
                fields=["snoozed_until"],
                name="conversation_snoozed",
                condition=Q(status=ConversationStatus.SNOOZED),
            ),
            models.Index(
                fields=["brand", "due_at", "id"],
                name="conversation_due",
                condition=STANDING & Q(due_at__isnull=False),
            ),
            models.Index(
                fields=["remind_at"],
                name="conversation_to_warn",
                condition=Q(remind_at__isnull=False),
            ),
            GinIndex(fields=["tags"], name="conversation_tags"),
            GinIndex(WordsOf("subject"), name="conversation_subject", condition=~Q(subject="")),
            models.Index(
                fields=["brand", "-priority", "due_at", "waiting_since", "id"],
                name="conversation_next",
                condition=Q(
                    status=ConversationStatus.OPEN,
                    assignee__isnull=True,
                    waiting_since__isnull=False,
                    merged_into__isnull=True,
                ),
            ),
        ]


class Message(models.Model):
    """One message, note or line of a conversation; shown by `at`, the channel's own time of it, then by id.

    `external_id` is the platform's name for it, once known: the same one never comes in twice. `payload` is
    what the channel needs to show or answer it beside its words: type, headers of a mail, place, buttons.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    direction = models.CharField(max_length=4, choices=Direction.choices)
    external_id = models.CharField(max_length=400, blank=True)
    author_kind = models.CharField(max_length=8, choices=AuthorKind.choices)
    author = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    author_label = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)  # sanitised; empty when there are only words
    payload = models.JSONField(default=dict)
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    step = models.CharField(max_length=9, choices=Step.choices)
    fault = models.CharField(max_length=300, blank=True)  # why it couldn't be delivered, for people
    search = models.GeneratedField(
        expression=WordsOf("text"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                condition=~Q(external_id=""),
                name="one_message_an_external_id",
            )
        ]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="message_of_conversation"),
            GinIndex(fields=["search"], name="message_search"),
            # What is new is asked for each night: in the order in which it is stored, that takes no more.
            BrinIndex(fields=["created_at"], name="message_by_day", pages_per_range=32, autosummarize=True),
        ]


class Attachment(models.Model):
    """A file that came or goes with a message. `digest` names its content in the folder of files; empty while
    the platform still has it (`remote` says where) or when it was refused (`refused` says why).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    content_id = models.CharField(max_length=255, blank=True)  # by which an HTML mail shows it inline
    remote = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)  # to fetch it from there
    refused = models.CharField(max_length=200, blank=True)


class LedgerEntry(models.Model):
    """A step that a message took, and when: the whole way, in the order in which it became known."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="ledger")
    step = models.CharField(max_length=9, choices=Step.choices)
    at = models.DateTimeField()
    detail = models.CharField(max_length=300, blank=True)


class Outgoing(models.Model):
    """A message to a customer on its way out. `key` is chosen before the first try and stays: the Message-ID
    of a mail, the idempotency key elsewhere, so that a second try can't become a second message where the
    platform knows such keys.
    """

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="outgoing"
    )
    brand = _brand()
    account = models.ForeignKey(ChannelAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255, unique=True)
    status = models.CharField(max_length=8, choices=OutboxStatus.choices, default=OutboxStatus.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    began_at = models.DateTimeField(null=True)  # the try that is under way, or was when a process died
    ended_at = models.DateTimeField(null=True)
    fault = models.TextField(blank=True)
    parts = models.JSONField(default=list, db_default=[])  # by the names that the platform gave them

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="outgoing_due",
                condition=Q(status__in=[OutboxStatus.WAITING, OutboxStatus.SENDING]),
            ),
            models.Index(
                fields=["brand", "-ended_at"], name="outgoing_dead", condition=Q(status=OutboxStatus.DEAD)
            ),
        ]


# Django finds an area's tables in its `models`; parts with a folder of their own keep theirs there.
from parcours.inbox.chat.models import ChatSession as ChatSession  # noqa: E402, PLC0414
from parcours.inbox.chat.models import ChatUpload as ChatUpload  # noqa: E402, PLC0414
from parcours.inbox.desk.models import Macro as Macro  # noqa: E402, PLC0414
from parcours.inbox.desk.models import MeaningMatch as MeaningMatch  # noqa: E402, PLC0414
from parcours.inbox.desk.models import QuickReply as QuickReply  # noqa: E402, PLC0414
from parcours.inbox.desk.models import ReplyUse as ReplyUse  # noqa: E402, PLC0414
from parcours.inbox.desk.models import SavedView as SavedView  # noqa: E402, PLC0414
from parcours.inbox.desk.models import Signature as Signature  # noqa: E402, PLC0414
from parcours.inbox.hours.models import BusinessHours as BusinessHours  # noqa: E402, PLC0414
from parcours.inbox.mail.models import MailId as MailId  # noqa: E402, PLC0414
from parcours.inbox.placing.models import ChannelAlarm as ChannelAlarm  # noqa: E402, PLC0414
from parcours.inbox.placing.models import ChannelCost as ChannelCost  # noqa: E402, PLC0414
from parcours.inbox.reconciling.models import NightlyCheck as NightlyCheck  # noqa: E402, PLC0414
from parcours.inbox.routing.models import AgentProfile as AgentProfile  # noqa: E402, PLC0414
from parcours.inbox.routing.models import Presence as Presence  # noqa: E402, PLC0414
from parcours.inbox.routing.models import Queue as Queue  # noqa: E402, PLC0414
from parcours.inbox.routing.models import QueueMember as QueueMember  # noqa: E402, PLC0414
from parcours.inbox.routing.models import RoutingRule as RoutingRule  # noqa: E402, PLC0414
from parcours.inbox.routing.models import RoutingSettings as RoutingSettings  # noqa: E402, PLC0414
from parcours.inbox.routing.models import Skill as Skill  # noqa: E402, PLC0414
from parcours.inbox.targets.models import LateNotice as LateNotice  # noqa: E402, PLC0414
from parcours.inbox.targets.models import Target as Target  # noqa: E402, PLC0414
from parcours.inbox.targets.models import TargetMark as TargetMark  # noqa: E402, PLC0414
from parcours.inbox.webhooks.models import WebhookDelivery as WebhookDelivery  # noqa: E402, PLC0414
from parcours.inbox.webhooks.models import WebhookEndpoint as WebhookEndpoint  # noqa: E402, PLC0414
from parcours.inbox.webhooks.models import WebhookEvent as WebhookEvent  # noqa: E402, PLC0414
from parcours.inbox.webhooks.models import WebhookTry as WebhookTry  # noqa: E402, PLC0414
