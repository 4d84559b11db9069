"""An installation is one folder: its database, lake, pictures, logs and secret key."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from parcours.core.environment import data_folder
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.core.locks import FolderLock
from parcours.core.postgres import EmbeddedPostgres
from parcours.core.terminal import gettext as _
from parcours.core.terminal import terminal_language

_OURS = ("secret.key", "postgres", "postgres.new", "postgres.start.lock", "serve.lock", "lake")
_MIGRATION_LOCK = 0x70617263  # "parc": one process migrates, the others wait for it


@dataclass(frozen=True)
class Installation:
    """The folder of an installation and what lies where in it."""

    data: Path

    @property
    def lake(self) -> Path:
        return self.data / "lake"

    @property
    def media(self) -> Path:
        return self.data / "media"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def rejects(self) -> Path:
        return self.data / "rejects"

    @property
    def serve_lock(self) -> FolderLock:
        """Held by whoever serves this folder; its text names the process and address."""
        return FolderLock(self.data / "serve.lock")

    @property
    def postgres(self) -> EmbeddedPostgres | None:
        """The embedded server, or None when DATABASE_URL names another one."""
        return None if os.environ.get("DATABASE_URL") else EmbeddedPostgres(self.data)

    @property
    def is_there(self) -> bool:
        """Whether somebody has begun one here, or DATABASE_URL names its database."""
        return bool(os.environ.get("DATABASE_URL")) or (self.data / "postgres").exists()

    def prepare(self) -> None:
        """Makes the folders that are missing. Raises BadInput for a folder that holds something else."""
        try:
            if self.data.exists() and not self._is_ours():
                raise BadInput(
                    _("This folder holds something else than a Parcours installation; it was left alone."),
                    where=str(self.data),
                    remedy=_("Name an empty or new folder with --data."),
                )
            self.data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            for folder in (self.lake, self.media, self.log, self.rejects):
                folder.mkdir(exist_ok=True)
            secret_key(self.data)
        except OSError as error:
            raise ParcoursError(
                _("The data folder can't be used: {reason}.").format(reason=error.strerror or error),
                where=str(error.filename or self.data),
                remedy=_(
                    "Choose another folder with --data, or change its owner to the user who runs Parcours."
                ),
            ) from error

    def _is_ours(self) -> bool:
        names = {path.name for path in self.data.iterdir()}
        return not names or not names.isdisjoint(_OURS)


def secret_key(data: Path) -> str:
    """The key that signs sessions and encrypts secrets: made once, readable by its owner only."""
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        mine = data / f"secret.key.{os.getpid()}.{secrets.token_hex(4)}"
        descriptor = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(mine, path)  # the first of several processes wins, and never half a key
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text("utf-8").strip()


@contextmanager
def open_installation(data: Path | None = None, *, existing: bool = False) -> Iterator[Installation]:
    """An installation ready for use by a command: database up, Django set up, migrations done.

    Starts the embedded server or joins the one that runs; the last to leave stops it. Inside an installation
    that is open already it just hands that over. A folder without one becomes one, unless the command has
    nothing to do in an empty one (`existing`): NotFound. Raises ParcoursError.
    """
    from django.apps import apps

    if apps.ready:
        from django.conf import settings

        yield Installation(Path(settings.DATA))
        return
    installation = Installation((data or data_folder()).expanduser().resolve())
    os.environ["PARCOURS_DATA"] = str(installation.data)
    if existing and not installation.is_there:
        raise NotFound(
            _("There is no installation in this folder."),
            where=str(installation.data),
            remedy=_("Name the folder of one with --data; “parcours serve --data DIR” makes a new one."),
        )
    installation.prepare()
    with installation.postgres or nullcontext():
        set_up_django()
        try:
            migrate()
            yield installation
        finally:
            close_connections()


def set_up_django() -> None:
    """Loads Parcours' settings and areas, and speaks the terminal's language."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parcours.settings")
    import django
    from django.utils import translation

    django.setup(set_prefix=False)
    translation.activate(terminal_language())


def close_connections() -> None:
    """Closes the database connections of this process and their pool."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool:
            close_pool()


def migrate() -> None:
    """Brings the database to the form that this version needs; of several processes one does, others wait.

    Raises ParcoursError when the database can't be reached, or was brought further by a newer version.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection

    try:
        if not pending_migrations():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
            try:
                call_command("migrate", verbosity=0, interactive=False)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])
    except OperationalError as error:
        raise ParcoursError(
            _("The database can't be reached: {reason}").format(reason=_why_unreachable(error)),
            remedy=_("Check that it runs and that DATABASE_URL names it correctly."),
        ) from error


def _why_unreachable(error: Exception) -> str:
    """What the server says, or the network; the pool of connections only tells how long it waited."""
    import psycopg
    from django.db import connection

    parameters = {**connection.get_connection_params(), "connect_timeout": 5}
    try:
        psycopg.connect(**{name: value for name, value in parameters.items() if name != "pool"}).close()
    except psycopg.OperationalError as plain:
        error = plain
    return str(error).strip().splitlines()[0]


def pending_migrations() -> list[str]:
    """Names of the migrations still to be done. Raises ParcoursError for a database of a newer version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = executor.loader.disk_migrations
    ahead = sorted(
        f"{app}.{name}" for app, name in executor.loader.applied_migrations if (app, name) not in known
    )
    if ahead:
        raise ParcoursError(
            _("This database was used by a newer Parcours than this one."),
            where=ahead[-1],
            remedy=_("Install that version or a later one."),
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
