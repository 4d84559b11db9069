"""Fifty people edit one canvas at once: what each of them sees ends the same, and nothing stored is lost.

Fifteen seconds by default; `PARCOURS_TEST_EDITORS_SECONDS=60` for the whole minute. How long a change takes
until the others see it is printed (`pytest -s`), never judged: it depends on the machine.
"""

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles

import pytest

from tests.acceptance.editing import Canvas, CardNow, Editor, Told
from tests.acceptance.product import PATIENCE, environment, served, wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.alone]

EDITORS = 50
SECONDS = float(os.environ.get("PARCOURS_TEST_EDITORS_SECONDS", "15"))
PAUSE = float(os.environ.get("PARCOURS_TEST_EDITORS_PAUSE", "10"))
SET_UP = """
import json, sys
from parcours.core.installation import open_installation
with open_installation():
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from parcours.accounts.models import Membership, Person
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import create_brand
    from parcours.canvas import reads, writes
    from parcours.live.reads import newest_id
    brand = create_brand("Foulee")
    actor = system_actor(brand.pk)
    journey = writes.create_journey("Mark buys running shoes", acting_user=actor, language="en")
    writes.add_lane(journey.id, "emotion", acting_user=actor)
    board = reads.board(brand.pk, journey.id)
    for number, stage in enumerate(board.stages):
        for lane in board.lanes:
            writes.add_card(
                journey.id, stage_id=stage.id, lane_id=lane.id, title=f"Drawn {number}", acting_user=actor
            )
    sessions = []
    for number in range(int(sys.argv[1])):
        person = Person.objects.create_user(f"editor{number}@example.org", None, name=f"Editor {number}")
        Membership.objects.create(person=person, brand=brand, role="editor")
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        sessions.append(session.session_key)
    print(json.dumps({
        "journey": str(journey.id),
        "stages": [str(stage.id) for stage in board.stages],
        "lanes": [str(lane.id) for lane in board.lanes],
        "emotions": [str(lane.id) for lane in board.lanes if lane.kind == "emotion"],
        "newest": str(newest_id(brand.pk)),
        "sessions": sessions,
    }))
"""


def _prepared(home: Path) -> tuple[Canvas, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SET_UP, str(EDITORS)],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout.strip().splitlines()[-1])
    sessions = made.pop("sessions")
    return Canvas(**{**made, "emotions": frozenset(made["emotions"])}), sessions


def test_fifty_editors_of_one_canvas_see_the_same_in_the_end_and_lose_nothing(home: Path) -> None:
    canvas, sessions = _prepared(home)
    told = Told()
    with served(home, "serve") as product:
        editors = [
            Editor(number, product.port, session, canvas, told) for number, session in enumerate(sessions)
        ]
        first = editors[0].open_page()
        for editor in editors:
            editor.cards = dict(first)
        _all_at_once(editors)
        last = editors[0].open_page()
        with suppress(AssertionError):  # what differs is told below
            wait_until(lambda: all(editor.cards == last for editor in editors))
        for editor in editors:
            editor.hang_up()
        differing = {editor.number: _differences(editor.cards, last) for editor in editors}
    assert [fault for editor in editors for fault in editor.faults] == []
    assert {number: found for number, found in differing.items() if found} == {}
    _nothing_lost(told, last)
    _report(told)


def _all_at_once(editors: list[Editor]) -> None:
    followers = [threading.Thread(target=editor.follow, daemon=True) for editor in editors]
    for follower in followers:
        follower.start()
    for editor in editors:
        assert editor.listening.wait(PATIENCE), editor.faults
    until = time.monotonic() + SECONDS
    workers = [threading.Thread(target=editor.work, args=(until, PAUSE)) for editor in editors]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE)


def _differences(seen: dict[str, CardNow], last: dict[str, CardNow]) -> list[tuple[str, object, object]]:
    return [
        (card, seen.get(card), last.get(card))
        for card in seen.keys() | last.keys()
        if seen.get(card) != last.get(card)
    ]


def _nothing_lost(told: Told, last: dict[str, CardNow]) -> None:
    """The last thing that was acknowledged of each card is what stands, and every word of it."""
    for card, (revision, now) in told.last.items():
        if now is None:
            assert card not in last, "a deleted card stands again"
        else:
            assert last[card] == now, f"revision {revision} was acknowledged"
    for card, words in told.words.items():
        if card in last:
            missing = words - set(last[card].text.split())
            assert not missing, f"words of {card} were acknowledged and are gone"


def _report(told: Told) -> None:
    assert told.seconds
    parts = quantiles(told.seconds, n=100)
    print(  # noqa: T201 - read with pytest -s
        f"\n{EDITORS} editors, {SECONDS:.0f} s: {sum(told.deeds.values())} changes {told.deeds}, "
        f"{told.conflicts} conflicts; seen by others after p50 {parts[49] * 1000:.0f} ms, "
        f"p95 {parts[94] * 1000:.0f} ms ({len(told.seconds)} times)"
    )
