"""`parcours doctor`: checks an installation, changes nothing, and says what to do."""

import json
import os
import platform
import shutil
import stat
from collections.abc import Iterator
from contextlib import nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import click

from parcours.cli.options import data_option, json_option
from parcours.core.environment import data_folder
from parcours.core.errors import ParcoursError
from parcours.core.installation import Installation, close_connections, pending_migrations, set_up_django
from parcours.core.postgres import SPACE_TO_BEGIN
from parcours.core.terminal import gettext as _

GB = 1024**3
PARQUET_MARK = b"PAR1"


class Finding(NamedTuple):
    """`state` is ok, warning or problem; a remedy stands beside everything that isn't ok."""

    check: str
    state: str
    finding: str
    remedy: str = ""


@click.command(
    help=_("Check an installation and say what to do. Ends with status 1 when there is a problem.")
)
@data_option
@json_option
def doctor(as_json: bool) -> int:
    findings = list(examine(Installation(data_folder())))
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            _show(finding)
    return 1 if any(finding.state == "problem" for finding in findings) else 0


def _show(finding: Finding) -> None:
    signs = {"ok": "✓", "warning": "!", "problem": "✗"}
    line = _("{check}: {finding}").format(check=finding.check, finding=finding.finding)
    click.echo(f"{signs[finding.state]} {line}")
    if finding.remedy:
        click.echo(f"  → {finding.remedy}")


def examine(installation: Installation) -> Iterator[Finding]:
    """Every finding about an installation. After one that makes the next questions pointless it stops."""
    yield _programs()
    if not (installation.data / "secret.key").exists():
        yield Finding(
            _("folder"),
            "problem",
            _("{folder} holds no installation").format(folder=installation.data),
            _("Make one with `parcours serve` or `parcours demo`, or name another folder with --data."),
        )
        return
    yield _folder(installation.data)
    yield _secret(installation.data)
    yield _disk(installation.data)
    yield _served(installation)
    yield from _database(installation)


def _programs() -> Finding:
    python = platform.python_version()
    return Finding(
        _("version"), "ok", f"Parcours {version('parcours')}, Python {python}, {platform.platform()}"
    )


def _folder(data: Path) -> Finding:
    closed = [path for path in (data, *data.iterdir()) if path.is_dir() and not _usable(path)]
    if closed:
        return Finding(
            _("folder"),
            "problem",
            _("{folder} can't be written to").format(folder=closed[0]),
            _("Run Parcours as the user who owns it, or change its owner."),
        )
    return Finding(_("folder"), "ok", str(data))


def _usable(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.W_OK | os.X_OK)


def _secret(data: Path) -> Finding:
    mode = stat.S_IMODE((data / "secret.key").stat().st_mode)
    if mode & 0o077:
        return Finding(
            _("secret key"),
            "warning",
            _("other users of this machine can read it"),
            f"chmod 600 {data / 'secret.key'}",
        )
    return Finding(_("secret key"), "ok", _("readable by its owner only"))


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    text = _("{gigabytes:.1f} GB free").format(gigabytes=free / GB)
    if free < SPACE_TO_BEGIN:
        return Finding(_("disk"), "problem", text, _("Free some space now: nothing more can be stored."))
    if free < 2 * GB:
        return Finding(_("disk"), "warning", text, _("Free some space soon."))
    return Finding(_("disk"), "ok", text)


def _served(installation: Installation) -> Finding:
    lock = installation.serve_lock
    if lock.try_to_hold():
        lock.let_go()
        return Finding(_("serving"), "ok", _("not being served at the moment"))
    try:
        return Finding(_("serving"), "ok", _("process {pid} at {url}").format(**json.loads(lock.read())))
    except (ValueError, KeyError):
        return Finding(_("serving"), "ok", _("being served"))


def _database(installation: Installation) -> Iterator[Finding]:
    os.environ["PARCOURS_DATA"] = str(installation.data)
    try:
        with installation.postgres or nullcontext():
            set_up_django()
            try:
                yield from _inside_database()
            finally:
                close_connections()
    except ParcoursError as error:
        yield Finding(_("database"), "problem", error.what, error.remedy)


def _inside_database() -> Iterator[Finding]:
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version(), pg_size_pretty(pg_database_size(current_database()))")
            name, size = cursor.fetchone()
    except OperationalError as error:
        yield Finding(
            _("database"),
            "problem",
            str(error).strip().splitlines()[0],
            _("Check that it runs and that DATABASE_URL names it correctly."),
        )
        return
    yield Finding(_("database"), "ok", f"{' '.join(name.split()[:2])}, {size}")
    pending = pending_migrations()
    if pending:
        text = _("{count} steps are still to be done").format(count=len(pending))
        yield Finding(_("tables"), "warning", text, _("They are done at the next `parcours serve`."))
        return
    yield Finding(_("tables"), "ok", _("as this version needs them"))
    yield _people()
    yield _lake()
    yield _inbox()


def _people() -> Finding:
    from parcours.accounts.reads import all_brands, people_of

    brands: list[Any] = list(all_brands())
    alone = [brand for brand in brands if not people_of(brand).filter(role="owner").exists()]
    if alone or not brands:
        return Finding(
            _("people"),
            "warning",
            _("nobody owns {brand}").format(brand=alone[0].name) if alone else _("nobody can sign in yet"),
            "parcours user add EMAIL --role owner --brand NAME",
        )
    return Finding(
        _("people"), "ok", ", ".join(f"{brand.name}: {people_of(brand).count()}" for brand in brands)
    )


def _lake() -> Finding:
    from parcours.accounts.reads import all_brands
    from parcours.events.lake import Lake

    lakes = [Lake(brand.pk) for brand in all_brands()]
    files = [lake.folder / name for lake in lakes for name in lake.manifest().paths()]
    broken = [path for path in files if not _is_whole(path)]
    if broken:
        return Finding(
            _("lake"),
            "problem",
            _("{count} of {all} files are missing or damaged, for instance {path}").format(
                count=len(broken), all=len(files), path=broken[0]
            ),
            _("Restore the installation from its last backup into a new folder."),
        )
    megabytes = sum(path.stat().st_size for path in files) / 1024**2
    return Finding(
        _("lake"), "ok", _("{count} files, {size:.1f} MB").format(count=len(files), size=megabytes)
    )


def _inbox() -> Finding:
    """What the last nights' checks left to do."""
    from parcours.accounts.reads import all_brands
    from parcours.inbox.reconciling.reads import newest
    from parcours.inbox.reconciling.words import sentence

    found = [check for brand in all_brands() if (check := newest(brand.pk)) is not None]
    troubles = [each for check in found for each in check.troubles]
    if troubles:
        return Finding(
            _("inbox"),
            "warning",
            _("{count} findings of the last check, for instance: {first}").format(
                count=len(troubles), first=sentence(troubles[0])
            ),
            "parcours inbox reconcile",
        )
    if not found:
        return Finding(_("inbox"), "ok", _("not checked yet: it is each night while Parcours is served"))
    oldest = min(check.began_at for check in found)
    return Finding(_("inbox"), "ok", _("checked on {day}").format(day=f"{oldest:%Y-%m-%d}"))


def _is_whole(path: Path) -> bool:
    """A Parquet file that was written to its end begins and ends with the same four bytes."""
    if not path.exists() or path.stat().st_size < 12:
        return False
    with path.open("rb") as file:
        begins = file.read(4)
        file.seek(-4, os.SEEK_END)
        return begins == file.read(4) == PARQUET_MARK
