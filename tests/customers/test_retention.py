"""Rules that say how long things are kept: off until chosen, shown before they run, and kept to."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.core.registry import retention as kept
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.models import Customer, Identity
from parcours.customers.privacy_models import Erasure, Suppression
from parcours.customers.retention.rules import brands_with_rules, do_set_rule, rules, run_rules, would_remove
from parcours.customers.writes import resolve_identities
from parcours.events.imports import import_events
from parcours.events.models import Import
from parcours.events.reads import count_events
from parcours.events.uploads import keep_upload
from parcours.journal.models import Entry

TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOG = """user_id,time,event
looked-long-ago,2022-01-10T10:00:00Z,Product Viewed
looked-long-ago,2026-10-10T10:00:00Z,Email Opened
clicked,2022-01-10T10:00:00Z,Product Viewed
clicked,2026-10-10T10:00:00Z,Email Clicked
bought-long-ago,2022-01-10T10:00:00Z,Order Completed
only-written-to,2026-10-10T10:00:00Z,Email Sent
new,2026-11-10T10:00:00Z,Product Viewed
"""


@pytest.fixture
def shop(brand: Brand, system: Actor, tmp_path: Path) -> Brand:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    with clock_at(TODAY):
        import_events(brand, path, acting_user=system)
    return brand


def who_is_left(brand: Brand) -> set[str]:
    return set(Identity.objects.filter(brand=brand).values_list("value", flat=True))


def turn_on(brand: Brand, key: str, days: int, actor: Actor) -> None:
    do_set_rule(brand, key, days=days, enabled=True, acting_user=actor)


def test_nothing_goes_before_somebody_turns_a_rule_on(shop: Brand) -> None:
    assert {each.key for each in rules(shop)} >= {"prospects", "customers", "events", "files"}
    assert not any(each.enabled for each in rules(shop))
    assert brands_with_rules() == []
    assert run_rules(shop.pk) == {}
    assert count_events(shop) == 7


def test_prospects_go_when_they_have_not_been_in_touch(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "prospects", 1_095, alice_acts)
    with clock_at(TODAY):
        assert would_remove(shop, "prospects", 1_095) == 1
        assert run_rules(shop.pk) == {"prospects": 1}
    assert who_is_left(shop) == {"clicked", "bought-long-ago", "only-written-to", "new"}
    assert count_events(shop) == 5


def test_who_only_was_written_to_counts_from_when_the_data_came(shop: Brand) -> None:
    with clock_at(TODAY + timedelta(days=1_065)):
        assert would_remove(shop, "prospects", 1_095) == 3


def test_a_word_about_consent_is_a_contact(shop: Brand, system: Actor) -> None:
    who = int(resolve_identities(shop, "user_id", ["looked-long-ago"])[0])
    said = Said(who, "marketing", "denied", "email", at=TODAY - timedelta(days=100))
    record_consents(shop, [said], method="page", acting_user=system)
    with clock_at(TODAY):
        assert would_remove(shop, "prospects", 1_095) == 0


def test_a_profile_without_events_counts_from_when_it_was_made(brand: Brand) -> None:
    with clock_at(TODAY - timedelta(days=2_000)):
        resolve_identities(brand, "user_id", ["never seen"])
    with clock_at(TODAY):
        resolve_identities(brand, "user_id", ["new here"])
        assert would_remove(brand, "prospects", 1_095) == 1


def test_buyers_have_a_rule_of_their_own(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "customers", 1_095, alice_acts)
    with clock_at(TODAY):
        run_rules(shop.pk)
    assert "bought-long-ago" not in who_is_left(shop)
    assert "looked-long-ago" in who_is_left(shop)


def test_who_returns_after_a_rule_is_a_new_visitor(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "prospects", 1_095, alice_acts)
    with clock_at(TODAY):
        run_rules(shop.pk)
    assert Erasure.objects.get().people == 1
    assert not Suppression.objects.exists()


def test_old_events_go_and_newer_ones_stay(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "events", 760, alice_acts)
    with clock_at(TODAY):
        assert would_remove(shop, "events", 760) == 3
        assert run_rules(shop.pk) == {"events": 3}
    assert count_events(shop) == 4
    assert Customer.objects.count() == 5


def test_old_files_of_imports_go(brand: Brand, system: Actor, alice_acts: Actor, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user_id,time,event\nmark,never,Order Completed\nmark,2026-11-10,Order Completed\n")
    import_events(brand, path, acting_user=system)
    keep_upload(brand, "more.csv", SimpleUploadedFile("more.csv", b"a,b\n").chunks(), acting_user=system)
    (rejects,) = (Path(settings.DATA) / "rejects").rglob("*.csv")
    old = (TODAY - timedelta(days=100)).timestamp()
    os.utime(rejects, (old, old))
    Import.objects.filter(status="waiting").update(created_at=TODAY - timedelta(days=100))
    turn_on(brand, "files", 90, alice_acts)
    with clock_at(TODAY):
        assert run_rules(brand.pk) == {"files": 2}
    assert not rejects.exists()
    assert not list((Path(settings.DATA) / "uploads").rglob("upload*"))
    assert Import.objects.get().rejects_path == ""


def test_a_run_is_noted_with_what_it_removed(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "events", 760, alice_acts)
    with clock_at(TODAY):
        run_rules(shop.pk)
        run_rules(shop.pk)
    rule = next(each for each in rules(shop) if each.key == "events")
    assert (rule.last_run_at, rule.last_removed, rule.removed, rule.problem) == (TODAY, 0, 3, "")
    assert Entry.objects.filter(verb="retention run").count() == 1


def test_a_rule_that_fails_is_noted_and_does_not_stop_the_others(
    shop: Brand, alice_acts: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(kept.get("events"), "remove", fail)
    turn_on(shop, "events", 760, alice_acts)
    turn_on(shop, "prospects", 1_095, alice_acts)
    with clock_at(TODAY):
        assert run_rules(shop.pk) == {"prospects": 1}
    assert next(each for each in rules(shop) if each.key == "events").problem == "the disk is full"


def test_rules_are_for_owners_and_for_sensible_numbers(shop: Brand, alice_acts: Actor) -> None:
    editor = Actor(kind="person", brand_id=shop.pk, role="editor", id=None, label="Eddy")
    with pytest.raises(Forbidden):
        turn_on(shop, "events", 760, editor)
    with pytest.raises(BadInput):
        turn_on(shop, "events", 0, alice_acts)
    with pytest.raises(NotFound):
        turn_on(shop, "everything", 760, alice_acts)


def test_a_rule_turned_off_removes_nothing(shop: Brand, alice_acts: Actor) -> None:
    turn_on(shop, "events", 760, alice_acts)
    do_set_rule(shop, "events", days=760, enabled=False, acting_user=alice_acts)
    with clock_at(TODAY):
        assert run_rules(shop.pk) == {}
