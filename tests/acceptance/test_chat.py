"""Visitors go on writing while the web process is killed: nothing is lost, nothing is there twice."""

import json
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.acceptance.chatting import ORIGIN, Visitor
from tests.acceptance.product import PATIENCE, environment, served, wait_until

pytestmark = pytest.mark.acceptance

VISITORS = 6
MESSAGES = 12
SET_UP = f"""
from parcours.core.installation import open_installation
with open_installation():
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import create_brand
    from parcours.inbox.writes import add_account
    brand = create_brand("Foulee")
    given = {{"origins": "{ORIGIN}"}}
    print(add_account(brand, "chat", "Chat", given, acting_user=system_actor(brand.pk)).pk)
"""
STORED = """
import json
from functools import partial
from parcours.core.installation import open_installation
with open_installation():
    from parcours.inbox.models import Conversation, Message
    print(json.dumps([Conversation.objects.count(), list(
        Message.objects.filter(direction="in").order_by("text").values_list("text", flat=True))]))
"""


def _python(home: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_killing_the_web_process_while_visitors_write_loses_and_doubles_nothing(home: Path) -> None:
    account = _python(home, SET_UP)
    with served(home, "serve") as product:
        visitors = [Visitor(product.url, account) for _ in range(VISITORS)]
        for visitor in visitors:
            visitor.begin()
            threading.Thread(target=visitor.follow, daemon=True).start()
        writers = [
            threading.Thread(target=_write, args=(number, visitor)) for number, visitor in enumerate(visitors)
        ]
        for writer in writers:
            writer.start()
        for third in (VISITORS * MESSAGES // 3, VISITORS * MESSAGES * 2 // 3):
            wait_until(partial(_have_said, visitors, third))
            product.part("web").send_signal(signal.SIGKILL)
        for writer in writers:
            writer.join(PATIENCE)
            assert not writer.is_alive()
        wait_until(lambda: all(len(visitor.seen) == MESSAGES for visitor in visitors))
        for visitor in visitors:
            visitor.over.set()
    conversations, texts = json.loads(_python(home, STORED))
    assert conversations == VISITORS
    assert texts == sorted(f"{number} says {n}" for number in range(VISITORS) for n in range(MESSAGES))
    assert all(len(ids) == 1 for visitor in visitors for ids in visitor.seen.values())
    assert all(visitor.reconnects >= 2 for visitor in visitors)


def _write(number: int, visitor: Visitor) -> None:
    for n in range(MESSAGES):
        visitor.say(f"visitor-{number}-{n}", f"{number} says {n}")


def _have_said(visitors: list[Visitor], least: int) -> bool:
    return _said(visitors) >= least


def _said(visitors: list[Visitor]) -> int:
    return sum(len(visitor.seen) for visitor in visitors)
