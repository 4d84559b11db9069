"""`parcours backup` and `parcours restore`: a whole installation in one file, of one moment.

The file is a plain tar: what it holds is compressed already. Files of the lake and pictures are never changed
once written, so links hold them: those of the lake are the ones that the dumped state of the database names,
and pictures are linked after the dump, when every one that it names is there.
"""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import click

from parcours.cli.options import data_option, json_option, print_object
from parcours.core.environment import data_folder
from parcours.core.errors import BadInput, InUse, ParcoursError
from parcours.core.installation import Installation, open_installation
from parcours.core.postgres import MAJOR, NAME, EmbeddedPostgres
from parcours.core.terminal import gettext as _

FORMAT = 1
FOLDERS = ("lake", "media", "rejects")
TRIES = 10


@click.command(help=_("Write everything of an installation into FILE, also while it is being served."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@json_option
def backup(file: Path, as_json: bool) -> None:
    _require_embedded()
    if not (data_folder() / "secret.key").exists():
        raise BadInput(
            _("There is no installation to back up."),
            where=str(data_folder()),
            remedy=_("Name its folder with --data."),
        )
    with open_installation(existing=True) as installation:
        write_backup(installation, file)
    print_object({"file": str(file), "bytes": file.stat().st_size}, as_json=as_json)


@click.command(help=_("Make the installation that FILE holds, in a folder that is empty or not there."))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@data_option
@json_option
def restore(file: Path, as_json: bool) -> None:
    _require_embedded()
    read_backup(file, data_folder())
    print_object({"file": str(file), "folder": str(data_folder())}, as_json=as_json)


def write_backup(installation: Installation, file: Path) -> None:
    """Writes FILE whole or not at all. Raises ParcoursError."""
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        with _working_folder(installation.data) as work:
            with _state_of_database(installation, work) as snapshot:
                _dump(EmbeddedPostgres(installation.data), work / "database.dump", snapshot)
            for name in ("media", "rejects"):
                _link_folder(installation.data / name, work / name)
            shutil.copy2(installation.data / "secret.key", work / "secret.key")
            note = {"format": FORMAT, "parcours": version("parcours"), "postgresql": MAJOR}
            made = datetime.now(UTC).isoformat(timespec="seconds")
            (work / "backup.json").write_text(json.dumps({**note, "made": made}))
            with (
                _for_owner_only(unfinished) as out,
                tarfile.open(fileobj=out, mode="w") as tar,
            ):
                for name in ("backup.json", "secret.key", "database.dump", *FOLDERS):
                    tar.add(work / name, arcname=name, filter=_without_owner)
                out.flush()
        unfinished.replace(file)
    except OSError as error:
        raise ParcoursError(
            _("The backup could not be written: {reason}.").format(reason=error.strerror or error),
            where=str(error.filename or file),
            remedy=_("Name a file on a disk with room for it."),
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def read_backup(file: Path, data: Path) -> None:
    """Makes the installation in `data`, whole or not at all. Raises BadInput, InUse or ParcoursError."""
    if data.exists() and any(data.iterdir()):
        raise InUse(
            _("This folder is not empty; a backup is restored into a new one only."),
            where=str(data),
            remedy=_("Name a new folder with --data."),
        )
    data.parent.mkdir(parents=True, exist_ok=True)
    target = Path(tempfile.mkdtemp(prefix=f".{data.name}.", dir=data.parent))
    try:
        _unpack(file, target)
        _check_note(file, target)
        installation = Installation(target)
        installation.prepare()
        with EmbeddedPostgres(target) as postgres:
            done = postgres.run_tool(
                *("pg_restore", "--exit-on-error", "--no-owner", "-d", NAME, str(target / "database.dump"))
            )
            if done.returncode != 0:
                raise _failed(done)
        for name in ("database.dump", "backup.json"):
            (target / name).unlink()
        target.chmod(0o711 if os.geteuid() == 0 else 0o700)
        if data.exists():
            data.rmdir()
        target.rename(data)
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _unpack(file: Path, target: Path) -> None:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(target, members=_harmless(tar, target, file))  # noqa: S202 - only what is harmless
    except (tarfile.TarError, EOFError) as error:
        raise BadInput(
            _("This is not a backup of Parcours, or it was cut short."),
            where=str(file),
        ) from error


def _harmless(tar: tarfile.TarFile, target: Path, file: Path) -> Iterator[tarfile.TarInfo]:
    """The members, as long as they are files and folders that belong into `target`. Raises BadInput.

    The filter "data" of tarfile says the same, but Python 3.11 has it from 3.11.4 on only.
    """
    tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
    inside = target.resolve()
    for member in tar:
        place = (inside / member.name).resolve()
        if not (member.isfile() or member.isdir()) or not place.is_relative_to(inside):
            raise BadInput(_("This is not a backup of Parcours."), where=f"{file}: {member.name}")
        yield member


def _check_note(file: Path, target: Path) -> None:
    try:
        note = json.loads((target / "backup.json").read_text())
    except (FileNotFoundError, ValueError) as error:
        raise BadInput(_("This is not a backup of Parcours."), where=str(file)) from error
    if note.get("format") != FORMAT:
        raise BadInput(
            _("This backup was made by a Parcours that writes another format ({made}).").format(
                made=note.get("parcours")
            ),
            where=str(file),
            remedy=_("Restore it with that version."),
        )


@contextmanager
def _state_of_database(installation: Installation, work: Path) -> Iterator[str]:
    """Holds one state of the database, whose files of the lake are linked; yields its name for pg_dump.

    An import may drop a file between our reading its name and linking it: then a newer state is taken.
    """
    from django.db import connection, transaction

    for _try in range(TRIES):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = str(cursor.fetchone()[0])
            if _link_lake(installation.lake, work / "lake"):
                yield snapshot
                return
    raise ParcoursError(
        _("The lake changes faster than it can be backed up."),
        remedy=_("Try again when the imports that run are done."),
    )


def _link_lake(lake: Path, target: Path) -> bool:
    """Links the files in effect; False when one of them is gone already."""
    from parcours.accounts.reads import all_brands
    from parcours.events.lake import Lake

    shutil.rmtree(target)
    target.mkdir()
    for brand in all_brands():
        of = Lake(brand.pk)
        for name in of.manifest().paths():
            link = target / (of.folder / name).relative_to(lake)
            link.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(of.folder / name, link)
            except FileNotFoundError:
                return False
    return True


def _dump(postgres: EmbeddedPostgres, file: Path, snapshot: str) -> None:
    done = postgres.run_tool(
        *("pg_dump", "--format=custom", "--no-owner", "--snapshot", snapshot, "-d", NAME, "-f", str(file))
    )
    if done.returncode != 0:
        raise _failed(done)


def _failed(done: subprocess.CompletedProcess[str]) -> ParcoursError:
    reason = done.stderr.strip().splitlines()
    return ParcoursError(
        _("PostgreSQL could not do its part of this: {reason}").format(reason=reason[-1] if reason else "?"),
        remedy=_("Nothing was changed. Look at the reason, then try again."),
    )


@contextmanager
def _working_folder(data: Path) -> Iterator[Path]:
    """A private folder on the same disk as the lake, where links cost no room."""
    with tempfile.TemporaryDirectory(prefix="backup.", dir=data) as folder:
        for name in FOLDERS:
            Path(folder, name).mkdir()
        yield Path(folder)


def _link_folder(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            link = target / path.relative_to(source)
            link.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, link)


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _for_owner_only(path: Path) -> BinaryIO:
    """Opens a new file for writing that nobody else may read: it holds the secret key."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _require_embedded() -> None:
    if os.environ.get("DATABASE_URL"):
        raise BadInput(
            _("DATABASE_URL names a database of your own, which Parcours does not back up."),
            remedy=_("Use pg_dump for the database, then copy the data folder."),
        )
