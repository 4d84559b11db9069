"""What customers ask for is noted, checked, answered in time, and closed once."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.customers.erasure import requests as asked
from parcours.customers.erasure.carrying_out import carry_out_erasure, do_erase
from parcours.customers.privacy_models import PrivacyRequest
from parcours.customers.writes import resolve_identities


@pytest.fixture
def mark(brand: Brand) -> int:
    return int(resolve_identities(brand, "user_id", ["mark"])[0])


@pytest.fixture
def request_(brand: Brand, mark: int, system: Actor) -> PrivacyRequest:
    return asked.do_ask(brand, mark, "erasure", acting_user=system, language="fr")


def test_a_request_is_due_in_a_month(request_: PrivacyRequest, brand: Brand) -> None:
    assert request_.due_at - request_.asked_at == timedelta(days=30)
    assert asked.open_requests(brand) == 1


def test_asking_twice_is_asking_once(
    request_: PrivacyRequest, brand: Brand, mark: int, system: Actor
) -> None:
    assert asked.do_ask(brand, mark, "erasure", acting_user=system) == request_
    assert asked.do_ask(brand, mark, "export", acting_user=system) != request_
    assert asked.asked_already(brand, mark) == {"erasure", "export"}


def test_erasure_waits_until_somebody_checked_who_asks(
    request_: PrivacyRequest, brand: Brand, alice_acts: Actor
) -> None:
    with pytest.raises(Conflict, match="who is asking"):
        asked.do_grant_erasure(request_, acting_user=alice_acts)
    asked.do_verify(request_, acting_user=alice_acts)
    erasure = asked.do_grant_erasure(request_, acting_user=alice_acts)
    job = ProcrastinateJob.objects.get(task_name="customers.carry_out_erasure")
    assert job.args == {"erasure_id": str(erasure.pk)}
    carry_out_erasure(erasure.pk)
    done = asked.request_of(brand, request_.pk)
    assert (done.state, done.closed_by, done.customer_id, done.erasure_id) == (
        "done",
        "Alice",
        None,
        erasure.pk,
    )
    assert asked.open_requests(brand) == 0


def test_an_agent_checks_and_answers_but_does_not_erase(
    request_: PrivacyRequest, brand: Brand, mark: int, system: Actor
) -> None:
    agent = Actor(kind="person", brand_id=brand.pk, role="agent", id=None, label="Agnes")
    asked.do_verify(request_, acting_user=agent)
    with pytest.raises(Forbidden):
        asked.do_grant_erasure(request_, acting_user=agent)
    copy = asked.do_ask(brand, mark, "export", acting_user=system)
    asked.do_note_answered(copy, acting_user=agent)
    assert asked.request_of(brand, copy.pk).state == "done"


def test_a_refusal_gives_its_reason(request_: PrivacyRequest, brand: Brand, alice_acts: Actor) -> None:
    with pytest.raises(BadInput):
        asked.do_refuse(request_, " ", acting_user=alice_acts)
    asked.do_refuse(request_, "An invoice is unpaid.", acting_user=alice_acts)
    assert asked.request_of(brand, request_.pk).reason == "An invoice is unpaid."


def test_what_is_closed_stays_closed(request_: PrivacyRequest, alice_acts: Actor) -> None:
    asked.do_refuse(request_, "It is somebody else.", acting_user=alice_acts)
    for again in (asked.do_verify, asked.do_note_answered, asked.do_grant_erasure):
        with pytest.raises(Conflict):
            again(request_, acting_user=alice_acts)


def test_open_requests_come_first_the_most_urgent_at_the_top(
    request_: PrivacyRequest, brand: Brand, mark: int, system: Actor, alice_acts: Actor
) -> None:
    urgent = asked.do_ask(brand, mark, "export", acting_user=system)
    PrivacyRequest.objects.filter(pk=urgent.pk).update(due_at=request_.due_at - timedelta(days=5))
    other = int(resolve_identities(brand, "user_id", ["other"])[0])
    closed = asked.do_ask(brand, other, "export", acting_user=system)
    asked.do_note_answered(closed, acting_user=alice_acts)
    assert [row.pk for row in asked.requests(brand)] == [urgent.pk, request_.pk, closed.pk]


def test_another_brands_request_is_not_there(request_: PrivacyRequest, other_brand: Brand) -> None:
    with pytest.raises(NotFound):
        asked.request_of(other_brand, request_.pk)


def test_whoever_is_erased_in_another_way_waits_for_no_answer(
    request_: PrivacyRequest, brand: Brand, mark: int, system: Actor, alice_acts: Actor
) -> None:
    copy = asked.do_ask(brand, mark, "export", acting_user=system)
    erasure = do_erase(brand, [mark], acting_user=alice_acts)

    assert asked.open_requests(brand) == 0
    for each in (request_, copy):
        closed = asked.request_of(brand, each.pk)
        assert (closed.state, closed.erasure_id, closed.closed_by) == ("done", erasure.pk, "Alice")
