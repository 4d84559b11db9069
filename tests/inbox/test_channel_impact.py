"""The page about channels, what a contact costs there, and accounts that don't work as usual."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.customers.writes import resolve_identities
from parcours.inbox.channels.base import Request
from parcours.inbox.models import ChannelAccount
from parcours.inbox.placing.costs import costs
from parcours.inbox.placing.watching import watch
from parcours.inbox.reads.health import health
from parcours.inbox.writes.bulk import PastContact, PastConversation, PastMessage, add_past
from parcours.inbox.writes.receiving import receive
from parcours.notices.models import Notice
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]
pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = datetime(2026, 11, 17, 15, tzinfo=ZoneInfo("Europe/Paris"))


def busy_mornings(brand: Brand, account: ChannelAccount, actor: Actor, until: datetime) -> None:
    """Twelve messages an hour from 9 to 15 on every day of nine weeks before, none after `until`."""
    customer = int(resolve_identities(brand, "user_id", ["F1"])[0])
    past = []
    for day in range(63):
        for hour in range(6):
            moment = TUESDAY.replace(hour=9 + hour) - timedelta(days=day)
            if moment >= until:
                continue
            said = [PastMessage("in", f"Hello {n}", moment + timedelta(minutes=5 * n)) for n in range(12)]
            past.append(
                PastConversation(f"{day} {hour}", PastContact(f"f{day}-{hour}", customer), said, thread="x")
            )
    add_past(account, past, acting_user=actor)


def told(brand: Brand) -> list[str]:
    return [row.facts["kind"] for row in Notice.objects.filter(brand=brand, kind="channel_trouble")]


def test_silence_that_chance_does_not_explain_is_told_once(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor
) -> None:
    busy_mornings(brand, loft, alice_acts, TUESDAY.replace(hour=12))
    with clock_at(TUESDAY.replace(hour=12, minute=10)):
        assert health(brand.pk, "Europe/Paris")[0].silent_since is None
    with clock_at(TUESDAY):
        (found,) = health(brand.pk, "Europe/Paris")
        assert found.silent_since is not None
        assert found.an_hour == 12
        assert found.usual == pytest.approx(37, abs=2)
        assert watch(brand) == 1
        assert watch(brand) == 0
    assert told(brand) == ["silent"]


def test_a_quiet_night_is_no_trouble(brand: Brand, loft: ChannelAccount, alice_acts: Actor) -> None:
    busy_mornings(brand, loft, alice_acts, TUESDAY)
    with clock_at(TUESDAY.replace(hour=15) + timedelta(hours=17)):
        assert health(brand.pk, "Europe/Paris")[0].troubles == ()


def test_refused_deliveries_are_told_of_again_only_after_they_stopped(
    brand: Brand, loft: ChannelAccount
) -> None:
    def knock(moment: datetime) -> None:
        receive(loft, Request("POST", "", {"x-ring": "a false one"}, b"[]", moment))

    with clock_at(TUESDAY):
        knock(TUESDAY)
        assert watch(brand) == 1
    with clock_at(TUESDAY + timedelta(days=2)):
        assert watch(brand) == 0
        knock(TUESDAY + timedelta(days=2))
        assert watch(brand) == 1
    assert told(brand) == ["refusing", "refusing"]


def test_the_page_shows_each_channel_and_what_it_costs(as_alice: Client, brand: Brand, store: Store) -> None:
    store(
        [Happened(f"u{n}", "Conversation Started", 2, "chat") for n in range(6)]
        + [Happened(f"u{n}", "Message Sent", 1.99, "chat") for n in range(6)]
    )
    answer = as_alice.post(reverse("measure_impact_costs"), {"cost-chat": "2,50", "cost-email": ""})
    assert answer.status_code == 302
    assert costs(brand.pk) == {"chat": Decimal("2.50")}
    page = as_alice.get(reverse("measure_impact")).content.decode()
    assert "What each channel does" in page
    assert ">6</a>" in page
    assert "15.00" in page or ">15<" in page
    table = as_alice.get(reverse("measure_impact"), {"as": "csv"}).content.decode()
    assert table.splitlines()[1].startswith("chat,6,1.0")


def test_a_cost_that_is_no_number_is_refused_and_only_editors_enter_them(
    as_alice: Client, as_agnes: Client, brand: Brand
) -> None:
    as_alice.post(reverse("measure_impact_costs"), {"cost-chat": "much"})
    assert as_agnes.post(reverse("measure_impact_costs"), {"cost-chat": "3"}).status_code == 403
    assert costs(brand.pk) == {}
