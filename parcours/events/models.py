from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.events.enums import FileFormat, ImportStatus


class Source(models.Model):
    """A place events come from: a shop, an app, a file. Of its write key only the digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_source_a_name")]


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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "path"], name="one_entry_a_lake_file")]
        indexes = [models.Index(fields=["brand", "bucket"], name="lake_file_by_bucket")]
