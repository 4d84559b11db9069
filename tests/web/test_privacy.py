"""The pages a brand answers for: requests, purposes, retention, certificates."""

import json
import zipfile
from io import BytesIO

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.consent import ledger as consent
from parcours.customers.consent.purposes import purposes
from parcours.customers.erasure import carrying_out as erasure
from parcours.customers.erasure.requests import do_ask, request_of
from parcours.customers.erasure.suppression import suppression_count
from parcours.customers.privacy_models import Erasure
from parcours.customers.profiles import Profile
from parcours.customers.retention.rules import rule
from parcours.customers.writes import resolve_identities, update_profiles


@pytest.fixture
def mark(brand: Brand) -> int:
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    update_profiles(brand, {mark: Profile(name="Mark Höfer", email="mark@example.net")})
    return mark


def test_an_open_request_is_checked_then_erased_then_certified(
    brand: Brand, mark: int, system: Actor, as_alice: Client
) -> None:
    asked = do_ask(brand, mark, "erasure", acting_user=system)
    assert b"Mark H\xc3\xb6fer" in as_alice.get("/listen/privacy/").content
    as_alice.post(f"/listen/privacy/requests/{asked.pk}/verify/")
    answer = as_alice.post(f"/listen/privacy/requests/{asked.pk}/erase/")
    begun = Erasure.objects.get()
    assert answer.headers["Location"] == f"/listen/privacy/certificates/{begun.pk}/"
    assert b"under way" in as_alice.get(answer.headers["Location"]).content
    erasure.carry_out_erasure(begun.pk)
    assert b"The hash fits" in as_alice.get(answer.headers["Location"]).content
    assert request_of(brand, asked.pk).state == "done"
    assert "Höfer" not in as_alice.get("/listen/privacy/").content.decode()


def test_a_changed_certificate_is_shown_as_changed(
    brand: Brand, mark: int, system: Actor, as_alice: Client
) -> None:
    done = erasure.do_erase(brand, [mark], acting_user=system)
    Erasure.objects.update(people=5)
    assert "doesn’t fit" in as_alice.get(f"/listen/privacy/certificates/{done.pk}/").content.decode()


def test_the_certificate_is_there_for_programs(
    brand: Brand, mark: int, system: Actor, as_alice: Client
) -> None:
    done = erasure.do_erase(brand, [mark], acting_user=system)
    answer = as_alice.get(f"/listen/privacy/certificates/{done.pk}/certificate.json")
    assert json.loads(answer.content) == json.loads(json.dumps(erasure.certificate(done)))


def test_a_refusal_needs_a_reason(brand: Brand, mark: int, system: Actor, as_agnes: Client) -> None:
    asked = do_ask(brand, mark, "export", acting_user=system)
    address = f"/listen/privacy/requests/{asked.pk}/refuse/"
    assert as_agnes.post(address, {"reason": ""}).status_code == 422
    assert as_agnes.post(address, {"reason": "It is somebody else."}).status_code == 302
    assert request_of(brand, asked.pk).state == "refused"


def test_an_agent_notes_what_the_customer_said(brand: Brand, mark: int, as_agnes: Client) -> None:
    chosen = purposes(brand)[0]
    said = {"purpose": str(chosen.id), "state": "granted"}
    as_agnes.post(f"/listen/customers/{mark}/privacy/consent/", said)
    (row,) = consent.consents_of(brand, mark)
    assert (row.state, row.method, row.actor) == ("granted", "agent", "Agnes")
    page = as_agnes.get(f"/listen/customers/{mark}/privacy/").content.decode()
    assert "Told to an agent" in page
    assert "/preferences/" in page


def test_a_copy_of_everything_comes_as_a_file(mark: int, as_agnes: Client) -> None:
    answer = as_agnes.post(f"/listen/customers/{mark}/privacy/export/")
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        assert "mark@example.net" in packed.read("data.json").decode()


def test_erasing_asks_once_for_the_number(brand: Brand, mark: int, as_alice: Client) -> None:
    address = f"/listen/customers/{mark}/privacy/erase/"
    assert as_alice.post(address, {"number": "0"}).status_code == 422
    assert not Erasure.objects.exists()
    answer = as_alice.post(address, {"number": str(mark), "reason": "by phone"})
    assert answer.status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="customers.carry_out_erasure").exists()
    assert Erasure.objects.get().reason == "by phone"


def test_an_agent_cannot_erase(mark: int, as_agnes: Client) -> None:
    page = as_agnes.get(f"/listen/customers/{mark}/privacy/").content.decode()
    assert "/erase/" not in page
    assert as_agnes.post(f"/listen/customers/{mark}/privacy/erase/", {"number": mark}).status_code == 403


def test_new_words_are_a_new_version(brand: Brand, as_alice: Client) -> None:
    first = purposes(brand)[0]
    address = f"/listen/privacy/purposes/{first.id}/"
    sent = {"name_fr": "Lettre", "name_en": "Letter", "text_fr": "Oui ?", "text_en": "Yes?", "on_page": "on"}
    assert as_alice.post(address, sent).status_code == 302
    assert purposes(brand)[0].version == 2
    page = as_alice.get(address).content.decode()
    assert first.texts["fr"] in page
    assert as_alice.post(address, {**sent, "text_fr": ""}).status_code == 422


def test_a_purpose_of_ones_own_is_added(brand: Brand, as_alice: Client) -> None:
    assert as_alice.get("/listen/privacy/purposes/new/").status_code == 200
    sent = {"name_fr": "Le club", "name_en": "The club", "text_fr": "Oui ?", "text_en": "Yes?"}
    bad = as_alice.post("/listen/privacy/purposes/new/", {**sent, "key": "No good"})
    assert bad.status_code == 422
    assert "Le club" in bad.content.decode()
    good = {**sent, "key": "club", "channel": "email"}
    assert as_alice.post("/listen/privacy/purposes/new/", good).status_code == 302
    assert purposes(brand)[-1].code == "club.email"


def test_a_rule_shows_what_it_would_remove_before_it_is_on(brand: Brand, mark: int, as_alice: Client) -> None:
    assert "Prospects" in as_alice.get("/listen/privacy/retention/").content.decode()
    preview = "/listen/privacy/retention/prospects/preview/"
    assert "nothing would go" in as_alice.get(preview, {"days": "30"}).content.decode()
    assert "number of days" in as_alice.get(preview, {"days": "soon"}).content.decode()
    as_alice.post("/listen/privacy/retention/prospects/", {"days": "30", "enabled": "on"})
    chosen = rule(brand, "prospects")
    assert (chosen.days, chosen.enabled) == (30, True)
    as_alice.post("/listen/privacy/retention/prospects/", {"days": "40"})
    assert rule(brand, "prospects").enabled is False


def test_rules_can_be_run_now(brand: Brand, as_alice: Client) -> None:
    as_alice.post("/listen/privacy/retention/run/")
    job = ProcrastinateJob.objects.get(task_name="customers.run_retention")
    assert job.args == {"brand_id": str(brand.pk)}


def test_an_erased_person_who_comes_back_is_let_in(
    brand: Brand, mark: int, system: Actor, as_alice: Client
) -> None:
    erasure.do_erase(brand, [mark], acting_user=system)
    assert suppression_count(brand) == 2
    as_alice.post("/listen/privacy/lift/", {"value": "Mark@Example.net"})
    assert suppression_count(brand) == 1
    assert as_alice.post("/listen/privacy/lift/", {"value": " "}).status_code == 422


def test_numbers_of_consents_follow_when_the_page_is_there(
    brand: Brand, mark: int, system: Actor, as_agnes: Client
) -> None:
    said = consent.Said(mark, "marketing", "granted", "email")
    consent.record_consents(brand, [said], method="agent", acting_user=system)
    assert 'hx-get="/listen/privacy/numbers/"' in as_agnes.get("/listen/privacy/").content.decode()
    assert '<td class="number">1</td>' in as_agnes.get("/listen/privacy/numbers/").content.decode()
    assert '<td class="number">1</td>' in as_agnes.get("/listen/privacy/").content.decode()
    consent.record_consents(brand, [said._replace(state="denied")], method="agent", acting_user=system)
    assert 'hx-get="/listen/privacy/numbers/"' in as_agnes.get("/listen/privacy/").content.decode()
