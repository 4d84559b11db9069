"""Who is there, the next conversation, queues at the desk, and the supervisor's wall."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.routing.models import Presence, Queue
from parcours.inbox.routing.queues import QueueForm, save_queue
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414

SCRIPT = {"HX-Request": "true"}
WALL = "/inbox/supervisor/"

Write = Callable[..., Conversation]


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    """A customer writes now; the conversation that it became."""

    def wrote(text: str = "Where is my parcel?", who: str = "mark") -> Conversation:
        at = now().timestamp()
        told = {"id": str(uuid.uuid4()), "from": who, "name": who.title(), "text": text, "at": at}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


@pytest.fixture
def returns(brand: Brand, alice_acts: Actor) -> Queue:
    return save_queue(brand, QueueForm("Returns"), acting_user=alice_acts)


def page(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html", **headers})
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def test_people_say_themselves_whether_they_are_there(as_agnes: Client, agnes: Person) -> None:
    answer = as_agnes.post("/inbox/presence/", {"state": "away", "reason": "Lunch"}, headers=SCRIPT)
    assert answer.json()["words"] == "Away: Lunch"
    assert Presence.objects.get(person=agnes).state == "away"
    assert "Away: Lunch" in page(as_agnes, "/inbox/")
    refused = as_agnes.post("/inbox/presence/", {"state": "asleep"}, headers=SCRIPT)
    assert refused.status_code == 422


def test_whoever_signs_out_is_offline(as_agnes: Client, agnes: Person) -> None:
    as_agnes.post("/inbox/presence/", {"state": "online"}, headers=SCRIPT)
    as_agnes.post("/accounts/logout/")
    assert as_agnes.get("/inbox/").status_code == 302
    assert Presence.objects.get(person=agnes).state == "offline"


def test_only_whoever_manages_the_inbox_says_it_of_a_colleague(
    as_agnes: Client, as_alice: Client, alice: Person, agnes: Person
) -> None:
    told = {"state": "online", "person": str(alice.pk)}
    assert as_agnes.post("/inbox/presence/", told, headers=SCRIPT).status_code == 403
    told = {"state": "online", "person": str(agnes.pk)}
    assert as_alice.post("/inbox/presence/", told, headers=SCRIPT).status_code == 200
    assert Presence.objects.get(person=agnes).state == "online"


def test_the_heartbeat_of_the_desk_tells_how_much_somebody_has(
    as_agnes: Client, agnes: Person, write: Write, alice_acts: Actor
) -> None:
    as_agnes.post("/inbox/presence/", {"state": "online"}, headers=SCRIPT)
    Presence.objects.update(seen_at=None)
    writes.assign(write().pk, agnes.pk, acting_user=alice_acts)
    told = as_agnes.post("/inbox/presence/seen/", headers=SCRIPT).json()
    assert (told["state"], told["load"].split()[0]) == ("online", "1")
    assert Presence.objects.get(person=agnes).seen_at is not None


def test_the_next_conversation_is_taken_and_opened(
    as_agnes: Client, as_alice: Client, agnes: Person, write: Write
) -> None:
    conversation = write()
    told = as_agnes.post("/inbox/next/", headers=SCRIPT).json()
    assert told["url"] == f"/inbox/{conversation.pk}/"
    assert Conversation.objects.get().assignee == agnes
    assert as_alice.post("/inbox/next/", headers=SCRIPT).json()["url"] == ""
    without_script = as_alice.post("/inbox/next/", headers={"Accept": "text/html"}, follow=True)
    assert "Nobody waits for an answer" in without_script.content.decode()


def test_conversations_move_to_another_queue_one_by_one_or_many_at_once(
    as_agnes: Client, write: Write, returns: Queue
) -> None:
    one, two = write("I send it back", "mark"), write("So do I", "lea")
    stays = write("Which size?", "tom")
    as_agnes.post(f"/inbox/{one.pk}/do/queue/", {"queue": str(returns.pk)}, headers=SCRIPT)
    told = {"deed": "queue", "queue": str(returns.pk), "id": [str(one.pk), str(two.pk)]}
    assert as_agnes.post("/inbox/bulk/", told, headers=SCRIPT).json()["failed"] == 0
    shown = page(as_agnes, f"/inbox/?queue={returns.pk}")
    assert "I send it back" in shown
    assert "So do I" in shown
    assert str(stays.pk) not in shown
    assert as_agnes.get("/inbox/counts/").json()["by_queue"][str(returns.pk)] == 2


def test_what_is_in_no_queue_stands_in_the_default_one(as_agnes: Client, write: Write) -> None:
    write("From before there were queues")
    Conversation.objects.update(queue_id=None)
    default = Queue.objects.get(is_default=True)
    assert "From before there were queues" in page(as_agnes, f"/inbox/?queue={default.pk}")
    assert as_agnes.get("/inbox/counts/").json()["by_queue"] == {str(default.pk): 1}


def test_the_list_shows_what_a_colleague_has(
    as_alice: Client, agnes: Person, write: Write, alice_acts: Actor
) -> None:
    writes.assign(write("For Agnes", "mark").pk, agnes.pk, acting_user=alice_acts)
    write("For nobody", "lea")
    shown = page(as_alice, f"/inbox/?agent={agnes.pk}")
    assert "For Agnes" in shown
    assert "For nobody" not in shown


def test_the_wall_shows_late_ones_first_and_who_has_what(
    as_alice: Client, agnes: Person, write: Write, alice_acts: Actor
) -> None:
    waits, late = write("I have waited", "mark"), write("I am beyond the target", "lea")
    Conversation.objects.filter(pk=late.pk).update(due_at=now() - timedelta(minutes=5))
    Conversation.objects.filter(pk=waits.pk).update(waiting_since=now() - timedelta(hours=2))
    writes.assign(late.pk, agnes.pk, acting_user=alice_acts)
    shown = page(as_alice, WALL)
    assert shown.index("I am beyond the target") < shown.index("I have waited")
    assert "late by 5\N{NARROW NO-BREAK SPACE}min" in shown.replace(
        "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
    )
    person = shown[shown.index(f'data-person="{agnes.pk}"') :]
    assert "1 of " in person[: person.index("</li>")]


def test_the_wall_counts_what_was_done_today(as_alice: Client, write: Write, alice_acts: Actor) -> None:
    conversation = write()
    Conversation.objects.update(created_at=now() - timedelta(seconds=90))
    writes.send_reply(conversation.pk, "It is on its way.", acting_user=alice_acts)
    writes.close(conversation.pk, acting_user=alice_acts)
    Conversation.objects.update(created_at=now() - timedelta(minutes=3))
    figures = page(as_alice, WALL).split('data-part="queues"')[0]
    said = [each.split("</div>")[0] for each in figures.split("<dt")[1:]]
    numbers = {each.split("</dt>")[0].split(">")[-1]: each for each in said}
    assert "1" in numbers["Answered today"]
    assert ">1<" in numbers["Closed today"]
    assert "3" in numbers["First reply today, median"]


def test_what_is_closed_today_counts_however_old_its_last_word_is(
    as_alice: Client, write: Write, alice_acts: Actor
) -> None:
    conversation = write()
    Conversation.objects.update(
        created_at=now() - timedelta(days=3), last_message_at=now() - timedelta(days=2)
    )
    writes.close(conversation.pk, acting_user=alice_acts)
    figures = page(as_alice, WALL).split('data-part="queues"')[0]
    assert ">1<" in figures[figures.index("Closed today") :].split("</div>")[0]
    assert ">0<" in figures[figures.index("Begun today") :].split("</div>")[0]


def test_the_numbers_of_the_wall_are_those_of_the_lists_behind_them(
    as_alice: Client, agnes: Person, write: Write, alice_acts: Actor, returns: Queue
) -> None:
    alone, given, answered, spam, moved = (write(f"Question {n}", f"customer {n}") for n in range(5))
    writes.assign(given.pk, agnes.pk, acting_user=alice_acts)
    Conversation.objects.filter(pk=answered.pk).update(waiting_since=None)
    writes.set_tags(spam.pk, ["spam"], acting_user=alice_acts)
    as_alice.post(f"/inbox/{moved.pk}/do/queue/", {"queue": str(returns.pk)}, headers=SCRIPT)
    Conversation.objects.filter(pk__in=[given.pk, moved.pk]).update(due_at=now() - timedelta(minutes=5))
    parts = page(as_alice, WALL, **SCRIPT)

    def behind(part: str) -> tuple[str, set[str]]:
        """The number of a link, and the conversations that it leads to."""
        address, number = part.split('<a href="', 1)[1].split("</a>")[0].split('">')
        listed = page(as_alice, address.replace("&amp;", "&"))
        return number, {
            each for each in map(str, (alone.pk, given.pk, answered.pk, moved.pk)) if each in listed
        }

    waiting = behind(parts[parts.index("Waiting for somebody") :])
    assert waiting == ("2", {str(alone.pk), str(moved.pk)})
    late = behind(parts[parts.index("<dt>Late") :])
    assert late == ("2", {str(given.pk), str(moved.pk)})
    row = parts[parts.index(f"queue={returns.pk}") :]
    assert behind(row[row.index("<td") :]) == ("1", {str(moved.pk)})


def test_whoever_leads_gives_back_what_somebody_has_who_fell_ill(
    as_alice: Client, as_agnes: Client, agnes: Person, charlie: Person, write: Write
) -> None:
    one, _two = write("One", "mark"), write("Two", "lea")
    Conversation.objects.update(assignee=agnes)
    as_alice.post(f"/inbox/{one.pk}/do/snooze/", {"until": "tomorrow"}, headers=SCRIPT)
    told = {"person": str(agnes.pk)}
    assert as_agnes.post("/inbox/presence/release/", told, headers=SCRIPT).status_code == 403
    somebody_else = {"person": str(charlie.pk)}
    assert as_alice.post("/inbox/presence/release/", somebody_else, headers=SCRIPT).status_code == 404
    assert as_alice.post("/inbox/presence/release/", told, headers=SCRIPT).json()["count"] == 2
    assert not Conversation.objects.filter(assignee=agnes).exists()
    assert "Alice gave back what Agnes had" in page(as_alice, f"/inbox/{one.pk}/")


def test_of_a_hundred_rows_that_changed_none_is_left_out(
    as_agnes: Client, write: Write, loft: ChannelAccount, brand: Brand
) -> None:
    first = write()
    more = [
        Conversation(brand=brand, account=loft, contact=first.contact, number=n, thread=f"t{n}")
        for n in range(2, 101)
    ]
    Conversation.objects.bulk_create(more)
    asked = "&".join(f"id={each.pk}" for each in (first, *more))
    assert page(as_agnes, f"/inbox/rows/?{asked}", **SCRIPT).count("data-row=") == 100


def test_the_script_of_the_wall_gets_its_parts_only(as_alice: Client, write: Write) -> None:
    write()
    parts = page(as_alice, WALL, **SCRIPT)
    assert 'data-part="pressing"' in parts
    assert "<html" not in parts


def test_agents_do_not_see_the_wall(as_agnes: Client) -> None:
    assert as_agnes.get(WALL).status_code == 403
    assert WALL not in page(as_agnes, "/inbox/")


def test_the_number_of_queries_does_not_grow_with_what_waits(as_alice: Client, write: Write) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(as_alice, WALL, **SCRIPT)
        return len(asked)

    write("First", "customer 0")
    page(as_alice, WALL, **SCRIPT)
    few = queries()
    for n in range(1, 12):
        write(f"Question {n}", f"customer {n}")
    assert queries() <= few
