"""The whole way: what clients sent, what waits, what they send later. Nothing brings anybody back."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.postgres import EmbeddedPostgres
from parcours.customers.consent import ledger as consent
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.erasure.suppression import dropped_count
from parcours.customers.models import Identity
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.reads import count_events
from tests.events.ingest.conftest import Send, track
from tests.events.ingest.conftest import send as send  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.events.ingest.conftest import source as source  # noqa: PLC0414

EMAIL = "mark.runner@example.net"
IDENTIFY = {
    "type": "identify",
    "userId": "mark-4711",
    "anonymousId": "visitor-0815",
    "traits": {"email": EMAIL, "newsletter": True},
}
VIEW = {"userId": "mark-4711", "properties": {"note": f"for {EMAIL}"}}


def left() -> list[str]:
    """Which of the telling words stand in a dump of the database or in a file."""
    postgres = EmbeddedPostgres(Path(os.environ["PARCOURS_DATA"]))
    named = str(connection.settings_dict["NAME"])
    dump = postgres.run_tool("pg_dump", "--data-only", "--inserts", "-d", named).stdout
    files = b"".join(path.read_bytes() for path in Path(settings.DATA).rglob("*") if path.is_file())
    return [
        word
        for word in (EMAIL, "mark-4711", "visitor-0815")
        if word in dump or word.encode().hex() in dump or word.encode() in files
    ]


@pytest.mark.django_db(transaction=True)
def test_neither_what_was_received_nor_what_waits_nor_what_comes_later_is_left(
    brand: Brand, system: Actor, send: Send
) -> None:
    send({**IDENTIFY, "messageId": "1"}, track("Product Viewed", "2", **VIEW))
    send(track("Product Viewed", "3", userId="julie"))
    send(track("Cart Viewed", "4", **VIEW), hand_over=False)
    assert left()
    mark = Identity.objects.get(value="mark-4711").customer_id
    assert consent.state(brand, mark, "marketing", "email") == "granted"
    do_erase(brand, [mark], acting_user=system)
    hand_over_all(brand.pk)
    send({**IDENTIFY, "messageId": "5"}, track("Order Completed", "6", **VIEW))
    assert left() == []
    assert count_events(brand) == 1
    assert dropped_count(brand) == 3
    assert list(Identity.objects.values_list("value", flat=True)) == ["julie"]


def test_a_message_that_brings_a_new_consent_begins_a_new_profile(
    brand: Brand, system: Actor, send: Send
) -> None:
    send({**IDENTIFY, "messageId": "1"})
    mark = Identity.objects.get(value="mark-4711").customer_id
    do_erase(brand, [mark], acting_user=system)
    later = now() + timedelta(minutes=5)
    send({**IDENTIFY, "messageId": "2"}, at=later)
    assert not Identity.objects.exists()
    told = {"analytics": {"state": "granted", "at": later.isoformat()}}
    send({**IDENTIFY, "messageId": "3", "context": {"consent": told}}, at=later)
    new = Identity.objects.get(value="mark-4711").customer_id
    assert new != mark
    assert consent.state(brand, new, "analytics") == "granted"


def test_an_event_about_consent_becomes_a_word_of_the_ledger(brand: Brand, send: Send) -> None:
    told = {"userId": "julie", "properties": {"purpose": "marketing.sms"}}
    send(track("Consent Given", "1", timestamp="2026-02-01T10:00:00Z", **told))
    send(track("Consent Withdrawn", "2", timestamp="2026-02-02T10:00:00Z", **told))
    julie = Identity.objects.get(value="julie").customer_id
    assert [row.state for row in consent.consents_of(brand, julie)] == ["denied", "granted"]
    assert count_events(brand) == 2
