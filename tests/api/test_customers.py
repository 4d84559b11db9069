"""Customers, segments and merges through the API, as a program uses it."""

from pathlib import Path

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.customers.groups import Grouped, note_groups
from parcours.customers.stitching.likenesses import find_likenesses
from parcours.customers.writes import Profile, resolve_identities, update_profiles
from parcours.events.imports import import_events
from parcours.journal.models import Entry
from tests.api.test_journeys import Program

FILE = (
    "customer_id,time,event,channel\n"
    "7,2026-01-01T10:00:00Z,Cart Viewed,web\n"
    "7,2026-01-03T09:00:00Z,Order Completed,app\n"
    "8,2026-01-02T09:00:00Z,Email Opened,email\n"
)


@pytest.fixture
def editor(brand: Brand) -> Program:
    return Program(brand, "editor")


@pytest.fixture
def viewer(brand: Brand) -> Program:
    return Program(brand, "viewer")


@pytest.fixture
def outsider(other_brand: Brand) -> Program:
    return Program(other_brand, "owner")


@pytest.fixture
def two(brand: Brand, system: Actor, tmp_path: Path) -> tuple[int, int]:
    path = tmp_path / "events.csv"
    path.write_text(FILE)
    import_events(brand, path, acting_user=system)
    one, other = (int(each) for each in resolve_identities(brand, "user_id", ["7", "8"]))
    update_profiles(brand, {one: Profile(name="Mark", email="m@example.org", birth_year=1984)})
    update_profiles(brand, {other: Profile(name="Marc", email="m@example.org", traits={"plan": "gold"})})
    find_likenesses(brand)
    return one, other


def test_customers_are_listed_a_page_at_a_time(viewer: Program, two: tuple[int, int]) -> None:
    first = viewer("GET", "customers?limit=1").json()
    then = viewer("GET", f"customers?limit=1&cursor={first['next']}").json()

    assert [each["id"] for each in first["items"] + then["items"]] == list(two)
    assert (first["total"], then["next"]) == (2, None)
    assert [each["id"] for each in viewer("GET", "customers?q=marc").json()["items"]] == [two[1]]
    assert [each["id"] for each in viewer("GET", "customers?segment=millennials").json()["items"]] == [two[0]]
    assert viewer("GET", "customers?segment=unknown").status_code == 404
    assert viewer("GET", "customers?q=%00&limit=5").json()["total"] == 2


def test_a_customer_is_read_with_everything(viewer: Program, brand: Brand, two: tuple[int, int]) -> None:
    note_groups(brand, [Grouped(two[0], "acme")])

    found = viewer("GET", f"customers/{two[0]}").json()

    assert (found["name"], found["generation"], found["events"]) == ("Mark", "millennials", 2)
    assert {(each["kind"], each["value"]) for each in found["identities"]} == {
        ("user_id", "7"),
        ("email", "m@example.org"),
    }
    assert [each["key"] for each in found["groups"]] == ["acme"]
    assert viewer("GET", "customers/99999999999999999999999").status_code == 404
    events = viewer("GET", f"customers/{two[0]}/events?limit=1").json()
    assert [each["name"] for each in events["items"]] == ["Order Completed"]
    older = viewer("GET", f"customers/{two[0]}/events?cursor={events['next']}").json()
    assert [each["name"] for each in older["items"]] == ["Cart Viewed"]


def test_a_profile_is_changed_and_the_journal_knows_no_values(
    editor: Program, viewer: Program, two: tuple[int, int]
) -> None:
    change = {"name": "Marcus", "birth_year": None, "traits": {"plan": None, "size": 43, "odd": "\ud800x\0"}}
    changed = editor("PATCH", f"customers/{two[1]}", change)

    assert changed.status_code == 200
    assert changed.json()["traits"] == {"size": 43, "odd": "x"}
    assert changed.json()["name"] == "Marcus"
    assert editor("PATCH", f"customers/{two[0]}", {"birth_year": None}).json()["birth_year"] is None
    assert editor("PATCH", f"customers/{two[0]}", {"email": "nobody"}).status_code == 422
    assert viewer("PATCH", f"customers/{two[0]}", {"name": "x"}).status_code == 403
    told = [entry.data for entry in Entry.objects.filter(verb="profile changed")]
    assert told[0] == {"fields": ["birth_year", "name"], "traits": 3}


def test_a_change_with_an_old_tag_changes_nothing(editor: Program, two: tuple[int, int]) -> None:
    path = f"customers/{two[0]}"
    tag = editor("GET", path).headers["ETag"]
    assert editor("PATCH", path, {"name": "A"}, if_match=tag).status_code == 200

    late = editor("PATCH", path, {"name": "B"}, if_match=tag)

    assert late.status_code == 409
    assert editor("GET", path).json()["name"] == "A"


def test_segments_are_made_changed_and_deleted(
    editor: Program, viewer: Program, outsider: Program, two: tuple[int, int]
) -> None:
    rule = {"all": [{"event": "Order Completed"}]}
    made = editor("POST", "segments", {"name": "Buyers", "rule": rule})
    assert made.status_code == 201
    assert (made.json()["customers"], made.json()["sentence"]) == (1, "did “Order Completed”")
    path = f"segments/{made.json()['key']}"

    assert editor("PATCH", path, {"rule": {"all": []}}).json()["customers"] == 2
    assert {"Buyers"} == {
        each["name"] for each in viewer("GET", "segments").json()["items"] if not each["builtin"]
    }
    assert editor("POST", "segments", {"name": "x", "rule": {"all": [{"event": ""}]}}).status_code == 422
    assert viewer("DELETE", path).status_code == 403
    assert outsider("DELETE", path).status_code == 404
    assert editor("DELETE", path).status_code == 204


def test_customers_are_made_one_and_taken_apart(
    editor: Program, viewer: Program, outsider: Program, two: tuple[int, int]
) -> None:
    made = editor("POST", "merges", {"loser": two[1], "winner": two[0], "reason": "told us"})
    assert made.status_code == 201
    assert viewer("GET", f"customers/{two[1]}").json()["id"] == two[0]
    assert [each["id"] for each in viewer("GET", "merges").json()["items"]] == [made.json()["id"]]
    assert editor("POST", "merges", {"loser": two[1], "winner": two[0]}).status_code == 422
    path = f"merges/{made.json()['id']}/undo"
    assert outsider("POST", path).status_code == 404

    undone = editor("POST", path)

    assert undone.json()["undone_at"]
    assert viewer("GET", f"customers/{two[1]}").json()["name"] == "Marc"
    assert editor("POST", path).status_code == 409


def test_pairs_that_may_be_one_are_decided(editor: Program, outsider: Program, two: tuple[int, int]) -> None:
    (pair,) = editor("GET", "likenesses").json()["items"]
    assert (pair["customers"], pair["hints"]) == (list(two), ["the same e-mail address"])
    assert outsider("POST", f"likenesses/{pair['id']}/accept").status_code == 404
    assert editor("POST", f"likenesses/{pair['id']}/dismiss").status_code == 204
    assert editor("GET", "likenesses").json()["items"] == []
