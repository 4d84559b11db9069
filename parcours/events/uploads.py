"""Files brought to the page: kept until they are taken in by a job, and then deleted."""

import logging
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor, system_actor
from parcours.core.errors import BadInput, Conflict, ParcoursError
from parcours.events.enums import ImportStatus
from parcours.events.imports import ColumnMapping, import_events
from parcours.events.models import Import
from parcours.journal.writes import record

log = logging.getLogger(__name__)


def keep_upload(brand: Brand, name: str, chunks: Iterable[bytes], *, acting_user: Actor) -> Import:
    """Stores a file to be taken in later. Raises BadInput for an empty one, Forbidden."""
    acting_user.require("events.import")
    row = Import(brand=brand, source="import", file_name=(Path(name).name or "file")[:200])
    path = path_of(row)
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    row.file_size = path.stat().st_size
    row.acting_label = acting_user.label[:160]
    if not row.file_size:
        shutil.rmtree(path.parent)
        raise BadInput(_("The file is empty; nothing was stored."), where=name)
    row.save()
    return row


def path_of(row: Import) -> Path:
    """Where the file of an upload lies, until it was taken in."""
    # The name decides about the format; only its end is used, so that no name can lead elsewhere.
    ends = "".join(Path(row.file_name).suffixes[-2:])
    safe = ends if ends.replace(".", "").isalnum() else ""
    return Path(settings.DATA) / "uploads" / str(row.pk) / f"upload{safe}"


def waits(row: Import) -> bool:
    """Is this an upload whose columns somebody still has to confirm?"""
    return row.status == ImportStatus.WAITING and not row.mapping and path_of(row).exists()


@transaction.atomic
def do_begin_import(row: Import, mapping: ColumnMapping, source: str, *, acting_user: Actor) -> None:
    """Hands the upload to a job. Raises Conflict when it was begun already."""
    from parcours.events.tasks import import_uploaded_file

    acting_user.require("events.import")
    row = Import.objects.select_for_update().get(pk=row.pk)
    if not waits(row):
        raise Conflict(_("This file is being taken in already."))
    row.mapping = {"begun": True, "language": translation.get_language(), **mapping.as_json()}
    row.source = source.strip()[:80] or "import"
    row.save(update_fields=["mapping", "source"])
    record(acting_user, "import begun", "import", row.pk, {"file": row.file_name})
    import_uploaded_file.configure(lock=f"lake.{row.brand_id}").defer(import_id=str(row.pk))


@transaction.atomic
def do_discard_upload(row: Import, *, acting_user: Actor) -> None:
    """Forgets an upload that wasn't begun. Raises Conflict when it was."""
    acting_user.require("events.import")
    if not waits(row):
        raise Conflict(_("This file is being taken in already."))
    folder = path_of(row).parent
    row.delete()
    transaction.on_commit(lambda: shutil.rmtree(folder, ignore_errors=True))


def import_upload(import_id: uuid.UUID) -> None:
    """Takes the file of an upload in. What is wrong with it is noted at the import; the job itself then is
    done.
    """
    row = Import.objects.filter(pk=import_id).exclude(status=ImportStatus.DONE).first()
    if row is None:
        return
    brand = brand_by_id(row.brand_id)
    mapping = ColumnMapping.from_json(row.mapping)
    try:
        # Its notes and reasons are stored as sentences, for the person who began it.
        with translation.override(row.mapping.get("language") or settings.LANGUAGE_CODE):
            actor = system_actor(brand.pk, row.acting_label or "Parcours")
            import_events(brand, path_of(row), mapping=mapping, acting_user=actor, import_id=row.pk)
    except ParcoursError as error:
        log.info("import %s failed: %s", import_id, error)
    shutil.rmtree(path_of(row).parent, ignore_errors=True)
