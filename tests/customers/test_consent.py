"""What customers said to a purpose: the newest word counts, and nothing said is not a yes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.core.errors import BadInput, Conflict, Forbidden
from parcours.customers.consent import ledger as consent
from parcours.customers.consent import purposes as consent_purposes
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.messages import consents_in, consents_in_event
from parcours.customers.privacy_models import Consent
from parcours.customers.reads import customers_revision
from parcours.customers.writes import merge_customers, resolve_identities

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def mark(brand: Brand) -> int:
    return int(resolve_identities(brand, "user_id", ["mark"])[0])


def say(brand: Brand, actor: Actor, customer: int, state: str, at: datetime, method: str = "agent") -> int:  # noqa: PLR0917
    said = Said(customer, "marketing", state, "email", at=at, source="shop" if method == "hook" else "")
    return record_consents(brand, [said], method=method, acting_user=actor)


def test_who_said_nothing_is_unknown(brand: Brand, mark: int) -> None:
    assert consent.state(brand, mark, "opens", "email") == "unknown"


def test_the_newest_word_counts_whatever_arrives_last(brand: Brand, mark: int, system: Actor) -> None:
    say(brand, system, mark, "denied", MONDAY + DAY)
    say(brand, system, mark, "granted", MONDAY)
    assert consent.state(brand, mark, "marketing", "email") == "denied"
    assert [row.state for row in consent.consents_of(brand, mark)] == ["denied", "granted"]


def test_of_two_words_at_one_moment_the_later_arrival_counts(brand: Brand, mark: int, system: Actor) -> None:
    say(brand, system, mark, "granted", MONDAY)
    say(brand, system, mark, "denied", MONDAY)
    assert consent.state(brand, mark, "marketing", "email") == "denied"


def test_a_purpose_on_one_channel_says_nothing_about_another(brand: Brand, mark: int, system: Actor) -> None:
    say(brand, system, mark, "granted", MONDAY)
    assert consent.state(brand, mark, "marketing", "sms") == "unknown"


def test_a_shop_that_repeats_itself_does_not_win_over_the_customer(
    brand: Brand, mark: int, system: Actor
) -> None:
    assert say(brand, system, mark, "granted", MONDAY, "hook") == 1
    say(brand, system, mark, "denied", MONDAY + DAY, "page")
    assert say(brand, system, mark, "granted", MONDAY + 2 * DAY, "hook") == 0
    assert consent.state(brand, mark, "marketing", "email") == "denied"


def test_a_shop_that_says_something_new_counts(brand: Brand, mark: int, system: Actor) -> None:
    for number, word in enumerate(["granted", "granted", "denied", "granted"]):
        say(brand, system, mark, word, MONDAY + number * DAY, "hook")
    assert [row.state for row in consent.consents_of(brand, mark)] == ["granted", "denied", "granted"]


def test_a_yes_without_a_date_does_not_win_over_the_customers_own_no(
    brand: Brand, mark: int, system: Actor
) -> None:
    say(brand, system, mark, "denied", MONDAY, "one_click")
    undated = Said(mark, "marketing", "granted", "email", source="crm")
    for method in ("import", "event"):
        assert record_consents(brand, [undated], method=method, acting_user=system) == 0
    stands = undated._replace(at=MONDAY + DAY, dated=False)
    assert record_consents(brand, [stands], method="hook", acting_user=system) == 0
    dated = stands._replace(dated=True)
    assert record_consents(brand, [dated], method="hook", acting_user=system) == 1
    assert consent.state(brand, mark, "marketing", "email") == "granted"


def test_a_source_that_said_no_since_may_say_yes_again(brand: Brand, mark: int, system: Actor) -> None:
    say(brand, system, mark, "denied", MONDAY, "page")
    for number, word in enumerate(["denied", "granted"], 1):
        said = Said(mark, "marketing", word, "email", at=MONDAY + number * DAY, source="shop", dated=False)
        assert record_consents(brand, [said], method="hook", acting_user=system) == 1
    assert consent.state(brand, mark, "marketing", "email") == "granted"


def test_a_word_from_the_future_was_said_now(brand: Brand, mark: int, system: Actor) -> None:
    with clock_at(MONDAY):
        say(brand, system, mark, "granted", MONDAY + 300 * DAY)
    say(brand, system, mark, "denied", MONDAY + DAY)
    assert consent.state(brand, mark, "marketing", "email") == "denied"


def test_merged_customers_have_one_ledger(brand: Brand, mark: int, system: Actor) -> None:
    visitor = int(resolve_identities(brand, "anonymous_id", ["visitor"])[0])
    say(brand, system, visitor, "denied", MONDAY + DAY)
    say(brand, system, mark, "granted", MONDAY)
    merge_customers(brand, {visitor: mark}, reason="signed in")
    assert consent.state(brand, mark, "marketing", "email") == "denied"
    assert len(consent.consents_of(brand, mark)) == 2


def test_states_of_many_come_at_once(brand: Brand, mark: int, system: Actor) -> None:
    other = int(resolve_identities(brand, "user_id", ["other"])[0])
    say(brand, system, mark, "granted", MONDAY)
    assert consent.states(brand, [mark, other], "marketing", "email") == {mark: "granted", other: "unknown"}
    assert consent.counts(brand) == {("marketing", "email"): {"granted": 1}}


def test_the_ledger_is_append_only(brand: Brand, mark: int, system: Actor) -> None:
    say(brand, system, mark, "granted", MONDAY)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.update(state="denied")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Consent.objects.all().delete()


def test_customers_of_another_brand_get_nothing_written(
    brand: Brand, other_brand: Brand, system: Actor
) -> None:
    stranger = int(resolve_identities(other_brand, "user_id", ["mark"])[0])
    assert say(brand, system, stranger, "granted", MONDAY) == 0


def test_numbers_are_counted_again_only_when_something_new_was_said(
    brand: Brand, mark: int, system: Actor
) -> None:
    say(brand, system, mark, "granted", MONDAY, "hook")
    before = customers_revision(brand)
    say(brand, system, mark, "granted", MONDAY + DAY, "hook")
    assert customers_revision(brand) == before


def test_a_viewer_records_nothing(brand: Brand, mark: int, alice_acts: Actor) -> None:
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")
    with pytest.raises(Forbidden):
        say(brand, viewer, mark, "granted", MONDAY)


def test_a_state_that_cannot_be_is_refused(brand: Brand, mark: int, system: Actor) -> None:
    with pytest.raises(BadInput, match="maybe"):
        say(brand, system, mark, "maybe", MONDAY)


@pytest.mark.parametrize(
    ("context", "traits", "told"),
    [
        ({"marketing.email": "granted"}, {}, [("marketing", "email", "granted")]),
        ({"analytics": False}, {}, [("analytics", "", "denied")]),
        ({"categoryPreferences": {"Advertising": True}}, {}, [("marketing", "", "granted")]),
        (None, {"acceptsMarketing": True}, [("marketing", "email", "granted")]),
        (None, {"newsletter": "0"}, [("marketing", "email", "denied")]),
        (
            None,
            {
                "sms_marketing_consent": {
                    "state": "unsubscribed",
                    "consent_updated_at": "2026-11-16T09:00:00Z",
                }
            },
            [("marketing", "sms", "denied")],
        ),
        (None, {"email_marketing_consent": {"state": "not_subscribed"}}, [("marketing", "email", "unknown")]),
        (None, {"email_marketing_consent": None}, []),
        (None, {"consent.opens.email": "yes"}, [("opens", "email", "granted")]),
        ("yes", {"name": "Mark", "accepts_marketing": {"state": 3}}, []),
    ],
)
def test_other_programs_ways_of_saying_it_are_understood(
    context: object, traits: dict[str, object], told: list[tuple[str, str, str]]
) -> None:
    assert [each[:3] for each in consents_in(context, traits)] == told


def test_a_shop_says_since_when() -> None:
    (told,) = consents_in(
        None, {"email_marketing_consent": {"state": "subscribed", "consent_updated_at": MONDAY.isoformat()}}
    )
    assert told.at == MONDAY


def test_a_brand_starts_with_purposes_in_both_languages(brand: Brand) -> None:
    found = consent_purposes.purposes(brand)
    assert {each.code for each in found} >= {"marketing.email", "opens.email", "clicks.email", "analytics"}
    assert all(set(each.texts) == {"fr", "en"} and "Foulée" in each.text for each in found)


def test_a_changed_wording_is_a_new_version_and_the_old_one_is_kept(
    brand: Brand, mark: int, alice_acts: Actor, system: Actor
) -> None:
    first = consent_purposes.purposes(brand)[0]
    said = Said(mark, first.key, "granted", first.channel, wording_id=first.wording_id, language="fr")
    record_consents(brand, [said], method="page", acting_user=system)
    changed = consent_purposes.do_change_purpose(
        brand, first.id, names=first.names, texts={"fr": "Oui ?", "en": "Yes?"}, on_page=True,
        acting_user=alice_acts,
    )  # fmt: skip
    assert (changed.version, changed.texts["fr"]) == (2, "Oui ?")
    assert consent.consents_of(brand, mark)[0].words == first.texts
    assert [row.version for row in consent_purposes.wordings(brand, first.id)] == [2, 1]


def test_a_change_of_the_name_alone_asks_with_the_same_words(brand: Brand, alice_acts: Actor) -> None:
    first = consent_purposes.purposes(brand)[0]
    names = {"fr": "Lettre", "en": "Letter"}
    changed = consent_purposes.do_change_purpose(
        brand, first.id, names=names, texts=first.texts, on_page=False, acting_user=alice_acts
    )
    assert (changed.version, changed.names, changed.on_page) == (1, names, False)


def test_a_purpose_is_asked_in_both_languages_or_not_at_all(brand: Brand, alice_acts: Actor) -> None:
    words = {"fr": "Oui ?", "en": ""}
    with pytest.raises(BadInput, match="French and in English"):
        consent_purposes.do_add_purpose(brand, "club", names=words, texts=words, acting_user=alice_acts)


def test_a_purpose_of_ones_own_is_there_once(brand: Brand, alice_acts: Actor) -> None:
    words = {"fr": "Le club", "en": "The club"}
    added = consent_purposes.do_add_purpose(brand, "club", names=words, texts=words, acting_user=alice_acts)
    assert consent_purposes.purposes(brand)[-1] == added
    with pytest.raises(Conflict):
        consent_purposes.do_add_purpose(brand, "club", names=words, texts=words, acting_user=alice_acts)


@pytest.mark.parametrize(
    ("event", "properties", "told"),
    [
        ("Consent Given", {"purpose": "analytics"}, [("analytics", "", "granted")]),
        ("Consent Given", {"purpose": "marketing.email"}, [("marketing", "email", "granted")]),
        ("Consent Withdrawn", {"purpose": "marketing", "channel": "sms"}, [("marketing", "sms", "denied")]),
        ("Consent Given", {}, []),
        ("Product Viewed", {"purpose": "analytics"}, []),
    ],
)
def test_events_about_consent_are_words_with_their_time(
    event: str, properties: dict[str, str], told: list[tuple[str, str, str]]
) -> None:
    found = consents_in_event(event, properties, MONDAY)
    assert [each[:3] for each in found] == told
    assert all(each.at == MONDAY for each in found)
