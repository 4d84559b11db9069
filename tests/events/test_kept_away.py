"""An old file must not bring back who was erased, and what it says of consent is kept."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.consent import ledger as consent
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.erasure.suppression import dropped_count
from parcours.customers.groups import groups_of
from parcours.customers.models import Identity
from parcours.customers.profiles import Profile
from parcours.customers.writes import resolve_identities, update_profiles
from parcours.events.imports import import_customers
from parcours.events.reads import count_events
from tests.events.conftest import TakeIn

LOG = """user_id,time,event
mark,2026-03-01T10:00:00Z,Product Viewed
julie,2026-03-01T10:00:00Z,Product Viewed
mark,no time,Product Viewed
"""
MESSAGES = """{"type":"identify","userId":"mark","messageId":"1","traits":{"email":"mark@example.net"}}
{"type":"track","userId":"mark","messageId":"2","event":"Product Viewed","timestamp":"2026-03-01T10:00:00Z"}
{"type":"track","anonymousId":"v","userId":"julie","messageId":"3","event":"A","timestamp":"2026-03-01T10:00:00Z"}
"""


@pytest.fixture
def _mark_was_erased(brand: Brand, system: Actor) -> None:
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    update_profiles(brand, {mark: Profile(email="mark@example.net", phone="+33612345678")})
    do_erase(brand, [mark], acting_user=system)


def known(brand: Brand) -> set[str]:
    return set(Identity.objects.filter(brand=brand).values_list("value", flat=True))


@pytest.mark.usefixtures("_mark_was_erased")
def test_rows_about_an_erased_person_are_left_out(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(LOG)
    assert (report.read, report.stored, report.rejected) == (3, 1, 0)
    assert "2 rows are about people who were erased" in " ".join(report.notices)
    assert known(brand) == {"julie"}
    assert dropped_count(brand) == 2
    assert not list((Path(settings.DATA) / "rejects").rglob("*.csv"))


@pytest.mark.usefixtures("_mark_was_erased")
def test_messages_about_an_erased_person_are_left_out(brand: Brand, take_in: TakeIn) -> None:
    report = take_in(MESSAGES, "messages.jsonl")
    assert report.stored == 1
    assert known(brand) == {"julie", "v"}
    assert count_events(brand) == 1


@pytest.mark.usefixtures("_mark_was_erased")
def test_messages_do_not_bring_them_back_by_their_address_under_another_number(
    brand: Brand, take_in: TakeIn
) -> None:
    message = {"type": "identify", "userId": "new-number", "traits": {"email": "Mark@example.net"}}
    take_in(json.dumps(message) + "\n" + MESSAGES, "messages.jsonl")
    assert known(brand) == {"julie", "v"}


@pytest.mark.usefixtures("_mark_was_erased")
def test_groups_of_others_are_noted_still(brand: Brand, take_in: TakeIn) -> None:
    rows = [{"type": "group", "userId": user, "groupId": "club"} for user in ("mark", "julie")]
    take_in("\n".join(map(json.dumps, rows)) + "\n" + MESSAGES, "messages.jsonl")
    julie = int(resolve_identities(brand, "user_id", ["julie"])[0])
    assert [group.key for group in groups_of(brand, julie)] == ["club"]
    assert known(brand) == {"julie", "v"}


@pytest.mark.usefixtures("_mark_was_erased")
def test_a_table_of_customers_leaves_them_out_even_when_it_says_they_agreed(
    brand: Brand, system: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "user_id,email,phone,newsletter\nmark,,,1\nnew-number,Mark@example.net,,1\n"
        "newer,mark@example.net,,1\nnewest,,+33 6 12 34 56 78,1\njulie,,,0\n"
    )
    import_customers(brand, path, acting_user=system)
    assert known(brand) == {"julie"}
    julie = int(resolve_identities(brand, "user_id", ["julie"])[0])
    assert consent.state(brand, julie, "marketing", "email") == "denied"


def test_the_same_table_again_says_nothing_new(brand: Brand, system: Actor, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("user_id,consent.marketing.sms\njulie,granted\n")
    for _time in range(2):
        import_customers(brand, path, acting_user=system)
    julie = int(resolve_identities(brand, "user_id", ["julie"])[0])
    (row,) = consent.consents_of(brand, julie)
    assert (row.purpose, row.channel, row.state, row.method) == ("marketing", "sms", "granted", "import")
    assert row.at > datetime(2026, 1, 1, tzinfo=UTC)
