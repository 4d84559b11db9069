"""A customer's own page: by signed link, without signing in, as easy to withdraw as to agree."""

import time
from datetime import timedelta

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.customers.consent import ledger as consent
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.links import preferences_link, unsubscribe_link
from parcours.customers.consent.purposes import do_change_purpose, purposes
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.erasure.requests import requests
from parcours.customers.profiles import Profile
from parcours.customers.writes import merge_customers, resolve_identities, update_profiles


@pytest.fixture
def mark(brand: Brand) -> int:
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    update_profiles(brand, {mark: Profile(name="Mark", email="mark@example.net", language="fr-FR")})
    return mark


@pytest.fixture
def page(brand: Brand, mark: int) -> str:
    return preferences_link(brand, mark)


@pytest.fixture
def nobody() -> Client:
    """A mail program: no cookies, and the checks against forged requests switched on."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninety days have passed since the link was made."""
    there = time.time() + timedelta(days=90).total_seconds()
    monkeypatch.setattr(time, "time", lambda: there)


def test_the_page_speaks_the_customers_language_or_the_one_chosen(page: str, nobody: Client) -> None:
    french = nobody.get(page)
    assert french.headers["Content-Language"] == "fr"
    assert "les nouveautés et les offres de Foulée" in french.content.decode()
    assert "news and offers from Foulée" in nobody.get(page, {"language": "en"}).content.decode()


def test_the_page_gives_little_away_and_is_kept_by_nobody(page: str, nobody: Client) -> None:
    answer = nobody.get(page)
    assert "m…@example.net" in answer.content.decode()
    assert "mark@example.net" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<script" not in answer.content.decode()


def test_agreeing_and_withdrawing_take_one_click_each(
    brand: Brand, mark: int, page: str, nobody: Client
) -> None:
    first = purposes(brand)[0]
    for state in ("granted", "denied"):
        answer = nobody.post(f"{page}?language=en", {"purpose": str(first.id), "state": state})
        assert answer.status_code == 302
        assert consent.state(brand, mark, first.key, first.channel) == state
    row = consent.consents_of(brand, mark)[0]
    assert (row.method, row.language, row.words) == ("page", "en", first.texts)
    assert "You refused on" in nobody.get(answer.headers["Location"]).content.decode()


def test_everything_is_withdrawn_with_one_click(brand: Brand, mark: int, page: str, nobody: Client) -> None:
    nobody.post(page, {"all": "denied"})
    said = consent.current_consents(brand, mark)
    assert len(said) == len(purposes(brand))
    assert {row.state for row in said.values()} == {"denied"}


def test_only_what_the_brand_asks_for_is_shown(
    brand: Brand, page: str, nobody: Client, alice_acts: Actor
) -> None:
    first = purposes(brand)[0]
    do_change_purpose(
        brand, first.id, names=first.names, texts=first.texts, on_page=False, acting_user=alice_acts
    )
    assert first.texts["fr"] not in nobody.get(page).content.decode()


def test_a_purpose_of_another_brand_cannot_be_answered(
    other_brand: Brand, mark: int, page: str, nobody: Client
) -> None:
    stranger = purposes(other_brand)[0]
    assert nobody.post(page, {"purpose": str(stranger.id), "state": "granted"}).status_code == 404


def test_a_get_never_changes_anything(brand: Brand, mark: int, page: str, nobody: Client) -> None:
    nobody.get(page, {"all": "denied", "ask": "erasure"})
    link = unsubscribe_link(brand, mark, "marketing", "email")
    answer = nobody.get(link)
    assert 'method="post"' in answer.content.decode()
    assert consent.consents_of(brand, mark) == []
    assert not requests(brand).exists()


def test_one_click_from_a_mail_program_unsubscribes(brand: Brand, mark: int, nobody: Client) -> None:
    said = Said(mark, "marketing", "granted", "email", at=now() - timedelta(days=1))
    record_consents(brand, [said], method="page", acting_user=Actor("system", brand.pk, "owner", None, "x"))
    link = unsubscribe_link(brand, mark, "marketing", "email")
    answer = nobody.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert consent.state(brand, mark, "marketing", "email") == "denied"
    assert consent.state(brand, mark, "marketing", "sms") == "unknown"
    assert consent.consents_of(brand, mark)[0].method == "one_click"


def test_unsubscribing_never_runs_out(
    brand: Brand, mark: int, nobody: Client, page: str, later: None
) -> None:
    link = unsubscribe_link(brand, mark, "marketing", "email")
    assert nobody.post(link).status_code == 200


def test_an_old_link_shows_nothing_but_still_withdraws(
    brand: Brand, mark: int, nobody: Client, page: str, later: None
) -> None:
    answer = nobody.get(page)
    assert answer.status_code == 410
    assert "example.net" not in answer.content.decode()
    first = purposes(brand)[0]
    assert nobody.post(page, {"purpose": str(first.id), "state": "granted"}).status_code == 410
    assert nobody.post(page, {"ask": "erasure"}).status_code == 410
    assert nobody.post(page, {"all": "denied"}).status_code == 200
    assert consent.state(brand, mark, "marketing", "email") == "denied"


def test_a_link_that_was_changed_opens_nothing(page: str, nobody: Client) -> None:
    for link in (page.replace("/preferences/", "/preferences/x"), "/preferences/nothing/"):
        assert nobody.get(link).status_code == 404
        assert nobody.post(link, {"all": "denied"}).status_code == 404


def test_a_customer_asks_for_a_copy_and_for_erasure(
    brand: Brand, mark: int, page: str, nobody: Client
) -> None:
    for kind in ("export", "erasure", "erasure"):
        nobody.post(page, {"ask": kind})
    assert sorted(requests(brand).values_list("kind", flat=True)) == ["erasure", "export"]
    assert "You asked to be erased" in nobody.get(f"{page}?language=en").content.decode()


def test_a_merged_customers_link_leads_to_who_they_became(
    brand: Brand, mark: int, page: str, nobody: Client
) -> None:
    winner = int(resolve_identities(brand, "user_id", ["mark-2"])[0])
    merge_customers(brand, {mark: winner}, reason="by hand")
    nobody.post(page, {"all": "denied"})
    assert consent.state(brand, winner, "marketing", "email") == "denied"


def test_after_erasure_the_link_says_that_nothing_is_kept(
    brand: Brand, mark: int, page: str, nobody: Client, system: Actor
) -> None:
    do_erase(brand, [mark], acting_user=system)
    answer = nobody.get(page)
    assert answer.status_code == 404
    assert "Foulée" in answer.content.decode()
