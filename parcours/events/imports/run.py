"""`import_events`, the door of every import, and what the page shows before one."""

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, ParcoursError
from parcours.events.enums import ImportStatus
from parcours.events.imports.mapping import ColumnMapping
from parcours.events.imports.report import ImportReport
from parcours.events.models import Import
from parcours.journal.writes import record
from parcours.live.writes import publish

log = logging.getLogger(__name__)

PREVIEWED = 1_000
SOURCE = "import"
LONGEST_SOURCE = 80
Tell = Callable[[str, int, int], None]


def start_import(
    brand: Brand,
    path: Path,
    *,
    mapping: ColumnMapping,
    source: str,
    format_name: str | None,
    acting_user: Actor,
) -> Import:
    """Notes that a file waits to be taken in; `import_events` with its id does it."""
    acting_user.require("events.import")
    if len(source) > LONGEST_SOURCE:
        raise BadInput(
            _("The name of a source has at most {n} characters.").format(n=LONGEST_SOURCE), where="source"
        )
    return Import.objects.create(
        brand=brand,
        source=source or SOURCE,
        file_name=path.name[:255],
        file_size=path.stat().st_size if path.is_file() else 0,
        format=format_name or "",
        mapping=mapping.as_json(),
        acting_label=acting_user.label[:160],
    )


def import_events(
    brand: Brand,
    path: Path | str,
    *,
    acting_user: Actor,
    format: str | None = None,  # noqa: A002 - the option's own name
    mapping: ColumnMapping | None = None,
    source: str = SOURCE,
    rejects: Path | None = None,
    progress: Tell | None = None,
    import_id: uuid.UUID | None = None,
) -> ImportReport:
    """Takes a file of events into the brand's lake, each event once, and returns what became of its rows.

    The same file again stores nothing new, a longer one only what is new in it; being killed and repeated
    comes to the same as once. `mapping` says what columns mean (else their names do), `source` where the
    events come from, `rejects` where rows that can't be read are written (else in the installation).
    `progress(phase, done, total)` is told how far it is.

    Raises BadInput, with nothing stored, for a file or mapping that can't be used, and Forbidden.
    """
    acting_user.require("events.import")
    path = Path(path)
    mapping = mapping or ColumnMapping()
    row = (
        Import.objects.get(brand=brand, pk=import_id)
        if import_id
        else start_import(
            brand, path, mapping=mapping, source=source, format_name=format, acting_user=acting_user
        )
    )
    try:
        return _run(brand, path, row, mapping, rejects, progress, acting_user)
    except BaseException as error:
        _note_failure(row, error)
        raise


def _run(  # noqa: PLR0917 - called once, just above
    brand: Brand,
    path: Path,
    row: Import,
    mapping: ColumnMapping,
    rejects_path: Path | None,
    progress: Tell | None,
    acting_user: Actor,
) -> ImportReport:
    from parcours.events.imports.rejects import RejectsFile
    from parcours.events.imports.taking_in import Run, warm_up
    from parcours.events.lake.manifest import sole_writer

    began = monotonic()
    own = Path(settings.DATA) / "rejects" / str(brand.pk) / f"{row.pk}.csv"
    rejects = RejectsFile(rejects_path or own, source=path)
    tell = _teller(row, progress)
    run = Run(brand, path, mapping=mapping, source_name=row.source, rejects=rejects, tell=tell)
    row.format = run.prepare(row.format or None).format
    with sole_writer(brand.pk):
        _note_start(row)

        def finish(stored: int, already_there: int) -> None:
            report = _report(row, run, stored=stored, already_there=already_there)
            _note_end(row, report, acting_user)

        stored, already_there, generation = run.execute(finish)
    if stored:
        warm_up(brand)
    return _report(
        row,
        run,
        stored=stored,
        already_there=already_there,
        generation=generation,
        seconds=round(monotonic() - began, 3),
    )


def _report(row: Import, run: Any, **counts: Any) -> ImportReport:
    return ImportReport(
        import_id=str(row.pk),
        file=row.file_name,
        format=row.format,
        read=run.read,
        rejected=run.rejects.count,
        combined=run.combined,
        profiles=run.profiles,
        reasons=dict(run.rejects.reasons.most_common()),
        rejects_path=run.rejects.path if run.rejects.count else None,
        notices=tuple(run.notices),
        **counts,
    )


def _note_start(row: Import) -> None:
    """This one runs; one that is said to run too was killed, for only one can hold the lake."""
    Import.objects.filter(brand_id=row.brand_id, status=ImportStatus.RUNNING).exclude(pk=row.pk).update(
        status=ImportStatus.FAILED,
        finished_at=now(),
        error=_("It was interrupted; nothing of it was stored."),
    )
    row.status = ImportStatus.RUNNING
    row.started_at = now()
    row.error = ""
    row.save(update_fields=["status", "started_at", "format", "error"])


def _note_end(row: Import, report: ImportReport, acting_user: Actor) -> None:
    """In the transaction that puts the events in effect."""
    row.status = ImportStatus.DONE
    row.finished_at = now()
    row.counts = report.counts()
    row.notices = list(report.notices)
    row.rejects_path = str(report.rejects_path or "")
    row.save(update_fields=["status", "finished_at", "counts", "notices", "rejects_path"])
    record(
        acting_user, "events imported", "import", row.pk, {"file": row.file_name, "counts": report.counts()}
    )
    publish(row.brand_id, f"import:{row.pk}", "import.done", report.counts())


def _note_failure(row: Import, error: BaseException) -> None:
    """What is shown to people; a failure to note it must not hide the failure."""
    sentence = (
        str(error) if isinstance(error, ParcoursError) else _("It failed unexpectedly; nothing was stored.")
    )
    try:
        with transaction.atomic():
            Import.objects.filter(pk=row.pk).exclude(status=ImportStatus.DONE).update(
                status=ImportStatus.FAILED, finished_at=now(), error=sentence
            )
            publish(row.brand_id, f"import:{row.pk}", "import.failed", {"error": sentence})
    except Exception:
        log.exception("could not note that import %s failed", row.pk)


def _teller(row: Import, progress: Tell | None) -> Tell:
    """Tells the caller and, about twice a second, whoever follows the import."""
    last = monotonic()

    def tell(phase: str, done: int, total: int) -> None:
        nonlocal last
        if progress is not None:
            progress(phase, done, total)
        if monotonic() - last >= 0.5:
            last = monotonic()
            data = {"phase": phase, "done": done, "total": total}
            with transaction.atomic():
                Import.objects.filter(pk=row.pk).update(counts=data)
                publish(row.brand_id, f"import:{row.pk}", "import.progress", data)

    return tell


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would make of the beginning of a file."""

    format: str
    columns: tuple[str, ...]
    messages: bool
    roles: dict[str, str]
    guessed: tuple[str, ...]
    sample: tuple[dict[str, Any], ...]
    rows: int
    rejects: tuple[Any, ...]
    reasons: dict[str, int]
    notices: tuple[str, ...]
    problem: str = ""


def preview(path: Path, *, format_name: str | None = None, mapping: ColumnMapping | None = None) -> Preview:
    """Reads the first rows as an import would; stores nothing.

    What is wrong with the mapping is told in `problem`. Raises BadInput for a file that can't be read at all.
    """
    from parcours.events.imports.previewing import read_beginning

    return read_beginning(path, format_name, mapping or ColumnMapping(), PREVIEWED)
