from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.events.enums import Dialect, FileFormat, ImportStatus, Refusal, SourceKind, WarningKind
from parcours.events.hooks.models import HookAccount, HookDelivery, ShopObject

__all__ = [
    "HookAccount",
    "HookDelivery",
    "Import",
    "LakeFile",
    "LakeState",
    "ReceivedEvent",
    "RefusedEvent",
    "SchemaWarning",
    "ShopObject",
    "Source",
]


class Source(models.Model):
    """A place events come from: a shop, an app, a file. Of its write key only the digest is kept.

    A removed one stays as a row: what it sent may still be on its way to the lake, under its name.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=SourceKind.choices, default=SourceKind.CLIENT)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)  # when the newest of its events arrived
    event_count = models.BigIntegerField(default=0)  # handed over to the lake

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"],
                name="one_source_a_name",
                condition=models.Q(removed_at__isnull=True),
            )
        ]


class ReceivedEvent(models.Model):
    """The durable inbox: a message as it came, kept for some days after it was handed over to the lake.

    Rows come by the thousand a second, so brand and source are plain ids without checks of their own.
    """

    id = models.BigAutoField(primary_key=True)
    brand_id = models.UUIDField()
    source_id = models.UUIDField()
    message_id = models.TextField()
    dialect = models.CharField(max_length=8, choices=Dialect.choices, default=Dialect.SEGMENT)
    body = models.BinaryField()  # a JSON object
    received_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # by the sender's clock
    handed_at = models.DateTimeField(null=True)
    customer_id = models.BigIntegerField(null=True)  # whom it is about, once handed over

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_id", "message_id"], name="one_event_a_message_id")
        ]
        indexes = [
            models.Index(
                fields=["brand_id", "id"], name="received_waiting", condition=models.Q(handed_at__isnull=True)
            ),
            models.Index(
                fields=["handed_at"], name="received_by_age", condition=models.Q(handed_at__isnull=False)
            ),
        ]


class RefusedEvent(models.Model):
    """What a source sent that can't be an event; the newest of each source are kept for people to look at."""

    id = models.BigAutoField(primary_key=True)
    brand_id = models.UUIDField()
    source_id = models.UUIDField()
    reason = models.CharField(max_length=16, choices=Refusal.choices)
    body = models.BinaryField()  # its beginning, when it is long
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["brand_id", "-id"], name="refused_by_brand")]


class SchemaWarning(models.Model):
    """Something about the events of a source that somebody should look at; the events were taken in."""

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=WarningKind.choices)
    event = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)  # the property, or an example of what was sent
    count = models.BigIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "event", "detail"], name="one_row_a_warning")
        ]
        indexes = [models.Index(fields=["brand", "-last_seen"], name="warning_by_brand")]


class Import(models.Model):
    """One file of events taken in, with what became of its rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=80)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    format = models.CharField(max_length=8, choices=FileFormat.choices, blank=True)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=ImportStatus.choices, default=ImportStatus.WAITING)
    counts = models.JSONField(default=dict)  # of ImportReport
    notices = models.JSONField(default=list)
    rejects_path = models.CharField(max_length=400, blank=True)
    error = models.TextField(blank=True)
    acting_label = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "-created_at"], name="import_by_brand")]


class LakeState(models.Model):
    """Which generation of a brand's lake is in effect, and the next arrival number."""

    brand = models.OneToOneField(
        "accounts.Brand", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    generation = models.BigIntegerField(default=0)
    next_seq = models.BigIntegerField(default=0)


class LakeFile(models.Model):
    """The manifest: a Parquet file of one bucket that is in effect. Any other file in the folder is an
    orphan.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    bucket = models.SmallIntegerField()
    path = models.CharField(max_length=200)  # within the brand's folder
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    first_time = models.DateTimeField()
    last_time = models.DateTimeField()
    generation = models.BigIntegerField()  # that brought it
    # The generation in which the bucket's stored events last went or changed their customer; the same for
    # all files of a bucket. An index of after it can go on from what it has.
    altered = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "path"], name="one_entry_a_lake_file")]
        indexes = [models.Index(fields=["brand", "bucket"], name="lake_file_by_bucket")]
