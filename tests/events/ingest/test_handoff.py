"""From the inbox to customers and the lake, each message once."""

import json
from datetime import timedelta

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.groups import groups_of
from parcours.customers.privacy_enums import ConsentMethod
from parcours.customers.reads import customer
from parcours.customers.writes import resolve_identities
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.events.ingest.personal_data import RECORDS
from parcours.events.ingest.waiting import brands_waiting, forget_old
from parcours.events.lake import Lake
from parcours.events.models import ReceivedEvent, RefusedEvent, SchemaWarning, Source
from parcours.events.reads import warnings
from parcours.events.rights import may_follow_events
from parcours.events.writes import add_source, do_remove_source
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
            message_id=str(n), type="track", event="Order Completed",
            identities={"email": email}, properties={"order_id": n},
        )
        for n, email in enumerate(["Mark@example.org", "mark@example.org "])
    ]  # fmt: skip
    take_in(brand.pk, source.pk, messages, received_at=ARRIVED)
    hand_over_all(brand.pk)

    assert Lake(brand.pk).index().n_customers == 1


def test_an_address_that_two_visitors_typed_does_not_make_them_one(brand: Brand, source: Source) -> None:
    messages = [
        Message(
            message_id=visitor, type="track", event="Order Completed", anonymous_id=visitor,
            identities={"email": "mark@example.org"},
        )
        for visitor in ("cart1", "cart2")
    ]  # fmt: skip
    take_in(brand.pk, source.pk, messages, received_at=ARRIVED)
    hand_over_all(brand.pk)

    assert Lake(brand.pk).index().n_customers == 2


def test_nobody_follows_what_arrives_elsewhere(brand: Brand, alice_acts: Actor, other_brand: Brand) -> None:
    assert may_follow_events(alice_acts, str(brand.pk))
    assert not may_follow_events(alice_acts, str(other_brand.pk))


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


def test_who_refused_elsewhere_is_followed_no_more_until_they_agree_again(
    brand: Brand, system: Actor, send: Send
) -> None:
    send(track("Page Viewed", "a", userId="7"))
    mark = int(resolve_identities(brand, "user_id", ["7"])[0])
    no, yes = Said(mark, "analytics", "denied"), Said(mark, "analytics", "granted")

    record_consents(brand, [no], method=ConsentMethod.PAGE, acting_user=system)
    send(track("Cart Viewed", "b", userId="7"), track("Cart Viewed", "c", userId="8"))
    assert story(brand, "7") == ["Page Viewed"]
    assert story(brand, "8") == ["Cart Viewed"]
    assert bytes(ReceivedEvent.objects.get(message_id="b").body) == b"{}"
    assert SchemaWarning.objects.get(kind="no_consent").event == "Cart Viewed"

    record_consents(brand, [yes], method=ConsentMethod.PAGE, acting_user=system)
    send(track("Order Completed", "d", userId="7"))
    assert story(brand, "7") == ["Page Viewed", "Order Completed"]


def test_what_a_shop_tells_of_an_order_is_kept_whatever_was_refused(
    brand: Brand, source: Source, system: Actor, send: Send
) -> None:
    Source.objects.filter(pk=source.pk).update(kind="shopify")
    mark = int(resolve_identities(brand, "user_id", ["7"])[0])
    record_consents(brand, [Said(mark, "analytics", "denied")], method=ConsentMethod.PAGE, acting_user=system)
    send(track("Order Completed", userId="7"))

    assert story(brand, "7") == ["Order Completed"]


def test_open_pages_are_told(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", "a", userId="7"))

    update = Update.objects.get(topic=f"events:{brand.pk}")
    assert update.payload["messages"] == 1
    assert update.payload["events"][0]["name"] == "Page Viewed"
    assert update.payload["all_customers"]
    assert Update.objects.filter(topic=f"lake:{brand.pk}", name="numbers.changed").exists()


def test_groups_are_noted(brand: Brand, send: Send) -> None:
    send({"type": "group", "messageId": "g", "userId": "7", "groupId": "club", "traits": {"name": "Runners"}})

    mark = int(resolve_identities(brand, "user_id", ["7"])[0])
    assert [(group.key, group.name) for group in groups_of(brand, mark)] == [("club", "Runners")]


def test_posthogs_visitor_becomes_the_user_it_is_aliased_to(brand: Brand, source: Source, send: Send) -> None:
    send(track("Page Viewed", anonymousId="v", timestamp="2026-03-01T10:00:00Z"))
    body = {"event": "$create_alias", "distinct_id": "v", "properties": {"distinct_id": "v", "alias": "7"}}
    ReceivedEvent.objects.create(
        brand_id=brand.pk, source_id=source.pk, message_id="al", dialect="posthog",
        body=json.dumps(body).encode(), received_at=ARRIVED,
    )  # fmt: skip
    hand_over_all(brand.pk)

    assert story(brand, "7") == ["Page Viewed"]


def test_warnings_are_counted_by_name_and_source(brand: Brand, send: Send) -> None:
    send(
        track("Made Up", "a", userId="7"),
        track("Made Up", "b", userId="7"),
        track("Order Completed", "c", userId="7", properties={"order_id": "1"}),
        track("Cart Viewed", "d", userId="7", properties={"products": []}, timestamp="yesterday"),
        track("Cart Viewed", "e", userId="7", properties={"products": []}, timestamp="2031-01-01T00:00:00Z"),
    )
    send(track("Made Up", "f", userId="7"))

    assert {(row.kind, row.event, row.detail, row.count) for row in warnings(brand)} == {
        ("unknown_name", "Made Up", "", 3),
        ("missing", "Order Completed", "total / revenue", 1),
        ("bad_time", "Cart Viewed", "yesterday", 1),
        ("future_time", "Cart Viewed", "", 1),
    }


def test_a_source_knows_how_much_it_sent_and_when(brand: Brand, source: Source, send: Send) -> None:
    send(track("Page Viewed", "a", userId="7"), track("Page Viewed", "b", userId="7"))
    send(track("Page Viewed", "a", userId="7"))

    source.refresh_from_db()
    assert (source.event_count, source.last_event_at) == (2, ARRIVED)


def test_the_worker_finds_what_nobody_asked_for(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", "a", userId="7"), hand_over=False)
    assert brands_waiting() == [brand.pk]
    hand_over_all(brand.pk)
    assert brands_waiting() == []


def test_the_inbox_forgets_what_was_handed_over_days_ago(brand: Brand, send: Send) -> None:
    send(track("Page Viewed", "old", userId="7"))
    ReceivedEvent.objects.update(handed_at=now() - timedelta(days=8))
    send(track("Page Viewed", "new", userId="7"))
    send(track("Page Viewed", "waits", userId="7"), hand_over=False)
    forget_old()

    assert {row.message_id for row in ReceivedEvent.objects.all()} == {"new", "waits"}
    assert len(story(brand, "7")) == 2


def test_an_event_of_a_source_that_was_removed_meanwhile_still_arrives(
    brand: Brand, source: Source, send: Send, system: Actor
) -> None:
    send(track("Page Viewed", "a", userId="7"), hand_over=False)
    do_remove_source(source, acting_user=system)
    hand_over_all(brand.pk)

    assert story(brand, "7") == ["Page Viewed"]
    with pytest.raises(NotFound):
        send(track("Page Viewed", "b", userId="7"))
    assert add_source(brand, "Shop", acting_user=system)[0].pk != source.pk


def test_the_inbox_hands_out_and_lets_go_of_what_is_about_a_person(brand: Brand, send: Send) -> None:
    send(
        track("Page Viewed", "a", userId="mark-7", context={"x": "Mark@Example.org"}),
        track("Page Viewed", "b", userId="other", properties={"friend": "mark-7"}),
        track("Page Viewed", "c", userId="mark-77"),
    )
    RefusedEvent.objects.create(
        brand_id=brand.pk, source_id=ReceivedEvent.objects.all()[0].source_id, reason="no_name",
        body=b'{"userId": "mark-7"}', received_at=ARRIVED,
    )  # fmt: skip
    mark = int(resolve_identities(brand, "user_id", ["mark-7"])[0])

    (message,) = RECORDS.export(brand.pk, [mark])["messages"]
    assert message["message"]["userId"] == "mark-7"
    gone = RECORDS.erase(brand.pk, [mark])
    assert (gone["messages"], gone["refused messages"]) == (2, 1)
    assert [row.message_id for row in ReceivedEvent.objects.all()] == ["c"]
