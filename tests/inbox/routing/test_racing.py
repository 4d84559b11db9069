"""Many workers hand out at once, some die: nothing is given twice, nobody gets too much, nothing is lost."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.routing.assigning import assign_waiting, take_next
from parcours.inbox.routing.fitting import Able, Line, Waiting, choose, fits
from parcours.inbox.routing.load import waiting
from parcours.inbox.routing.presence import set_state
from parcours.inbox.routing.rules import RuleForm, save_rule
from parcours.inbox.routing.writes import route
from parcours.inbox.writes.common import add_line
from tests.inbox.routing.conftest import Ask, Hire

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """All of them, each in a thread with a connection of its own, begun together; what they returned."""
    barrier, outcomes = Barrier(len(works)), []

    def run(work: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            outcomes.append(work())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes


def open_by_person() -> Counter[str]:
    rows = Conversation.objects.exclude(assignee=None).values_list("assignee__name", flat=True)
    return Counter(rows)


@pytest.mark.usefixtures("handing_out")
def test_four_workers_never_exceed_what_people_can_take(brand: Brand, hire: Hire, ask: Ask) -> None:
    room = {"Ada": 3, "Ben": 5, "Cleo": 1}
    for name, capacity in room.items():
        hire(name, capacity=capacity)
    for _each in range(14):
        ask()
    outcomes = at_once(*[lambda: assign_waiting(brand.pk)] * 4)
    assert sum(outcomes) == 9, outcomes
    assert open_by_person() == room
    given = Message.objects.filter(payload__what="given").values_list("conversation_id", flat=True)
    assert len(given) == len(set(given)) == 9


@pytest.mark.usefixtures("handing_out")
def test_people_who_take_assign_close_and_leave_meanwhile_break_nothing(
    brand: Brand, hire: Hire, ask: Ask, system: Actor
) -> None:
    ada, ben = hire("Ada", capacity=4), hire("Ben", capacity=4)
    conversations = [ask(who=f"c{number}") for number in range(10)]
    ben_acts = Actor(kind="person", brand_id=brand.pk, role="agent", id=ben.pk, label="Ben")
    dice = random.Random(7)

    def by_hand() -> None:
        for conversation in dice.sample(conversations, 4):
            writes.assign(conversation.pk, ada.pk, acting_user=system)
            writes.close(conversation.pk, acting_user=system)

    def comes_and_goes() -> None:
        for state in ("offline", "online", "away", "online"):
            set_state(ada.pk, state, acting_user=system)

    outcomes = at_once(
        lambda: assign_waiting(brand.pk),
        lambda: assign_waiting(brand.pk),
        by_hand,
        comes_and_goes,
        lambda: take_next(acting_user=ben_acts),
        lambda: [ask(who=f"late {number}") for number in range(3)],
    )
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assign_waiting(brand.pk)
    standing = Conversation.objects.filter(status="open")
    assert standing.count() + Conversation.objects.filter(status="closed").count() == 13
    assert standing.filter(assignee=ada).count() <= 4
    assert standing.filter(assignee=ben).count() <= 5, "one of them he took himself"
    assert not standing.filter(assignee=None).exists() or open_by_person()["Ben"] >= 4


@pytest.mark.usefixtures("handing_out")
def test_a_worker_that_dies_in_the_middle_loses_nothing(
    brand: Brand, hire: Hire, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire("Ada")
    for _each in range(3):
        ask()
    real, calls = add_line, []

    def dies(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr("parcours.inbox.routing.assigning.add_line", dies)
    with pytest.raises(KeyboardInterrupt):
        assign_waiting(brand.pk)
    assert Conversation.objects.filter(assignee=None).count() == 3
    assert not Message.objects.filter(payload__what="given").exists()
    assert assign_waiting(brand.pk) == 3


def test_a_conversation_finds_its_queue_in_few_queries(brand: Brand, ask: Ask, system: Actor) -> None:
    for number in range(20):
        save_rule(
            brand, RuleForm(f"Rule {number}", {"words": [f"word {number}"]}, priority=1), acting_user=system
        )
    conversation = Conversation.objects.select_related("account__brand", "contact").get(pk=ask().pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        route(conversation, "word 19")
    assert conversation.priority == 1
    assert len(queries) <= 4, [each["sql"] for each in queries]


@pytest.mark.usefixtures("handing_out")
def test_the_next_of_ten_thousand_is_found_by_the_index(
    brand: Brand, hire: Hire, ask: Ask, loft: ChannelAccount
) -> None:
    hire("Ada", capacity=1, languages=["en"])
    first = ask()
    contact, moment = first.contact, now()
    Conversation.objects.bulk_create(
        Conversation(
            brand=brand,
            account=loft,
            contact=contact,
            number=number,
            thread=str(number),
            queue_id=first.queue_id,
            waiting_since=moment + timedelta(seconds=number),
            queued_at=moment,
            last_customer_at=moment,
        )
        for number in range(2, 10_002)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbox_conversation")
    with CaptureQueriesContext(connection) as queries:
        assert assign_waiting(brand.pk) == 1
    assert len(queries) < 60, len(queries)
    first.refresh_from_db()
    assert first.assignee is not None
    Conversation.objects.exclude(pk=first.pk).update(language="fr")
    hire("Bea", languages=["en"])
    hire("Fleur", languages=["fr"], there=False)
    with CaptureQueriesContext(connection) as queries:
        assert assign_waiting(brand.pk) == 0
    assert len(queries) < 30, "those that nobody here speaks the language of are passed over at once"
    plan = waiting(brand.pk).filter(queue_id=first.queue_id)[:500].explain()
    assert "conversation_next" in plan
    assert "Sort" not in plan


KINDS = st.sampled_from(["chat", "email", "sms"])
LANGUAGES = st.sampled_from(["fr", "en", "de"])
QUEUES = [Conversation().pk for _each in range(3)]
SKILLS = [Conversation().pk for _each in range(3)]


@st.composite
def agents(draw: st.DrawFn) -> Able:
    return Able(
        person_id=Conversation().pk,
        label="Somebody",
        queues=frozenset(draw(st.sets(st.sampled_from(QUEUES)))),
        languages=frozenset(draw(st.sets(LANGUAGES))),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS)))),
        kinds=frozenset(draw(st.sets(KINDS))),
        capacity=draw(st.integers(0, 4)),
        most=draw(st.dictionaries(KINDS, st.integers(0, 3))),
    )


@st.composite
def conversations(draw: st.DrawFn) -> Waiting:
    return Waiting(
        id=Conversation().pk,
        kind=draw(KINDS),
        queue_id=draw(st.sampled_from(QUEUES)),
        language=draw(LANGUAGES | st.just("")),
        skills=frozenset(draw(st.sets(st.sampled_from(SKILLS), max_size=2))),
        queued_at=now() - timedelta(minutes=draw(st.integers(0, 300))),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    team=st.lists(agents(), max_size=5),
    waiting=st.lists(conversations(), max_size=25),
    strategy=st.sampled_from(["least_busy", "longest_idle"]),
)
@pytest.mark.django_db(transaction=False)
def test_whoever_gets_one_may_and_nobody_is_left_out(
    team: list[Able], waiting: list[Waiting], strategy: str
) -> None:
    moment = now()
    until = {live: moment - timedelta(minutes=2 if live else 60) for live in (True, False)}
    later = {live: moment - timedelta(minutes=4 if live else 120) for live in (True, False)}
    lines = {
        pk: Line(pk, strategy, frozenset({"fr", "en"}), frozenset(SKILLS[:2]), until, later) for pk in QUEUES
    }
    for conversation in waiting:
        line = lines[conversation.queue_id]
        chosen, _why = choose(conversation, line, team)
        if chosen is None:
            assert not any(fits(each, conversation, line) for each in team)
            continue
        assert fits(chosen, conversation, line)
        if strategy == "longest_idle" and chosen.given_at is not None:
            equals = [each for each in team if fits(each, conversation, line) and each.given_at is None]
            suits = [each for each in equals if conversation.skills <= each.skills]
            assert not [each for each in suits if not each.languages], "somebody without any came first"
        chosen.takes(conversation.kind, moment)
    for each in team:
        assert each.busy <= each.capacity
        assert all(number <= each.most.get(kind, each.capacity) for kind, number in each.load.items())
        assert not each.kinds or set(each.load) <= each.kinds
