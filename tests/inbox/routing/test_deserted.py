"""A queue that its last member leaves is nobody's, and managers hear of it."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import change_role, remove_person
from parcours.core.errors import BadInput
from parcours.inbox.models import Conversation
from parcours.inbox.routing.assigning import assign_waiting
from parcours.inbox.routing.deserting import look_for_deserted_everywhere
from parcours.inbox.routing.models import Queue
from parcours.inbox.routing.queues import QueueForm, save_queue
from parcours.inbox.routing.reads import agents, queue_now
from parcours.inbox.routing.reads import queue as queue_view
from parcours.inbox.routing.returning import look_after_all
from parcours.notices.kinds import kind_named
from parcours.notices.models import Notice
from tests.inbox.routing.conftest import Ask, Hire

MakeQueue = Callable[..., uuid.UUID]

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(hire: Hire) -> Person:
    return hire("Anna")


@pytest.fixture
def returns(queue: MakeQueue, anna: Person) -> uuid.UUID:
    return queue("Returns", (anna,))


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind="queue-deserted").order_by("at")
    return [(row.person.email, kind_named(row.kind).sentence(row.facts)) for row in rows]


def test_the_last_member_leaves_and_it_is_nobodys(  # noqa: PLR0917
    brand: Brand, alice: Person, anna: Person, hire: Hire, returns: uuid.UUID, system: Actor
) -> None:
    ben = hire("Ben")
    change_role(Membership.objects.get(person=anna), "viewer", acting_user=system)
    found = queue_view(brand.pk, returns)
    assert (found.answered_by, found.deserted) == ("nobody", True)
    row = next(each for each in agents(brand.pk) if each.person_id == ben.pk)
    assert returns not in row.queues, "it isn't everybody's because somebody left"
    assert told() == [(alice.email, "Nobody answers “Returns” any more: what comes in waits there")]
    look_for_deserted_everywhere()
    assert len(told()) == 1, "once"


@pytest.mark.usefixtures("handing_out")
def test_what_waits_in_it_is_given_to_nobody(  # noqa: PLR0917
    brand: Brand, anna: Person, hire: Hire, ask: Ask, returns: uuid.UUID, system: Actor
) -> None:
    hire("Ben")
    remove_person(Membership.objects.get(person=anna), acting_user=system)
    row = ask()
    Conversation.objects.filter(pk=row.pk).update(queue_id=returns, assignee=None)
    assign_waiting(brand.pk)
    look_after_all()
    row.refresh_from_db()
    assert row.assignee_id is None
    assert next(each for each in queue_now(brand.pk) if each.queue.id == returns).waiting == 1


def test_an_account_that_is_switched_off_counts_as_gone_until_it_is_back(
    brand: Brand, alice: Person, anna: Person, returns: uuid.UUID
) -> None:
    Person.objects.filter(pk=anna.pk).update(is_active=False)
    assert queue_view(brand.pk, returns).deserted
    assert look_for_deserted_everywhere() == 1
    assert [email for email, _sentence in told()] == [alice.email]
    Person.objects.filter(pk=anna.pk).update(is_active=True)
    assert look_for_deserted_everywhere() == 0
    assert not queue_view(brand.pk, returns).deserted
    assert Queue.objects.get(pk=returns).deserted_at is None


def test_taking_out_the_last_member_asks_first(
    brand: Brand, alice: Person, alice_acts: Actor, returns: uuid.UUID
) -> None:
    with pytest.raises(BadInput) as refused:
        save_queue(brand, QueueForm("Returns"), queue_id=returns, acting_user=alice_acts)
    assert refused.value.where == "answered_by"
    assert queue_view(brand.pk, returns).answered_by == "members"
    form = QueueForm("Returns", answered_by="nobody")
    save_queue(brand, form, queue_id=returns, acting_user=alice_acts)
    assert queue_view(brand.pk, returns).deserted
    assert not told(), "whoever did it knows"
    form = QueueForm("Returns", answered_by="everybody")
    save_queue(brand, form, queue_id=returns, acting_user=alice_acts)
    assert queue_view(brand.pk, returns).for_everybody


def test_the_wall_and_the_settings_say_so_and_one_click_gives_it_to_everybody(
    as_alice: Client, brand: Brand, anna: Person, returns: uuid.UUID, system: Actor
) -> None:
    change_role(Membership.objects.get(person=anna), "viewer", acting_user=system)
    wall = as_alice.get("/inbox/supervisor/").content.decode()
    assert f'/inbox/settings/queues/{returns}/#queue-whose"' in wall
    assert "Nobody answers it: choose members" in wall
    page = as_alice.get("/inbox/settings/queues/").content.decode()
    address = f"/inbox/settings/queues/{returns}/everybody/"
    assert address in page
    assert as_alice.post(address).status_code == 302
    assert queue_view(brand.pk, returns).for_everybody
    assert "choose members" not in as_alice.get("/inbox/supervisor/").content.decode()


def test_the_form_asks_whose_it_is(as_alice: Client, brand: Brand, returns: uuid.UUID) -> None:
    address = f"/inbox/settings/queues/{returns}/"
    sent = {"name": "Returns", "strategy": "least_busy", "answered_by": "members", "revision": "1"}
    refused = as_alice.post(address, sent)
    assert "Nobody would answer “Returns” any more." in refused.content.decode()
    assert as_alice.post(address, {**sent, "answered_by": "nobody"}).status_code == 302
    assert queue_view(brand.pk, returns).answered_by == "nobody"
