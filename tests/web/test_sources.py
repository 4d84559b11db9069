"""A source's page: what it sends as it comes, what was refused, and how to point a client here."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.events.enums import Refusal, WarningKind
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.events.models import ReceivedEvent, RefusedEvent, SchemaWarning, Source
from parcours.events.writes import add_source

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def source(brand: Brand, system: Actor) -> Source:
    return add_source(brand, "shop", acting_user=system)[0]


def sent(source: Source, *names: str) -> None:
    messages = [
        Message(message_id=name, type="track", event=name, user_id="mark", properties={"size": 44})
        for name in names
    ]
    take_in(source.brand_id, source.pk, messages, received_at=NOON)


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_new_source_shows_its_key_once_and_how_to_use_it(as_alice: Client, brand: Brand) -> None:
    made = as_alice.post("/listen/sources/", {"name": "shop"}).content.decode()
    source = Source.objects.get(brand=brand)
    assert f"/listen/sources/{source.pk}/" in made
    page = page_of(as_alice, f"/listen/sources/{source.pk}/")
    assert "Nothing has arrived yet" in page
    assert "http://testserver/widget.js" in page
    assert "WRITE_KEY" in page


def test_what_arrives_is_shown_with_how_far_it_came(as_bob: Client, source: Source) -> None:
    sent(source, "Cart Viewed", "Size Guide Opened")
    page = page_of(as_bob, f"/listen/sources/{source.pk}/")
    assert page.index("Size Guide Opened") < page.index("Cart Viewed")
    assert page.count("on its way<") == 2
    assert "2 on their way to the numbers" in page


def test_what_was_refused_says_why(as_bob: Client, source: Source) -> None:
    RefusedEvent.objects.create(
        brand_id=source.brand_id, source_id=source.pk, reason=Refusal.NO_NAME, body=b"{]", received_at=NOON
    )
    page = page_of(as_bob, f"/listen/sources/{source.pk}/")
    assert "refused" in page
    assert "It has no event name." in page


def test_a_message_can_be_read_whole(as_bob: Client, source: Source) -> None:
    sent(source, "Cart Viewed")
    row = ReceivedEvent.objects.get()
    page = page_of(as_bob, f"/listen/sources/{source.pk}/?message=r{row.pk}")
    assert "&quot;size&quot;: 44" in page
    assert "&quot;size&quot;" not in page_of(as_bob, f"/listen/sources/{source.pk}/?message=r999999")
    assert "&quot;size&quot;" not in page_of(as_bob, f"/listen/sources/{source.pk}/?message=nonsense")


def test_the_page_is_told_when_nothing_is_new(as_bob: Client, source: Source) -> None:
    sent(source, "Cart Viewed")
    address = f"/listen/sources/{source.pk}/arrivals/"
    fragment = page_of(as_bob, address)
    seen = fragment.split("?seen=")[1].split('"')[0]
    assert as_bob.get(address, {"seen": seen}).status_code == 204
    sent(source, "Order Completed")
    assert "Order Completed" in page_of(as_bob, f"{address}?seen={seen}")


def test_warnings_are_listed(as_bob: Client, source: Source) -> None:
    SchemaWarning.objects.create(
        brand_id=source.brand_id,
        source=source,
        kind=WarningKind.MISSING_PROPERTY,
        event="Order Completed",
        detail="order_id",
        count=3,
        first_seen=NOON,
        last_seen=NOON,
    )
    page = page_of(as_bob, f"/listen/sources/{source.pk}/")
    assert "Missing property" in page
    assert "order_id" in page


def test_another_brands_source_is_not_found(as_bob: Client, other_brand: Brand) -> None:
    other = add_source(other_brand, "shop", acting_user=system_actor(other_brand.pk))[0]
    assert as_bob.get(f"/listen/sources/{other.pk}/").status_code == 404
    assert as_bob.get(f"/listen/sources/{other.pk}/arrivals/").status_code == 404
