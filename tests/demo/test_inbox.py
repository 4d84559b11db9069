"""The demo's inbox holds the last weeks of the log and what came in today, in both languages, once."""

from collections import Counter
from datetime import date

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import system_actor
from parcours.demo.arriving import TODAY
from parcours.demo.drawing import draw_canvas
from parcours.demo.files import Files, write_files
from parcours.demo.inbox import fill_inbox
from parcours.demo.simulation import simulate
from parcours.inbox.channels import channels
from parcours.inbox.models import Conversation, Message
from parcours.inbox.targets.reads import targets
from parcours.notices.models import Notice

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return write_files(simulate(date(2026, 11, 22), customers=6_000), tmp_path_factory.mktemp("year"))


def fill(brand: Brand, year: Files) -> int:
    return fill_inbox(brand, year.customers, year.service, acting_user=system_actor(brand.pk))


def test_it_holds_weeks_of_conversations_that_read_like_conversations(brand: Brand, year: Files) -> None:
    draw_canvas("en", acting_user=system_actor(brand.pk))
    before = Conversation.objects.count()
    added = fill(brand, year)

    rows = list(Conversation.objects.select_related("account"))
    assert len(rows) - before >= added  # raw mails make some more
    assert added > 40
    today = Message.objects.filter(external_id__startswith="today:", external_id__endswith=":0")
    installed = [each for each in TODAY if each.channel in channels()]
    assert today.count() == len(installed)
    past = [row for row in rows if row.account.kind == "chat" and row.topic and row.closed_at]
    assert len(past) > 10
    assert not [row.topic for row in past if not row.stage_id]
    assert {row.language for row in rows} == {"fr", "en"}
    assert max(Counter(row.status for row in rows), key=lambda status: status == "closed") == "closed"
    assert any(row.waiting_since for row in rows)
    for row in past:
        moments = list(row.messages.order_by("at").values_list("at", flat=True))
        assert row.created_at <= moments[0]
        assert row.closed_at is not None
        assert moments[-1] <= row.closed_at
    words = Message.objects.filter(direction="out").values_list("text", flat=True)
    assert all(words)


def test_filling_it_again_adds_nothing(brand: Brand, year: Files) -> None:
    fill(brand, year)
    before = Message.objects.count()
    assert fill(brand, year) == 0
    assert Message.objects.count() == before


def test_its_team_knows_what_it_can_take_and_questions_find_their_queue(brand: Brand, year: Files) -> None:
    from parcours.demo.team import invite_team
    from parcours.inbox.routing import reads

    invite_team(brand, acting_user=system_actor(brand.pk))
    fill(brand, year)
    assert len(reads.agents(brand.pk)) == 12
    assert {"online", "away", "offline"} == {each.state for each in reads.agents(brand.pk)}
    assert not reads.settings_of(brand.pk).assigns, "whoever looks at it switches it on"
    waiting = {each.queue.name: each.waiting for each in reads.queue_now(brand.pk)}
    assert len(waiting) == 4
    assert sum(number > 0 for number in waiting.values()) >= 3
    fill(brand, year)
    assert len(reads.rules(brand.pk)) == 3


def test_what_is_due_is_known_and_nobody_is_told_of_what_was_late_before(brand: Brand, year: Files) -> None:
    fill(brand, year)
    waiting = Conversation.objects.filter(waiting_since__isnull=False, account__kind="chat")
    assert waiting.exists()
    assert not waiting.filter(due_at=None).exists()
    assert not Notice.objects.exists()
    fill(brand, year)
    assert len(targets(brand.pk)) == 3
