"""Fails when a model changed and no migration says so. Makes an empty database to ask."""

import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="parcours-check-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ["PARCOURS_DATA"] = folder
        from parcours.core.installation import set_up_django
        from parcours.core.postgres import EmbeddedPostgres

        with EmbeddedPostgres(Path(folder), {"fsync": "off"}):
            set_up_django()
            from django.core.management import call_command

            try:
                call_command("makemigrations", "--check", "--dry-run", "--verbosity=1")
            except SystemExit as stop:
                return int(stop.code or 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
