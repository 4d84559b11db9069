"""Messages of Segment's, RudderStack's and PostHog's clients say the same things in different words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from parcours.events.ingest.posthog import read_posthog
from parcours.events.ingest.reading import moment_of, text_of
from parcours.events.ingest.segment import read_segment


def segment(**fields: Any) -> Any:
    return read_segment({"type": "track", "event": "Cart Viewed", "userId": "7", **fields}, message_id="m")


def posthog(event: str, distinct_id: Any = "7", **properties: Any) -> Any:
    return read_posthog(
        {"event": event, "distinct_id": distinct_id, "properties": properties}, message_id="m"
    )


def test_pages_and_screens_are_events_with_their_name_as_property() -> None:
    page = segment(type="page", name="Home", properties={"path": "/"})
    screen = segment(type="screen", name="Basket")

    assert (page.event, page.channel, page.properties) == (
        "Page Viewed",
        "web",
        {"name": "Home", "path": "/"},
    )
    assert (screen.event, screen.channel, screen.properties) == ("Screen Viewed", "app", {"name": "Basket"})


@pytest.mark.parametrize(
    ("fields", "channel"),
    [
        ({"properties": {"channel": "store"}, "channel": "browser"}, "store"),
        ({"channel": "browser"}, "web"),
        ({"channel": "mobile"}, "app"),
        ({"channel": "server"}, ""),
        ({"context": {"page": {"url": "https://shop.example/"}}}, "web"),
        ({"context": {"device": {"type": "ios"}}}, "app"),
        ({"context": {"library": {"name": "analytics-python"}}}, ""),
        ({"channel": ["web"], "context": "nothing"}, ""),
    ],
)
def test_the_channel_is_the_one_that_is_said_or_where_the_client_runs(
    fields: dict[str, Any], channel: str
) -> None:
    assert segment(**fields).channel == channel


def test_rudderstack_puts_the_traits_into_the_context() -> None:
    identify = segment(type="identify", context={"traits": {"email": "a@b.c", "x": 1}}, traits={"x": 2})
    track = segment(context={"traits": {"email": "a@b.c"}})

    assert identify.traits == {"email": "a@b.c", "x": 2}
    assert track.traits == {}


def test_the_original_time_counts_when_there_are_two() -> None:
    message = segment(timestamp="2026-01-02T00:00:00Z", originalTimestamp="2026-01-01T00:00:00Z")
    assert message.timestamp == datetime(2026, 1, 1, tzinfo=UTC)


def test_posthogs_page_views_are_ours() -> None:
    message = posthog(
        "$pageview", "v", **{"$current_url": "https://x.example/a", "$device_id": "v", "$lib": "web", "a": 1}
    )

    assert (message.type, message.event, message.channel) == ("page", "Page Viewed", "web")
    assert (message.user_id, message.anonymous_id) == ("", "v")
    assert message.properties == {"url": "https://x.example/a", "a": 1}


def test_posthogs_identify_joins_the_visitor_to_the_user() -> None:
    properties: dict[str, Any] = {"$set": {"plan": "gold"}, "$set_once": {"plan": "x"}}
    message = posthog("$identify", "mark", **{"$anon_distinct_id": "v", **properties})

    assert (message.type, message.user_id, message.anonymous_id) == ("identify", "mark", "v")
    assert message.traits == {"plan": "gold"}


@pytest.mark.parametrize(
    "properties", [{"distinct_id": "old", "alias": "new"}, {"distinct_id": "new", "alias": "old"}]
)
def test_posthogs_alias_joins_two_ids_whichever_stands_where(properties: dict[str, str]) -> None:
    fields = {"event": "$create_alias", "distinct_id": properties["distinct_id"], "properties": properties}
    message = read_posthog(fields, message_id="m")
    assert message.type == "alias"
    assert {message.previous_id, message.user_id} == {"old", "new"}


def test_posthogs_groups_and_traits_of_any_event() -> None:
    group = posthog("$groupidentify", **{"$group_type": "club", "$group_key": "k", "$group_set": {"n": 1}})
    event = read_posthog(
        {"event": "Cart Viewed", "distinct_id": "7", "$set": {"plan": "gold"}, "properties": None},
        message_id="m",
    )

    assert (group.type, group.group_id, group.traits, group.user_id) == ("group", "k", {"n": 1}, "")
    assert (event.type, event.event, event.traits, event.user_id) == (
        "track",
        "Cart Viewed",
        {"plan": "gold"},
        "7",
    )


def test_posthogs_events_without_a_person_are_a_visitors() -> None:
    message = posthog("Cart Viewed", "random", **{"$process_person_profile": False})
    assert (message.user_id, message.anonymous_id) == ("", "random")


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-01-02T03:04:05.678Z", datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        (1_767_322_800, datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
        (1_767_322_800_000, datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
        ("1767322800", datetime(2026, 1, 2, 3, 0, tzinfo=UTC)),
        ("20260102", datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_they_are_written(said: Any, moment: datetime) -> None:
    assert moment_of(said) == moment


@pytest.mark.parametrize(
    "said", [None, "", "soon", True, [], {}, 10**30, "0001-01-01T00:00:00+14:00", -1, "9" * 400, float("nan")]
)
def test_what_is_no_time_is_none(said: Any) -> None:
    assert moment_of(said) is None


@pytest.mark.parametrize(
    ("said", "text"),
    [("  a ", "a"), (7, "7"), (7.0, "7"), (7.5, "7.5"), (True, ""), (None, ""), ([1], ""), ("a\0b", "ab")],
)
def test_ids_are_text(said: Any, text: str) -> None:
    assert text_of(said) == text
