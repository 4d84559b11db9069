"""What is due goes on in an open page, and what happens to many conversations at once reaches it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox.models import Conversation
from parcours.inbox.routing.models import Queue
from parcours.inbox.routing.presence import set_state
from parcours.inbox.routing.queues import archive_queue
from tests.browser.conftest import SignIn
from tests.browser.test_desk import Write
from tests.browser.test_desk import returns as returns  # noqa: PLC0414 - fixtures of the desk, used here too
from tests.browser.test_desk import write as write  # noqa: PLC0414
from tests.inbox.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414

pytestmark = pytest.mark.browser


def test_what_becomes_late_while_the_page_is_open_says_so(
    sign_in: SignIn, alice: Person, write: Write, troubles: list[str]
) -> None:
    due, waits = write("When does it come?", "mark"), write("And mine?", "lea")
    page = sign_in(alice)
    moment = now()
    Conversation.objects.filter(pk=due.pk).update(
        due_at=moment + timedelta(minutes=12), warned_from=moment + timedelta(minutes=4)
    )
    Conversation.objects.filter(pk=waits.pk).update(waiting_since=moment - timedelta(minutes=30))
    page.clock.install(time=moment)
    page.goto(f"/inbox/{due.pk}/", wait_until="domcontentloaded")
    row = page.locator(f'[data-row="{due.pk}"] [data-due-at]')
    head = page.locator(".talk-head [data-due-at]")
    other = page.locator(f'[data-row="{waits.pk}"] [data-waits-since]')
    expect(head).to_have_text(re.compile("^due in 1[12]\u202fmin$"))
    expect(other).to_have_text(re.compile("^3[01]\u202fmin$"))
    page.clock.fast_forward("05:00")
    for mark in (row, head):
        expect(mark).to_have_text(re.compile("^due in [67]\u202fmin$"))
        expect(mark).to_have_class("tag warn")
    Conversation.objects.filter(pk=due.pk).update(due_at=moment - timedelta(seconds=5))
    page.clock.fast_forward("09:00")
    for mark in (row, head):
        expect(mark).to_have_text(re.compile("^late by [23]\u202fmin$"))
        expect(mark).to_have_class("tag bad")
    expect(other).to_have_text(re.compile("^4[45]\u202fmin$"))
    expect(page.locator("#desk-says")).to_have_text(re.compile("^late by "))
    page.clock.run_for(3_000)
    expect(page.locator('[data-count="late"]').first).to_have_text("1")
    assert troubles == []


def test_a_queue_that_is_put_away_leaves_an_open_page(
    sign_in: SignIn, alice: Person, write: Write, returns: Queue, alice_acts: Actor
) -> None:
    conversation = write()
    Conversation.objects.filter(pk=conversation.pk).update(queue_id=returns.pk)
    page = sign_in(alice)
    page.goto(f"/inbox/?queue={returns.pk}")
    expect(page.locator("[data-row]")).to_have_count(1)
    archive_queue(returns.pk, acting_user=alice_acts)
    expect(page.locator("[data-row]")).to_have_count(0)


def test_what_somebody_says_of_ones_presence_is_seen_at_once(
    sign_in: SignIn, alice: Person, write: Write, alice_acts: Actor
) -> None:
    write()
    page = sign_in(alice)
    page.goto("/inbox/")
    words = page.locator("[data-me-words]")
    expect(words).to_have_text("Offline")
    set_state(alice.pk, "away", "Meeting", acting_user=alice_acts)
    expect(words).to_have_text("Away: Meeting", timeout=10_000)
