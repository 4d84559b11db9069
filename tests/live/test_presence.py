"""Who has a map open is seen by the others, once a person, and only for as long as it is true."""

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import remove_person
from parcours.core.clock import clock_at, now
from parcours.live.models import Presence, Update
from parcours.live.presence import HERE_FOR, Here, be_here, leave, who_is_here
from parcours.live.stream import stream
from tests.canvas.conftest import journey as journey  # noqa: PLC0414 - a fixture of the canvas, used here too

TOPIC = "journey:1"
BRAND = uuid.uuid4()


def somebody(name: str, brand_id: uuid.UUID = BRAND) -> Actor:
    return Actor(kind="person", brand_id=brand_id, role="viewer", id=uuid.uuid4(), label=name)


def names(people: tuple[Here, ...]) -> list[str]:
    return [here.label for here in people]


@pytest.fixture
def first() -> uuid.UUID:
    return uuid.uuid4()


@pytest.fixture
def second() -> uuid.UUID:
    return uuid.uuid4()


@pytest.mark.django_db
def test_several_tabs_of_one_person_are_one(first: uuid.UUID, second: uuid.UUID) -> None:
    claire, amina = somebody("Claire"), somebody("Amina")
    be_here(claire, TOPIC, first)
    be_here(claire, TOPIC, second, place="card:1")
    assert names(be_here(amina, TOPIC, uuid.uuid4())) == ["Claire", "Amina"]
    assert who_is_here(BRAND, TOPIC)[0].place == "card:1"
    leave(claire, TOPIC, second)
    assert names(who_is_here(BRAND, TOPIC)) == ["Claire", "Amina"]
    leave(claire, TOPIC, first)
    assert names(who_is_here(BRAND, TOPIC)) == ["Amina"]


@pytest.mark.django_db
def test_a_tab_that_sleeps_is_not_there_any_more_and_others_forget_its_row(first: uuid.UUID) -> None:
    claire, amina = somebody("Claire"), somebody("Amina")
    be_here(claire, TOPIC, first)
    with clock_at(now() + HERE_FOR + timedelta(seconds=1)):
        assert who_is_here(BRAND, TOPIC) == ()
        assert names(be_here(amina, TOPIC, uuid.uuid4())) == ["Amina"]
    assert Presence.objects.count() == 1


@pytest.mark.django_db
def test_one_rests_when_one_rests_in_every_tab(first: uuid.UUID, second: uuid.UUID) -> None:
    claire = somebody("Claire")
    be_here(claire, TOPIC, first, idle=True)
    assert who_is_here(BRAND, TOPIC)[0].idle
    be_here(claire, TOPIC, second)
    assert not who_is_here(BRAND, TOPIC)[0].idle


@pytest.mark.django_db
def test_other_brands_and_other_maps_see_nothing(first: uuid.UUID) -> None:
    be_here(somebody("Claire"), TOPIC, first)
    assert who_is_here(uuid.uuid4(), TOPIC) == ()
    assert who_is_here(BRAND, "journey:2") == ()


@pytest.mark.django_db
def test_a_heartbeat_stores_one_row_however_often_it_beats_and_is_not_logged(first: uuid.UUID) -> None:
    claire = somebody("Claire")
    for _beat in range(5):
        be_here(claire, TOPIC, first)
    assert Presence.objects.count() == 1
    assert Update.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'live_presence'")
        assert cursor.fetchone() == ("u",)


class TestStream:
    """Through the stream, as every web process hears it."""

    @pytest.fixture(autouse=True)
    def _emptied(self, transactional_db: None) -> Iterator[None]:  # noqa: ARG002 - a fixture for its effect
        yield
        Presence.objects.all().delete()

    def test_others_hear_who_comes_moves_and_goes_and_nothing_when_nothing_changes(self) -> None:
        claire, tab = somebody("Claire"), uuid.uuid4()

        def live_it() -> None:
            be_here(claire, TOPIC, tab)
            be_here(claire, TOPIC, tab)
            be_here(claire, TOPIC, tab, place="card:1")
            be_here(claire, TOPIC, tab, place="card:1", idle=True)
            leave(claire, TOPIC, tab)
            connection.close()

        async def scene() -> list[dict[str, object]]:
            events = stream(BRAND, [TOPIC], None)
            heard: list[dict[str, object]] = []
            async with asyncio.timeout(20):
                await anext(events)
                await anext(events)
                await sync_to_async(live_it)()
                while len(heard) < 4:
                    told = (await anext(events)).decode()
                    assert "id:" not in told, "nobody resumes from what isn't kept"
                    heard += [json.loads(each.split("data: ")[1]) for each in told.split("\n\n")[:-1]]
            await events.aclose()  # type: ignore[attr-defined]
            return heard

        heard = asyncio.run(scene())
        assert [(each["here"], each["place"], each["idle"]) for each in heard] == [
            (True, "", False),
            (True, "card:1", False),
            (True, "card:1", True),
            (False, "card:1", True),
        ]


def test_the_door_tells_who_is_there_to_those_who_may_see_the_map(
    as_alice: Client, as_bob: Client, as_charlie: Client, journey: object
) -> None:
    topic, tab = f"journey:{journey.id}", str(uuid.uuid4())  # type: ignore[attr-defined]
    place = f"card:{uuid.uuid4()}"
    as_alice.post("/live/here", {"topic": topic, "tab": tab, "place": place})
    seen = as_bob.post("/live/here", {"topic": topic, "tab": str(uuid.uuid4())}).json()["people"]
    assert [(each["label"], each["place"]) for each in seen] == [("Alice", place), ("Bob", "")]
    assert as_charlie.post("/live/here", {"topic": topic, "tab": tab}).status_code == 404
    assert as_bob.post("/live/here", {"topic": topic, "tab": "x"}).status_code == 422
    assert as_bob.post("/live/here", {"tab": tab}).status_code == 422
    as_alice.post("/live/here", {"topic": topic, "tab": tab, "gone": "1"})
    seen = as_bob.post("/live/here", {"topic": topic, "tab": str(uuid.uuid4()), "place": "<b>"}).json()
    assert [each["label"] for each in seen["people"]] == ["Bob"]


def test_nobody_can_take_somebody_elses_tab_away(as_alice: Client, as_bob: Client, journey: object) -> None:
    topic, tab = f"journey:{journey.id}", str(uuid.uuid4())  # type: ignore[attr-defined]
    as_alice.post("/live/here", {"topic": topic, "tab": tab})
    as_bob.post("/live/here", {"topic": topic, "tab": tab, "gone": "1"})
    assert Presence.objects.filter(tab=tab).exists()


def test_who_leaves_the_brand_is_gone_at_once(brand: Brand, alice: Person, bob: Person) -> None:
    actor = Actor(kind="person", brand_id=brand.pk, role="viewer", id=bob.pk, label="Bob")
    be_here(actor, TOPIC, uuid.uuid4())
    remove_person(Membership.objects.get(person=bob), acting_user=system_actor(brand.pk))
    assert who_is_here(brand.pk, TOPIC) == ()
