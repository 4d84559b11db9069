"""The door for tracking clients: durable before it answers, and one bad event never costs the others."""

import asyncio
import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from parcours.accounts.models import Brand
from parcours.accounts.rights import system_actor
from parcours.api.ingest import app as ingest_app
from parcours.api.ingest.line import Line
from parcours.core.line import NAME
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.models import ReceivedEvent, RefusedEvent, Source
from parcours.events.writes import add_source, do_remove_source
from tests.api.door import Door
from tests.events.test_imports import story

pytestmark = pytest.mark.django_db(transaction=True)

EVENT = {"type": "track", "event": "Cart Viewed", "userId": "7", "messageId": "m1"}


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.close()


@pytest.fixture
def shop(transactional_db: None, brand: Brand) -> tuple[Source, str]:
    return add_source(brand, "Shop", acting_user=system_actor(brand.pk))


@pytest.fixture
def key(shop: tuple[Source, str]) -> str:
    return shop[1]


def stored() -> list[Any]:
    """The events in the inbox, in the order of their arrival."""
    return [json.loads(bytes(row.body)) for row in ReceivedEvent.objects.order_by("id")]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/track", "track"), ("/v1/t", "track"), ("/v1/page", "page"), ("/v1/p", "page"),
        ("/v1/screen", "screen"), ("/v1/s", "screen"), ("/v1/identify", "identify"), ("/v1/i", "identify"),
    ],
)  # fmt: skip
def test_each_address_knows_its_kind_of_message(door: Door, key: str, path: str, kind: str) -> None:
    answer = door.post(path, {"event": "Cart Viewed", "userId": 7}, key)

    assert answer.status == 200
    assert answer.json() | {"rejected": []} == answer.json()
    assert [event["type"] for event in stored()] == [kind]


def test_groups_and_aliases_have_addresses_too(door: Door, key: str) -> None:
    assert door.post("/v1/group", {"groupId": "club", "userId": "7"}, key).status == 200
    assert door.post("/v1/g", {"groupId": "club", "userId": "7", "timestamp": 1}, key).status == 200
    assert door.post("/v1/alias", {"previousId": "a", "userId": "7"}, key).status == 200
    assert door.post("/v1/a", {"previousId": "a", "userId": "7", "timestamp": 1}, key).status == 200
    assert [event["type"] for event in stored()] == ["group", "group", "alias", "alias"]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/batch/"])
def test_a_batch_is_taken_in_order(door: Door, key: str, path: str) -> None:
    batch = [EVENT | {"messageId": f"m{n}"} for n in range(50)]

    answer = door.post(path, {"batch": batch, "sentAt": "2026-01-01T00:00:00Z"}, key)

    assert (answer.status, answer.json()["accepted"]) == (200, 50)
    assert stored() == batch


def test_what_was_answered_with_200_is_handed_over(door: Door, key: str, brand: Brand) -> None:
    door.post("/v1/track", EVENT, key)
    hand_over_all(brand.pk)

    assert story(brand, "7") == ["Cart Viewed"]


def test_the_key_may_stand_in_the_body(door: Door, key: str) -> None:
    assert door.post("/v1/t", EVENT | {"writeKey": key}).status == 200
    posthog = {"api_key": key, "batch": [{"event": "Cart Viewed", "distinct_id": "7", "uuid": "u1"}]}
    assert door.post("/batch/", posthog).status == 200
    capture = {"api_key": key, "event": "Cart Viewed", "properties": {"distinct_id": "7"}, "uuid": "u2"}
    assert door.post("/capture/", capture).status == 200
    assert [row.message_id for row in ReceivedEvent.objects.order_by("id")] == ["m1", "u1", "u2"]


def test_without_a_key_nothing_opens(door: Door, key: str) -> None:
    assert door.post("/v1/track", EVENT).status == 401
    assert door.post("/v1/track", EVENT, "pk_wrong").status == 401
    assert door.post("/v1/track", b"not json", "pk_wrong").status == 401
    assert door.post("/v1/track", EVENT, key[:-1]).status == 401
    assert stored() == []


def test_a_removed_source_is_refused_at_once(door: Door, shop: tuple[Source, str], brand: Brand) -> None:
    source, key = shop
    assert door.post("/v1/track", EVENT, key).status == 200
    do_remove_source(source, acting_user=system_actor(brand.pk))

    assert door.post("/v1/track", EVENT | {"messageId": "m2"}, key).status == 401
    assert len(stored()) == 1


def test_one_bad_event_does_not_lose_the_others(door: Door, key: str) -> None:
    batch = [
        EVENT,
        {"type": "track", "userId": "7", "messageId": "nameless"},
        {"type": "track", "event": "Cart Viewed", "messageId": "nobody"},
        {"type": "jump", "userId": "7"},
        "not an object",
        EVENT | {"messageId": "big", "properties": {"text": "x" * 33_000}},
        EVENT | {"messageId": "m2", "context": None, "properties": [1]},
    ]
    answer = door.post("/v1/batch", {"batch": batch}, key)

    assert answer.status == 200
    said = answer.json()
    assert (said["accepted"], [each["index"] for each in said["rejected"]]) == (2, [1, 2, 3, 4, 5])
    assert said["rejected"][0] == {
        "index": 1, "messageId": "nameless", "reason": "It has no event name."
    }  # fmt: skip
    assert len(stored()) == 2
    reasons = [row.reason for row in RefusedEvent.objects.order_by("id")]
    assert reasons == ["no_name", "no_customer", "no_type", "not_an_object", "too_large"]


def test_only_what_can_never_be_accepted_is_a_400(door: Door, key: str) -> None:
    assert door.post("/v1/track", b"{", key).status == 400
    assert door.post("/v1/track", b"", key).status == 400
    assert door.post("/v1/track", {"event": "Cart Viewed"}, key).status == 400
    assert door.post("/v1/batch", {"batch": []}, key).status == 200
    assert [row.reason for row in RefusedEvent.objects.order_by("id")] == [
        "not_json",
        "not_json",
        "no_customer",
    ]


def test_the_same_again_is_accepted_and_counted(door: Door, key: str) -> None:
    door.post("/v1/track", EVENT, key)
    again = door.post("/v1/batch", {"batch": [EVENT, EVENT, EVENT | {"messageId": "m2"}]}, key)

    assert (again.json()["accepted"], again.json()["duplicates"]) == (3, 2)
    assert len(stored()) == 2


def test_messages_without_an_id_are_told_apart_by_what_they_say(door: Door, key: str) -> None:
    dated = {"event": "Cart Viewed", "userId": "7", "timestamp": "2026-01-01T00:00:00Z"}
    undated = {"event": "Cart Viewed", "userId": "7"}
    for event in (dated, dated, undated, undated):
        assert door.post("/v1/track", event, key).status == 200
    assert len(stored()) == 3


@pytest.mark.parametrize("headers", [{"content_encoding": "gzip"}, {}, {"content_type": "text/plain"}])
def test_bodies_may_be_packed_whatever_the_headers_say(door: Door, key: str, headers: dict[str, str]) -> None:
    packed = gzip.compress(json.dumps({"batch": [EVENT]}).encode())
    assert door.post("/v1/batch", packed, key, **headers).status == 200
    assert len(stored()) == 1


def test_a_byte_order_mark_before_the_body_is_no_part_of_it(door: Door, key: str) -> None:
    assert door.post("/v1/track", b"\xef\xbb\xbf" + json.dumps(EVENT).encode(), key).status == 200
    assert len(stored()) == 1


def test_a_header_that_promises_too_much_does_no_harm(door: Door, key: str) -> None:
    assert door.post("/v1/track", EVENT, key, content_encoding="gzip").status == 200
    assert door.post("/v1/track", b"\x1f\x8b rubbish", key).status == 400
    assert door.post("/v1/track", gzip.compress(json.dumps(EVENT).encode())[:-9], key).status == 400


def test_bombs_are_refused_before_they_go_off(door: Door, key: str) -> None:
    bomb = gzip.compress(b" " * 500_000_000, compresslevel=9)
    assert len(bomb) < 1_000_000
    assert door.post("/v1/batch", bomb, key).status == 413
    assert door.post("/v1/batch", b" " * (4 * 1024 * 1024 + 1), key).status == 413
    assert (
        door.post("/v1/batch", zlib.compress(b" " * 9_000_000), key, content_encoding="deflate").status == 413
    )


def test_text_that_is_no_text_is_mended(door: Door, key: str, brand: Brand) -> None:
    bodies = [
        b'{"event":"Cart Viewed","userId":"7","messageId":"a","properties":{"x":"\\ud800"}}',
        b'{"event":"Cart Viewed","userId":"7","messageId":"b","properties":{"x":"\xff"}}',
        b'{"event":"Cart\\u0000 Viewed","userId":"7\\u0000","messageId":"c\\u0000","traits":{"x":"\\u0000"}}',
        b'{"event":"Cart Viewed","userId":"7","messageId":"d","properties":{"n":1e999,"d":' + b"[" * 3000
        + b"]" * 3000 + b"}}",
    ]  # fmt: skip
    answers = [door.post("/v1/track", body, key).status for body in bodies]
    hand_over_all(brand.pk)

    assert answers[:3] == [200, 200, 200]
    assert answers[3] in {200, 400}
    assert story(brand, "7")[:3] == ["Cart Viewed"] * 3
    assert not ReceivedEvent.objects.filter(handed_at=None).exists()


def test_pages_of_any_shop_may_send(door: Door, key: str) -> None:
    asked = {
        "origin": "https://shop.example",
        "access_control_request_headers": "authorization,x-retry-count",
    }
    preflight = door.post("/v1/t", b"", method="OPTIONS", **asked)
    assert preflight.status == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert preflight.headers["access-control-allow-headers"] == "authorization,x-retry-count"
    assert door.post("/v1/t", EVENT, key).headers["access-control-expose-headers"] == "retry-after"
    assert door.post("/v1/t", EVENT, key).headers["access-control-allow-origin"] == "*"
    assert door.post("/v1/t", EVENT).headers["access-control-allow-origin"] == "*"


def test_analytics_js_learns_where_to_send(door: Door, key: str) -> None:
    answer = door.post(f"/v1/projects/{key}/settings", b"", method="GET", host="track.shop.example")
    assert answer.json()["integrations"]["Segment.io"]["apiHost"] == "track.shop.example/v1"
    assert door.post("/v1/projects/pk_wrong/settings", b"", method="GET").status == 401


def test_other_addresses_and_methods_are_told_apart(door: Door) -> None:
    assert door.post("/v1/nothing", EVENT).status == 404
    assert door.post("/v1/track", b"", method="GET").status == 405


def test_a_flood_is_asked_to_come_back(door: Door, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_app, "MOST_WAITING", -1)
    answer = door.post("/v1/track", EVENT, key)
    assert (answer.status, answer.headers["retry-after"]) == (429, "2")


def test_a_lost_connection_is_replaced_and_nothing_is_lost_or_doubled(door: Door, key: str) -> None:
    assert door.post("/v1/track", EVENT, key).status == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [NAME],
        )
        assert cursor.rowcount == 1
    assert door.post("/v1/track", EVENT | {"messageId": "m2"}, key).status == 200
    assert len(stored()) == 2


def test_when_nothing_can_be_stored_clients_are_told_to_send_again(
    door: Door, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door.post("/v1/track", EVENT, key).status == 200

    async def gone(_line: Line) -> Any:
        raise psycopg.OperationalError("no connection")

    with monkeypatch.context() as patched:
        patched.setattr(Line, "_connected", gone)
        answer = door.post("/v1/track", EVENT | {"messageId": "m2"}, key)
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert door.post("/v1/track", EVENT | {"messageId": "m2"}, key).status == 200
    assert len(stored()) == 2


def test_what_arrives_together_is_stored_together_and_told_apart(door: Door, key: str) -> None:
    async def crowd() -> list[int]:
        asked = [door.ask("/v1/track", EVENT | {"messageId": f"m{n % 40}"}, key) for n in range(80)]
        return [answer.json()["duplicates"] for answer in await asyncio.gather(*asked)]

    duplicates = door.run(crowd())

    assert len(stored()) == 40
    assert sum(duplicates) == 40


def test_the_hand_over_is_asked_for_soon_after(
    door: Door, key: str, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parcours.api.ingest import nudges

    asked: list[Any] = []
    monkeypatch.setattr(nudges, "SECONDS", 0.0)
    monkeypatch.setattr(nudges, "ask_to_hand_over", asked.append)

    async def send_and_wait() -> None:
        await door.ask("/v1/track", EVENT, key)
        for _turn in range(500):
            if asked:
                return
            await asyncio.sleep(0.01)

    door.run(send_and_wait())
    assert asked == [brand.pk]
