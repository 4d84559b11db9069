"""Erasure that erases: nothing about a person is left, nothing about others is lost."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import Forbidden, NotFound
from parcours.core.postgres import EmbeddedPostgres
from parcours.core.registry import personal_data
from parcours.customers import reads
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.messages import Told
from parcours.customers.erasure.carrying_out import (
    carry_out_erasure,
    certificate,
    do_begin_erasure,
    do_erase,
    is_unchanged,
    unfinished_erasures,
)
from parcours.customers.erasure.suppression import (
    Arriving,
    admit,
    do_lift_suppression,
    dropped_count,
    suppression_count,
)
from parcours.customers.models import Customer, Identity
from parcours.customers.privacy_models import Consent, Erasure, Suppression
from parcours.customers.profiles import Profile
from parcours.customers.writes import do_create_segment, link_identities, resolve_identities, update_profiles
from parcours.events.imports import import_events
from parcours.events.personal_data import LAKE
from parcours.events.reads import count_events, timeline
from parcours.events.uploads import keep_upload
from parcours.journal.models import Entry
from parcours.journal.writes import record
from parcours.live.writes import publish

EMAIL = "mark.runner@example.net"
TELLING = [EMAIL, "mark-4711", "visitor-0815", "+33612345678", "Runner"]
LOG = f"""user_id,time,event,email
mark-4711,2026-03-01T10:00:00Z,Cart Viewed,{EMAIL}
mark-4711,2026-03-02T10:00:00Z,Order Completed,{EMAIL}
julie-12,2026-03-02T11:00:00Z,Order Completed,julie@example.net
mark-4711,not a time at all,Order Completed,{EMAIL}
julie-12,not a time either,Order Completed,julie@example.net
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def settle(brand: Brand, actor: Actor, log: Path) -> tuple[int, int]:
    """Mark, who left traces everywhere, and Julie, who is another; their customers' numbers."""
    import_events(brand, log, acting_user=actor)
    link_identities(brand, [("visitor-0815", "mark-4711")], reason="signed in")
    mark, julie = map(int, resolve_identities(brand, "user_id", ["mark-4711", "julie-12"]))
    profile = Profile(name="Mark Runner", email=EMAIL, phone="+33 6 12 34 56 78", traits={"shoe": "Runner 2"})
    update_profiles(brand, {mark: profile, julie: Profile(name="Julie", email="julie@example.net")})
    said = [Said(each, "marketing", "granted", "email") for each in (mark, julie)]
    record_consents(brand, said, method="agent", acting_user=actor)
    do_create_segment(
        brand, "Friends", {"all": [{"field": "country", "op": "is", "value": ["FR"]}]}, acting_user=actor
    )
    record(actor, "customer changed", "customer", mark, {"from": {"email": None}, "to": {"email": EMAIL}})
    with transaction.atomic():
        publish(brand.pk, f"customer:{mark}", "event", {"name": "Cart Viewed"})
        publish(brand.pk, f"events:{brand.pk}", "event", {"traits": {"email": EMAIL}})
        publish(brand.pk, f"events:{brand.pk}", "event", {"traits": {"email": "julie@example.net"}})
    upload = SimpleUploadedFile("more.csv", LOG.encode())
    keep_upload(brand, "more.csv", upload.chunks(), acting_user=actor)
    return mark, julie


def files_with(words: list[str], folder: Path) -> list[Path]:
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    ]


@pytest.mark.django_db(transaction=True)
def test_no_byte_about_the_person_is_left(log: Path, brand: Brand, system: Actor) -> None:
    mark, julie = settle(brand, system, log)
    before = _dump()
    assert words_in(before) == TELLING
    assert files_with(TELLING, Path(settings.DATA))
    erasure = do_erase(brand, [mark], acting_user=system, reason="asked by letter")
    after = _dump()
    assert words_in(after) == []
    assert files_with(TELLING, Path(settings.DATA)) == []
    assert "julie@example.net" in after
    assert reads.customer(brand, julie).name == "Julie"
    assert timeline(brand, julie)[1] == 1
    assert erasure.mentions == {}


def _dump() -> str:
    postgres = EmbeddedPostgres(Path(os.environ["PARCOURS_DATA"]))
    named = connection.settings_dict["NAME"]
    return postgres.run_tool("pg_dump", "--data-only", "--inserts", "-d", str(named)).stdout


def words_in(dump: str) -> list[str]:
    """The telling words in a dump, which writes columns of bytes in hexadecimal."""
    return [word for word in TELLING if word in dump or word.encode().hex() in dump]


def test_the_certificate_says_what_went_where_and_names_nobody(
    log: Path, brand: Brand, alice_acts: Actor, system: Actor
) -> None:
    mark, _julie = settle(brand, system, log)
    erasure = do_erase(brand, [mark], acting_user=alice_acts, reason="asked by letter")
    said = certificate(erasure)
    assert (said["state"], said["by"], said["reason"], said["people"]) == (
        "done",
        "Alice",
        "asked by letter",
        1,
    )
    assert said["places"]["events"] == 2
    assert said["places"]["profiles"] >= 1
    assert said["places"]["consents"] == 1
    assert said["places"]["rejected rows"] == 1
    assert said["places"]["waiting files"] == 1
    assert said["places"]["live updates"] == 2
    assert said["places"]["journal words"] == 1
    assert said["identities"] == {"user_id": 1, "anonymous_id": 1, "email": 1, "phone": 1}
    assert not any(word in json.dumps(said) for word in TELLING)


def test_a_certificate_that_was_tampered_with_is_found_out(log: Path, brand: Brand, system: Actor) -> None:
    mark, _julie = settle(brand, system, log)
    erasure = do_erase(brand, [mark], acting_user=system)
    assert is_unchanged(Erasure.objects.get(pk=erasure.pk))
    Erasure.objects.update(counts={"events": 1})
    assert not is_unchanged(Erasure.objects.get(pk=erasure.pk))


def test_the_journal_keeps_who_did_what_without_the_words(log: Path, brand: Brand, system: Actor) -> None:
    mark, _julie = settle(brand, system, log)
    entries = Entry.objects.count()
    do_erase(brand, [mark], acting_user=system)
    changed = Entry.objects.get(verb="customer changed")
    assert changed.data == {"from": {"email": None}, "to": {"email": "[erased]"}}
    assert Entry.objects.count() == entries + 2
    assert Entry.objects.filter(verb="customers erased").exists()


def test_free_text_that_still_names_the_person_is_counted_for_people_to_look_at(
    log: Path, brand: Brand, system: Actor
) -> None:
    mark, _julie = settle(brand, system, log)
    rule = {"all": [{"field": "email", "op": "is", "value": [EMAIL]}]}
    do_create_segment(brand, "One man", rule, acting_user=system)
    erasure = do_erase(brand, [mark], acting_user=system)
    assert erasure.mentions == {"customers_segment": 1}


def test_whoever_was_merged_goes_too(brand: Brand, system: Actor) -> None:
    link_identities(brand, [("visitor-0815", "mark-4711")], reason="signed in")
    mark = int(resolve_identities(brand, "user_id", ["mark-4711"])[0])
    do_erase(brand, [mark], acting_user=system)
    assert not Customer.objects.exists()
    assert not Identity.objects.exists()


def test_a_crash_in_between_is_made_good(
    log: Path, brand: Brand, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, julie = settle(brand, system, log)
    erasure = do_begin_erasure(brand, [mark], acting_user=system)
    with monkeypatch.context() as patched:
        patched.setattr(personal_data.get("customers"), "erase", _crash)
        with pytest.raises(RuntimeError):
            carry_out_erasure(erasure.pk)
    assert unfinished_erasures() == [erasure.pk]
    assert count_events(brand) == 1
    done = carry_out_erasure(erasure.pk)
    assert done.counts["events"] == 2
    assert carry_out_erasure(erasure.pk).counts == done.counts
    assert unfinished_erasures() == []
    assert list(Customer.objects.filter(merged_into=None).values_list("pk", flat=True)) == [julie]


def _crash(*_arguments: object) -> dict[str, int]:
    raise RuntimeError("killed")


def test_only_an_owner_erases(brand: Brand, system: Actor) -> None:
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    editor = Actor(kind="person", brand_id=brand.pk, role="editor", id=None, label="Eddy")
    with pytest.raises(Forbidden):
        do_erase(brand, [mark], acting_user=editor)
    assert Customer.objects.exists()


def test_a_customer_of_another_brand_is_not_there(brand: Brand, other_brand: Brand, system: Actor) -> None:
    stranger = int(resolve_identities(other_brand, "user_id", ["mark"])[0])
    with pytest.raises(NotFound):
        do_erase(brand, [stranger], acting_user=system)


def arriving(*identities: tuple[str, str], consent: str = "", after: int = 1) -> Arriving:
    at = now() + timedelta(days=after)
    told = [Told("marketing", "email", consent, at)] if consent else []
    return Arriving(identities, at, told)


@pytest.fixture
def erased(brand: Brand, system: Actor) -> Erasure:
    link_identities(brand, [("visitor-0815", "mark-4711")], reason="signed in")
    mark = int(resolve_identities(brand, "user_id", ["mark-4711"])[0])
    update_profiles(brand, {mark: Profile(email=EMAIL)})
    return do_erase(brand, [mark], acting_user=system)


def test_what_comes_in_about_an_erased_person_is_dropped_and_counted(brand: Brand, erased: Erasure) -> None:
    messages = [
        arriving(("user_id", "mark-4711")),
        arriving(("anonymous_id", "new-visitor"), ("email", "Mark.Runner@Example.net ")),
        arriving(("anonymous_id", "visitor-0815")),
        arriving(("user_id", "julie-12")),
    ]
    assert admit(brand, messages) == [False, False, False, True]
    assert dropped_count(brand) == 3


def test_a_consent_given_anew_lets_the_person_in_from_there_on(brand: Brand, erased: Erasure) -> None:
    who = ("user_id", "mark-4711")
    messages = [arriving(who), arriving(who, consent="granted"), arriving(who)]
    assert admit(brand, messages) == [False, True, True]
    assert admit(brand, [arriving(("email", EMAIL))]) == [False]


@pytest.mark.parametrize(("consent", "after"), [("denied", 1), ("granted", -1), ("unknown", 1)])
def test_no_other_word_lets_the_person_in(brand: Brand, erased: Erasure, consent: str, after: int) -> None:
    assert admit(brand, [arriving(("user_id", "mark-4711"), consent=consent, after=after)]) == [False]


def test_a_program_that_repeats_an_old_yes_does_not_let_the_person_in(brand: Brand, erased: Erasure) -> None:
    still = Arriving((("user_id", "mark-4711"),), now(), [Told("marketing", "email", "granted")])
    assert admit(brand, [still]) == [False]


def test_people_let_somebody_in_again_who_asks_for_it(
    brand: Brand, erased: Erasure, alice_acts: Actor
) -> None:
    known = [("email", EMAIL), ("user_id", "mark-4711"), ("user_id", "somebody else")]
    assert do_lift_suppression(brand, known, acting_user=alice_acts) == 2
    assert admit(brand, [arriving(("email", EMAIL))]) == [True]
    assert suppression_count(brand) == 1


def test_suppressions_keep_no_identity_and_count_in_one_brand_only(
    brand: Brand, other_brand: Brand, erased: Erasure
) -> None:
    assert all(len(row.digest) == 64 for row in Suppression.objects.all())
    assert admit(other_brand, [arriving(("email", EMAIL))]) == [True]


def test_erased_once_more_after_coming_back(
    brand: Brand, erased: Erasure, alice_acts: Actor, system: Actor
) -> None:
    do_lift_suppression(brand, [("user_id", "mark-4711")], acting_user=alice_acts)
    mark = int(resolve_identities(brand, "user_id", ["mark-4711"])[0])
    with clock_at(datetime(2027, 1, 1, tzinfo=UTC)):
        again = do_erase(brand, [mark], acting_user=system)
        assert admit(brand, [arriving(("user_id", "mark-4711"))]) == [False]
    assert is_unchanged(Erasure.objects.get(pk=erased.pk))
    assert is_unchanged(Erasure.objects.get(pk=again.pk))


def test_every_area_that_registered_is_asked(
    brand: Brand, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def erase(brand_id: object, customer_ids: object) -> dict[str, int]:
        asked.append((brand_id, customer_ids, Consent.objects.count()))
        return {"events": 3}

    monkeypatch.setattr(LAKE, "erase", erase)
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    record_consents(brand, [Said(mark, "analytics", "granted")], method="api", acting_user=system)
    assert do_erase(brand, [mark], acting_user=system).counts["events"] == 3
    assert asked == [(brand.pk, [mark], 1)]
