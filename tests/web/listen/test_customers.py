"""The pages of customers: found, read, and made one or two by people."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.reads import board
from parcours.canvas.rules import name_rule
from parcours.canvas.writes import add_touchpoint, create_journey
from parcours.customers.groups import Grouped, note_groups
from parcours.customers.models import Customer, Identity, Merge
from parcours.customers.reads import customer
from parcours.customers.stitching.joining import do_merge_customers
from parcours.customers.stitching.likenesses import find_likenesses, likenesses
from parcours.customers.writes import Profile, resolve_identities, update_profiles
from parcours.events.customer_uploads import import_customer_upload
from parcours.events.following import follow_merges
from parcours.events.imports import import_events
from parcours.events.models import Import

FILE = (
    "customer_id,time,event,channel,total\n"
    "7,2026-01-01T10:00:00Z,Cart Viewed,web,\n"
    "7,2026-01-01T10:05:00Z,Checkout Started,web,\n"
    "7,2026-01-03T09:00:00Z,Order Completed,app,59\n"
    "8,2026-01-02T09:00:00Z,Email Opened,email,\n"
)


@pytest.fixture
def two(brand: Brand, system: Actor, tmp_path: Path) -> tuple[int, int]:
    """Two customers with one address, and what they did."""
    path = tmp_path / "events.csv"
    path.write_text(FILE)
    import_events(brand, path, acting_user=system)
    one, other = (int(each) for each in resolve_identities(brand, "user_id", ["7", "8"]))
    update_profiles(brand, {one: Profile(name="Hélène Petit", email="h@example.org")})
    update_profiles(brand, {other: Profile(name="H. Petit", email="h@example.org")})
    find_likenesses(brand)
    return one, other


def page_of(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_profile_shows_everything_that_happened(as_bob: Client, two: tuple[int, int]) -> None:
    page = page_of(as_bob, f"/listen/customers/{two[0]}/")

    for words in (
        "Hélène Petit",
        "Order completed",
        "Checkout started",
        "total: 59",
        "3 events",
        "5\N{NARROW NO-BREAK SPACE}min",
    ):
        assert words in page
    told = page[page.index('class="timeline') :]
    assert told.index("Order completed") < told.index("Checkout started") < page.index("Cart viewed")
    assert "May be the same person" in page
    assert "Make them one" not in page


def test_a_timeline_is_filtered(as_bob: Client, two: tuple[int, int]) -> None:
    page = page_of(as_bob, f"/listen/customers/{two[0]}/", channel="app")

    timeline = page[page.index('id="timeline"') : page.index("Profile</h2>")]
    assert "total: 59" in timeline
    assert timeline.count("<li>") == 1


def test_where_somebody_stands_is_shown_on_the_canvas(
    as_bob: Client, two: tuple[int, int], alice_acts: Actor
) -> None:
    assert "Mark buys" not in page_of(as_bob, f"/listen/customers/{two[0]}/")
    journey = create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")
    stages = board(alice_acts.brand_id, journey.id).stages
    for stage, event in ((stages[1], "Cart Viewed"), (stages[2], "Order Completed")):
        rule = name_rule(event)
        add_touchpoint(
            journey.id, stage_id=stage.id, name=event, channel="", rule=rule, acting_user=alice_acts
        )

    page = page_of(as_bob, f"/listen/customers/{two[0]}/")
    strip = page[page.index("standing") : page.index("</ol>")]

    assert "Mark buys running shoes" in page
    assert strip.index(stages[1].name) < strip.index('aria-current="step"') < strip.index(stages[2].name)
    assert "Mark buys" not in page_of(as_bob, f"/listen/customers/{two[1]}/")


def test_the_timeline_asks_for_itself_and_hears_nothing_when_nothing_is_new(
    as_bob: Client, two: tuple[int, int], brand: Brand, system: Actor, tmp_path: Path
) -> None:
    page = page_of(as_bob, f"/listen/customers/{two[0]}/timeline/")
    seen = page.split("seen=")[1].split('"')[0]
    assert as_bob.get(f"/listen/customers/{two[0]}/timeline/", {"seen": seen}).status_code == 204

    path = tmp_path / "more.csv"
    path.write_text("customer_id,time,event\n7,2026-02-01T10:00:00Z,Letter Received\n")
    import_events(brand, path, acting_user=system)

    assert "Letter received" in page_of(as_bob, f"/listen/customers/{two[0]}/timeline/", seen=seen)


def test_a_pair_is_accepted_and_undone(as_alice: Client, two: tuple[int, int], brand: Brand) -> None:
    assert "the same e-mail address" in page_of(as_alice, "/listen/customers/same/")
    (pair,), _total = likenesses(brand)

    as_alice.post(f"/listen/customers/same/{pair.id}/accept/")
    follow_merges(brand)

    page = page_of(as_alice, f"/listen/customers/{two[0]}/")
    assert "turned out to be the same customer" in page
    assert "E-mail opened" in page
    assert as_alice.get(f"/listen/customers/{two[1]}/").headers["Location"] == f"/listen/customers/{two[0]}/"

    as_alice.post(f"/listen/customers/merges/{Merge.objects.get().pk}/undo/")
    follow_merges(brand)

    assert "E-mail opened" not in page_of(as_alice, f"/listen/customers/{two[0]}/")
    assert "E-mail opened" in page_of(as_alice, f"/listen/customers/{two[1]}/")
    assert "was taken apart again" in page_of(as_alice, f"/listen/customers/{two[1]}/")


def test_a_pair_is_dismissed_and_asked_about_again(
    as_alice: Client, two: tuple[int, int], brand: Brand
) -> None:
    (pair,), _total = likenesses(brand)

    as_alice.post(f"/listen/customers/same/{pair.id}/dismiss/")
    assert "Nothing to decide" in page_of(as_alice, "/listen/customers/same/")
    assert (
        "No new pair was found."
        in as_alice.post("/listen/customers/same/look/", follow=True).content.decode()
    )
    assert "Hélène Petit" in page_of(as_alice, "/listen/customers/same/", show="apart")

    as_alice.post(f"/listen/customers/same/{pair.id}/reopen/")
    assert "Hélène Petit" in page_of(as_alice, "/listen/customers/same/")


def test_two_are_made_one_by_hand(as_alice: Client, two: tuple[int, int], brand: Brand) -> None:
    told = {"other": "user_id:8", "reason": "She told us on the phone"}
    page = as_alice.post(f"/listen/customers/{two[0]}/merge/", told, follow=True).content.decode()

    assert "They are one customer now." in page
    assert "She told us on the phone" in page
    assert customer(brand, two[1]).id == two[0]

    again = as_alice.post(f"/listen/customers/{two[0]}/merge/", told, follow=True).content.decode()
    assert "These are one customer already." in again
    nobody = as_alice.post(f"/listen/customers/{two[0]}/merge/", {"other": "user_id:99"})
    assert nobody.status_code == 404


def test_groups_and_what_somebody_is_known_by_stand_on_the_profile(
    as_bob: Client, two: tuple[int, int], brand: Brand, alice_acts: Actor
) -> None:
    note_groups(brand, [Grouped(two[0], "acme", {"name": "Acme & Co"})])
    do_merge_customers(brand, two[1], two[0], reason="phone", acting_user=alice_acts)

    page = page_of(as_bob, f"/listen/customers/{two[0]}/")

    assert "Acme &amp; Co" in page
    assert "the same phone number" in page
    assert "Alice" in page


@pytest.mark.parametrize("text", ["hel", "petit", "HELENE pet", "h@exa", "7"])
def test_customers_are_found_by_the_beginning_of_words(
    as_bob: Client, two: tuple[int, int], text: str
) -> None:
    assert "Hélène Petit" in page_of(as_bob, "/listen/customers/", q=text)


def test_customers_are_not_found_by_what_they_are_not_called(as_bob: Client, two: tuple[int, int]) -> None:
    assert "Nobody found" in page_of(as_bob, "/listen/customers/", q="lene")


def test_a_file_of_customers_comes_in_after_somebody_saw_what_its_columns_mean(
    as_alice: Client, brand: Brand
) -> None:
    sent = SimpleUploadedFile("crm.csv", b"number,Vorname,email\n7,Mark,m@example.org\n,Anna,\n")
    address = as_alice.post("/listen/customers/import/", {"file": sent}).headers["Location"]
    row = Import.objects.get()
    answer = as_alice.get(f"/listen/imports/{row.pk}/columns/")
    assert answer.headers["Location"] == address

    told = {"column": ["number", "Vorname", "email"], "means": ["customer", "name", ""]}
    page = as_alice.post(address, {**told, "do": "look"}).content.decode()
    assert "1 would be rejected." in page
    assert not Identity.objects.exists()

    as_alice.post(address, {**told, "do": "begin"})
    import_customer_upload(row.pk)

    row.refresh_from_db()
    assert (row.status, row.counts["profiles"], row.counts["rejected"]) == ("done", 1, 1)
    assert [(each.name, each.email) for each in Customer.objects.all()] == [("Mark", "")]
    assert "There is no customer." in page_of(as_alice, f"/listen/imports/{row.pk}/")


def test_a_segment_is_taken_along_as_a_file(as_alice: Client, as_bob: Client, two: tuple[int, int]) -> None:
    assert "kind=parquet" in page_of(as_alice, "/listen/customers/")
    assert "kind=parquet" not in page_of(as_bob, "/listen/customers/")

    answer = as_alice.get("/listen/customers/export/", {"kind": "csv"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [line.split(",")[1] for line in text.splitlines()] == ["user_id", "7", "8"]
    assert as_bob.get("/listen/customers/export/").status_code == 403
    assert as_alice.get("/listen/customers/export/", {"kind": "exe"}).status_code == 404


def test_a_profile_is_changed_by_hand(
    as_alice: Client, as_bob: Client, two: tuple[int, int], brand: Brand
) -> None:
    path = f"/listen/customers/{two[0]}/edit/"
    assert "Hélène Petit" in page_of(as_alice, path)

    as_alice.post(path, {"name": "Hélène Grand", "email": "", "birth_year": "1984"})

    changed = customer(brand, two[0])
    assert (changed.name, changed.email, changed.birth_year) == ("Hélène Grand", "", 1984)
    refused = as_alice.post(path, {"birth_year": "young"})
    assert refused.status_code == 422
    assert "This is no year of birth." in refused.content.decode()
    assert as_bob.get(path).status_code == 403
