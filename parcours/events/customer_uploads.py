"""Files of customers brought to the page: looked at, then taken in by a job, and deleted."""

import logging
import shutil
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import Conflict, NotFound, ParcoursError
from parcours.events.enums import ImportStatus
from parcours.events.models import Import
from parcours.events.uploads import keep_upload, path_of, waits
from parcours.journal.writes import record

log = logging.getLogger(__name__)

ABOUT_CUSTOMERS = "customers"
"""What the source of such an import is called."""


def keep_customer_file(brand: Brand, name: str, chunks: Iterable[bytes], *, acting_user: Actor) -> Import:
    """Stores a file to be taken in later. Raises BadInput for an empty one, Forbidden."""
    acting_user.require("customers.import")
    row = keep_upload(brand, name, chunks, acting_user=acting_user)
    row.source = ABOUT_CUSTOMERS
    row.save(update_fields=["source"])
    return row


def waiting_file(brand: Brand, import_id: uuid.UUID) -> Import:
    """A file of customers that waits for somebody to say what its columns mean. Raises NotFound."""
    row = Import.objects.filter(brand=brand, pk=import_id, source=ABOUT_CUSTOMERS).first()
    if row is None or not waits(row):
        raise NotFound(_("There is no such import."))
    return row


@transaction.atomic
def do_begin_customers(row: Import, customer: str, fields: Mapping[str, str], *, acting_user: Actor) -> None:
    """Hands the file to a job. Raises Conflict when it was begun already."""
    from parcours.events.tasks import import_customers_file

    acting_user.require("customers.import")
    row = Import.objects.select_for_update().get(pk=row.pk)
    if not waits(row):
        raise Conflict(_("This file is being taken in already."))
    language = translation.get_language()
    row.mapping = {"begun": True, "language": language, "customer": customer, "fields": dict(fields)}
    row.save(update_fields=["mapping"])
    record(acting_user, "import begun", "import", row.pk, {"file": row.file_name})
    import_customers_file.configure(lock=f"customers.{row.brand_id}").defer(import_id=str(row.pk))


def import_customer_upload(import_id: uuid.UUID) -> None:
    """Takes the file in. What is wrong with it is noted at the import; the job itself then is done."""
    from parcours.events.imports import import_customers

    row = Import.objects.filter(pk=import_id).exclude(status=ImportStatus.DONE).first()
    if row is None or not path_of(row).exists():
        return
    _note(row, status=ImportStatus.RUNNING, started_at=now())
    actor = system_actor(row.brand_id, row.acting_label or "Parcours")
    with translation.override(row.mapping.get("language") or settings.LANGUAGE_CODE):
        try:
            report = import_customers(
                brand_by_id(row.brand_id),
                path_of(row),
                customer=row.mapping["customer"],
                fields=row.mapping["fields"],
                acting_user=actor,
            )
        except ParcoursError as error:
            log.info("import %s failed: %s", import_id, error)
            words = " ".join(part for part in (error.what, error.remedy) if part)
            _note(row, status=ImportStatus.FAILED, finished_at=now(), error=words)
        else:
            counts: dict[str, Any] = {
                "read": report.read,
                "profiles": report.taken,
                "rejected": report.rejected,
            }
            counts |= {"stored": 0, "already_there": 0, "reasons": report.reasons}
            _note(
                row,
                status=ImportStatus.DONE,
                finished_at=now(),
                counts=counts,
                rejects_path=str(report.rejects_path or ""),
            )
    shutil.rmtree(path_of(row).parent, ignore_errors=True)


def _note(row: Import, **said: object) -> None:
    Import.objects.filter(pk=row.pk).update(**said)
