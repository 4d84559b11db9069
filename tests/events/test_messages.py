"""Messages of tracking clients tell what customers did, and which visitor turned out to be which customer."""

import json
from typing import Any

from parcours.accounts.models import Brand
from parcours.customers.groups import groups_of
from parcours.customers.reads import customer
from parcours.customers.writes import resolve_identities
from parcours.events.lake import Lake
from tests.events.conftest import TakeIn
from tests.events.test_imports import adds_up, rejected, story, told

DAY = "2026-01-0"


def lines(*messages: dict[str, Any]) -> str:
    return "".join(json.dumps(message) + "\n" for message in messages)


def track(event: str, at: str, **fields: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "timestamp": DAY + at, "messageId": f"{event}-{at}", **fields}


def test_events_are_read_with_their_properties_and_channel(brand: Brand, take_in: TakeIn) -> None:
    text = lines(
        track("Product Viewed", "1T10:00Z", userId="7", properties={"sku": "A"}, channel="mobile"),
        {"type": "page", "userId": "7", "name": "Home", "originalTimestamp": DAY + "2T10:00Z",
         "anonymousId": None,
         "context": {"page": {"path": "/"}, "library": {"name": "x"}}},
        {"type": "screen", "userId": "7", "timestamp": DAY + "3T10:00Z"},
    )  # fmt: skip

    report = take_in(text, "shop.jsonl")

    assert report.stored == 3
    assert told(brand, "7")[0]["properties"] == {"sku": "A"}
    assert [event["channel"] for event in told(brand, "7")] == ["mobile", "web", "app"]
    assert told(brand, "7")[1]["properties"] == {"name": "Home", "context": {"page": {"path": "/"}}}


def test_the_anonymous_past_belongs_to_the_customer(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(
        lines(
            track("Page Viewed", "1T10:00Z", anonymousId="a"),
            track("Cart Viewed", "2T10:00Z", anonymousId="a"),
            {
                "type": "identify",
                "anonymousId": "a",
                "userId": "7",
                "traits": {"birthday": "1990-01-02", "plan": "x"},
            },
            track("Order Completed", "3T10:00Z", userId="7"),
        ),
        "shop.jsonl",
    )

    assert (report.read, report.stored, report.profiles) == (4, 3, 1)
    assert adds_up(report)
    assert story(brand, "7") == ["Page Viewed", "Cart Viewed", "Order Completed"]
    assert Lake(brand.pk).index().n_customers == 1
    known = customer(brand, int(resolve_identities(brand, "user_id", ["7"])[0]))
    assert (known.birth_year, known.traits) == (1990, {"plan": "x"})


def test_the_past_of_an_earlier_import_belongs_to_the_customer_too(brand: Brand, take_in: TakeIn) -> None:
    past = lines(track("Page Viewed", "1T10:00Z", anonymousId="a"))
    take_in(past, "one.jsonl")
    take_in(lines(track("Order Completed", "3T10:00Z", anonymousId="a", userId="7")), "two.jsonl")

    assert story(brand, "7") == ["Page Viewed", "Order Completed"]
    assert take_in(past, "one.jsonl").already_there == 1
    assert Lake(brand.pk).index().n_customers == 1


def test_without_message_ids_a_repeated_past_is_not_doubled_by_a_merge(brand: Brand, take_in: TakeIn) -> None:
    message = track("Page Viewed", "1T10:00Z", anonymousId="a")
    del message["messageId"]
    take_in(lines(message), "one.jsonl")
    take_in(lines({"type": "identify", "anonymousId": "a", "userId": "7"}), "two.jsonl")

    assert take_in(lines(message), "one.jsonl").stored == 0
    assert story(brand, "7") == ["Page Viewed"]


def test_an_identify_alone_moves_what_is_stored(brand: Brand, take_in: TakeIn) -> None:
    take_in(lines(track("Page Viewed", "1T10:00Z", anonymousId="a")), "one.jsonl")
    take_in(lines({"type": "identify", "anonymousId": "a", "userId": "7"}), "two.jsonl")

    assert story(brand, "7") == ["Page Viewed"]


def test_a_shared_device_gives_its_past_to_its_first_user_only(brand: Brand, take_in: TakeIn) -> None:
    take_in(
        lines(
            track("Page Viewed", "1T10:00Z", anonymousId="a"),
            track("A", "2T10:00Z", anonymousId="a", userId="7"),
            track("B", "3T10:00Z", anonymousId="a", userId="8"),
        ),
        "shop.jsonl",
    )

    assert story(brand, "7") == ["Page Viewed", "A"]
    assert story(brand, "8") == ["B"]


def test_an_alias_joins_two_ids(brand: Brand, take_in: TakeIn) -> None:
    take_in(
        lines(
            track("A", "1T10:00Z", userId="old"),
            {"type": "alias", "previousId": "old", "userId": "7"},
            track("B", "2T10:00Z", userId="7"),
        ),
        "shop.jsonl",
    )

    assert story(brand, "7") == ["A", "B"]


def test_one_message_that_cannot_be_read_does_not_lose_the_others(brand: Brand, take_in: TakeIn) -> None:
    text = (
        lines(track("A", "1T10:00Z", userId="7"))
        + "{broken\n[1]\n"
        + lines({"type": "track", "event": "B", "timestamp": DAY + "1"})
        + lines({"type": "track", "userId": "7", "timestamp": DAY + "1"}, {"type": "blink", "userId": "7"})
        + lines(track("C", "2T10:00Z", userId=9))
    )

    report = take_in(text, "shop.jsonl")

    assert (report.read, report.stored, report.rejected) == (7, 2, 5)
    assert adds_up(report)
    assert [line for line, _reason in rejected(report)] == ["2", "3", "4", "5", "6"]
    assert story(brand, "9") == ["C"]


def test_flat_json_lines_are_read_by_the_names_of_their_fields(brand: Brand, take_in: TakeIn) -> None:
    text = lines(
        {"distinct_id": "7", "event": "A", "timestamp": DAY + "1T10:00Z", "properties": {"$os": "x"}, "n": 2},
        {"distinct_id": "7", "event": "B", "timestamp": DAY + "2T10:00Z", "flag": True},
    )

    assert take_in(text, "flat.json").stored == 2
    assert [event["properties"] for event in told(brand, "7")] == [{"$os": "x", "n": 2}, {"flag": True}]


def test_group_messages_put_customers_into_groups(brand: Brand, take_in: TakeIn) -> None:
    said = {"type": "group", "groupId": "acme", "traits": {"name": "Acme"}}
    take_in(lines({**said, "userId": "7"}, {**said, "userId": "8"}), "shop.jsonl")

    for user in ("7", "8"):
        (group,) = groups_of(brand, int(resolve_identities(brand, "user_id", [user])[0]))
        assert (group.key, group.name) == ("acme", "Acme")
