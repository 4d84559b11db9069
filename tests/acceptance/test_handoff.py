"""The hand-over from the inbox to the lake, killed without warning wherever it may be."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from parcours.core.postgres import EmbeddedPostgres, database_settings
from tests.acceptance.product import PATIENCE, environment, run

pytestmark = pytest.mark.acceptance

INGEST = "parcours.events.ingest"
LAKE = "parcours.events.lake"
BEFORE_ITS_COMMIT = (
    f"after {INGEST}.people:join",
    f"after {INGEST}.people:note_profiles",
    f"after {LAKE}.spill:Spill.add",
    f"before {LAKE}.manifest:swap",
    f"after {INGEST}.handoff:note_handed",
    f"after {INGEST}.handoff:tell_followers",
)
AFTER_ITS_COMMIT = f"before {LAKE}.manifest:list_files"
MESSAGES = 300
FILL = """
import sys
from parcours.core.installation import open_installation
with open_installation():
    import json
    from parcours.accounts.reads import brand_named
    from parcours.accounts.rights import system_actor
    from parcours.core.clock import now
    from parcours.events.ingest.inbox import take_in
    from parcours.events.ingest.messages import Message
    from parcours.events.reads import sources
    from parcours.events.writes import add_source
    brand = brand_named(None)
    source = sources(brand).first() or add_source(brand, "Shop", acting_user=system_actor(brand.pk))[0]
    begin, end = map(int, sys.argv[1:])
    messages = []
    for n in range(begin, end):
        who = {"anonymousId": f"visitor{n % 20}"} | ({"userId": f"user{n % 10}"} if n % 3 == 0 else {})
        body = {"type": "track", "event": "Cart Viewed", "properties": {"n": n}, **who}
        if n % 10 == 0:
            traits = {"email": f"{n % 70}@example.org"}
            body = {"type": "identify", "userId": f"user{n % 70}", "traits": traits}
        messages.append(Message(message_id=str(n), type="track", raw=json.dumps(body).encode()))
    take_in(brand.pk, source.pk, messages, received_at=now())
"""


def fill(home: Path, begin: int, end: int) -> None:
    command = [sys.executable, "-c", FILL, str(begin), str(end)]
    done = subprocess.run(
        command, env=environment(home), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr


def killed(home: Path, point: str) -> None:
    command = [sys.executable, "-m", "tests.acceptance.dying", point, "events", "hand-over"]
    done = subprocess.run(command, env=environment(home), capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == -signal.SIGKILL, f"{point}: {done.stderr.decode()}"


def stored(home: Path) -> int:
    """The events in effect, as the manifest has them."""
    named = database_settings(home)
    where = {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "dbname": named["NAME"]}
    with psycopg.connect(**where) as database:  # type: ignore[arg-type]
        row = database.execute("SELECT coalesce(sum(rows), 0) FROM events_lakefile").fetchone()
    assert row is not None
    return int(row[0])


def handed_over(home: Path) -> int:
    done = run(home, "events", "hand-over", "--json")
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout)["messages"])


def test_a_hand_over_killed_at_any_point_loses_and_doubles_nothing(home: Path) -> None:
    made = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
    assert made.returncode == 0, made.stderr
    with EmbeddedPostgres(home):  # so that not every command starts it anew
        _kill_and_repeat(home)


def _kill_and_repeat(home: Path) -> None:
    fill(home, 0, MESSAGES)
    events = sum(1 for n in range(MESSAGES) if n % 10)
    for point in BEFORE_ITS_COMMIT:
        killed(home, point)
        assert stored(home) == 0

    assert handed_over(home) == MESSAGES
    assert stored(home) == events
    assert handed_over(home) == 0

    fill(home, 0, 2 * MESSAGES)  # half of it sent again
    killed(home, AFTER_ITS_COMMIT)
    assert stored(home) == 2 * events
    assert handed_over(home) == 0
    counted = run(home, "events", "names", "--json")
    assert [row["events"] for row in json.loads(counted.stdout)] == [2 * events]
