from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    """How far an import is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class FileFormat(models.TextChoices):
    """Formats a log of events is read from."""

    CSV = "csv", _("CSV")
    PARQUET = "parquet", _("Parquet")
    JSONL = "jsonl", _("JSON lines")
    XES = "xes", _("XES")
