"""From the inbox to customers and the lake, each message once."""

from datetime import timedelta

import pytest

from parcours.accounts.models import Brand
from parcours.customers.reads import customer
from parcours.customers.writes import resolve_identities
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.events.lake import Lake
from parcours.events.models import ReceivedEvent, RefusedEvent, Source
from parcours.live.models import Update
from tests.events.ingest.conftest import ARRIVED, Send, track
from tests.events.test_imports import story, told


def test_a_message_reaches_the_lake_with_all_it_says(brand: Brand, send: Send) -> None:
    send(
        track(
            "Product Viewed", userId="7", properties={"product_id": "p1"}, channel="mobile",
            timestamp="2026-03-01T11:00:00Z", context={"ip": "192.0.2.1", "locale": "fr-FR"},
        )
    )  # fmt: skip

    (event,) = told(brand, "7")
    assert event["name"] == "Product Viewed"
    assert event["time"].isoformat() == "2026-03-01T11:00:00+00:00"
    assert event["channel"] == "app"
    assert event["properties"] == {"product_id": "p1", "context": {"locale": "fr-FR"}}


def test_the_same_message_again_is_stored_once(brand: Brand, send: Send) -> None:
    first = send(track("Cart Viewed", "m1", userId="7"))
    again = send(track("Cart Viewed", "m1", userId="7"), track("Cart Viewed", "m1", userId="7"))

    assert [verdict.duplicate for verdict in (*first, *again)] == [False, True, True]
    assert all(verdict.accepted for verdict in again)
    assert story(brand, "7") == ["Cart Viewed"]


def test_it_is_stored_once_even_when_the_inbox_has_forgotten_it(brand: Brand, send: Send) -> None:
    send(track("Cart Viewed", "m1", userId="7"))
    ReceivedEvent.objects.all().delete()
    send(track("Cart Viewed", "m1", userId="7"))

    assert story(brand, "7") == ["Cart Viewed"]


def test_a_visitor_who_signs_in_keeps_the_past(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", anonymousId="a", timestamp="2026-03-01T10:00:00Z"))
    send(
        {"type": "identify", "messageId": "i", "anonymousId": "a", "userId": "7",
         "traits": {"email": "mark@example.org", "plan": "gold"}},
        track("Order Completed", userId="7", timestamp="2026-03-01T11:00:00Z"),
    )  # fmt: skip

    assert story(brand, "7") == ["Page Viewed", "Order Completed"]
    known = customer(brand, int(resolve_identities(brand, "user_id", ["7"])[0]))
    assert (known.email, known.traits) == ("mark@example.org", {"plan": "gold"})


def test_an_alias_joins_two_users(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", userId="old", timestamp="2026-03-01T10:00:00Z"))
    send({"type": "alias", "messageId": "al", "previousId": "old", "userId": "new"})

    assert story(brand, "new") == ["Page Viewed"]


def test_a_customer_known_by_e_mail_only_is_one_customer(brand: Brand, source: Source) -> None:
    messages = [
        Message(
            message_id=str(n), type="track", event="Order Completed", anonymous_id=f"cart{n}",
            identities={"email": email}, properties={"order_id": n},
        )
        for n, email in enumerate(["Mark@example.org", "mark@example.org "])
    ]  # fmt: skip
    take_in(brand.pk, source.pk, messages, received_at=ARRIVED)
    hand_over_all(brand.pk)

    assert Lake(brand.pk).index().n_customers == 1


def test_clocks_that_are_wrong_are_corrected_and_nothing_comes_from_the_future(
    brand: Brand, send: Send
) -> None:
    hour_ahead = (ARRIVED + timedelta(hours=1)).isoformat()
    ten_minutes_before = (ARRIVED + timedelta(minutes=50)).isoformat()
    send(
        track("Page Viewed", "a", userId="7", timestamp=ten_minutes_before, sentAt=hour_ahead),
        track("Cart Viewed", "b", userId="7", timestamp=hour_ahead),
        track("Cart Viewed", "c", userId="7", timestamp="not a time"),
        track("Cart Viewed", "d", userId="7"),
    )

    times = [event["time"] for event in told(brand, "7")]
    assert times == [ARRIVED - timedelta(minutes=10), ARRIVED, ARRIVED, ARRIVED]


def test_a_late_event_takes_its_place_in_the_past(brand: Brand, send: Send) -> None:
    send(track("Order Completed", userId="7", timestamp="2026-02-02T00:00:00Z"))
    send(track("Page Viewed", userId="7", timestamp="2025-02-02T00:00:00Z"))

    assert story(brand, "7") == ["Page Viewed", "Order Completed"]


def test_what_cannot_be_read_is_kept_aside_and_blocks_nothing(
    brand: Brand, source: Source, send: Send
) -> None:
    broken = Message(message_id="x", type="track", raw=b"[1")
    take_in(brand.pk, source.pk, [broken], received_at=ARRIVED)
    send(track("Page Viewed", userId="7"))

    assert story(brand, "7") == ["Page Viewed"]
    assert [(row.reason, bytes(row.body)) for row in RefusedEvent.objects.all()] == [("not_json", b"[1")]
    assert not ReceivedEvent.objects.filter(handed_at=None).exists()


def test_a_message_that_fails_is_set_aside_alone(
    brand: Brand, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parcours.events.ingest import handoff

    usual = handoff.content_of

    def failing(name: str, message_id: str) -> bytes:
        if message_id == "poison":
            raise ValueError(message_id)
        return usual(name, message_id)

    monkeypatch.setattr(handoff, "content_of", failing)
    send(*(track("Page Viewed", name, userId="7") for name in ("a", "b", "poison", "c", "d")))

    assert len(story(brand, "7")) == 4
    assert [row.reason for row in RefusedEvent.objects.all()] == ["failed"]


def test_who_refuses_to_be_followed_is_not(brand: Brand, send: Send) -> None:
    refused = {"consent": {"categoryPreferences": {"Analytics": False}}}
    send(track("Page Viewed", "a", anonymousId="visitor", context=refused))
    send(track("Page Viewed", "b", userId="7", context={"consent": {"analytics": "granted"}}))

    assert Lake(brand.pk).index().n_customers == 1
    assert story(brand, "7") == ["Page Viewed"]
    assert bytes(ReceivedEvent.objects.get(message_id="a").body) == b"{}"


def test_open_pages_are_told(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", "a", userId="7"))

    update = Update.objects.get(topic=f"events:{brand.pk}")
    assert update.payload["messages"] == 1
    assert update.payload["events"][0]["name"] == "Page Viewed"
    assert update.payload["all_customers"]
    assert Update.objects.filter(topic=f"lake:{brand.pk}", name="numbers.changed").exists()
