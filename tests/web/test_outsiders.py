"""Every route that names a thing, tried by somebody from another brand, by nobody, and by a viewer."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.reads import tokens_of
from parcours.accounts.rights import ALL_RIGHTS, RIGHTS, Actor
from parcours.accounts.writes import issue_token
from parcours.canvas import reads, writes
from tests.test_consistency import ROUTES

NAMED = [(path, pattern) for path, pattern in ROUTES if "<" in path and not path.startswith("api/")]
DOORS = {path: getattr(pattern.callback, "door", "") for path, pattern in ROUTES}
CLOSED = sorted(path for path, right in DOORS.items() if right in ALL_RIGHTS)
METHODS = ("get", "post")


@pytest.fixture
def things(alice: Person, bob: Person, brand: Brand, alice_acts: Actor) -> dict[str, Any]:
    """One of each thing that addresses name; what a canvas doesn't hold yet gets an id that nobody has."""
    journey = writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")
    board = reads.board(brand.pk, journey.id)
    stage, lane = board.stages[0], board.lanes[0]
    card = writes.add_card(
        journey.id, stage_id=stage.id, lane_id=lane.id, title="A need", acting_user=alice_acts
    )
    issue_token(brand, role="viewer", name="dashboard", acting_user=alice_acts)
    nobody = uuid.uuid4()
    return {
        "brand_id": brand.pk,
        "membership_id": Membership.objects.get(person=bob).pk,
        "token_id": tokens_of(brand)[0].pk,
        "journey_id": journey.id,
        "stage_id": stage.id,
        "lane_id": lane.id,
        "card_id": card.id,
        "entry_id": nobody,
        "proposal_id": nobody,
        "draft_id": nobody,
        "touchpoint_id": nobody,
        "picture_id": nobody,
        "evidence_id": nobody,
        "import_id": nobody,
        "source_id": nobody,
        "kind": "shopify",
        "form": "csv",
        "account_id": nobody,
        "hours_id": nobody,
        "target_id": nobody,
        "delivery_id": nobody,
        "webhook_id": nobody,
        "queue_id": nobody,
        "skill_id": nobody,
        "rule_id": nobody,
        "person_id": nobody,
        "segment_id": nobody,
        "persona_id": nobody,
        "template_id": nobody,
        "customer_id": 7,
        "address_id": 7,
        "card": "funnel",
        "likeness_id": 7,
        "merge_id": nobody,
        "request_id": nobody,
        "purpose_id": nobody,
        "erasure_id": nobody,
        "rule": "nothing",
        "value_id": nobody,
        "quote_id": nobody,
        "screen": "payment",
        "file": "nothing",
        "thread_id": nobody,
        "comment_id": nobody,
        "about": "journey",
        "notice_id": nobody,
        "mail_id": nobody,
        "version_id": nobody,
        "review_id": nobody,
        "share_id": nobody,
        "conversation_id": nobody,
        "message_id": nobody,
        "file_id": nobody,
        "arrival_id": nobody,
        "deed": "close",
        "reply_id": nobody,
        "macro_id": nobody,
        "view_id": nobody,
        "token": "not-a-token",
    }


def address(path: str, things: dict[str, Any]) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", lambda named: str(things[named[1]]), path)


@pytest.mark.parametrize("path", sorted({path for path, _ in NAMED}))
def test_somebody_from_another_brand_finds_nothing(
    path: str, things: dict[str, Any], as_charlie: Client
) -> None:
    for method in METHODS:
        answer = getattr(as_charlie, method)(
            address(path, things), {"title": "x", "name": "x", "role": "owner"}, headers={"if-match": '"1"'}
        )
        assert answer.status_code in {404, 405, 409, 422, 428}, (method, answer.status_code)
        assert b"Mark buys" not in answer.content


def test_what_the_outsider_tried_changed_nothing(
    things: dict[str, Any], as_charlie: Client, brand: Brand
) -> None:
    before = reads.board(brand.pk, things["journey_id"])
    for path, _pattern in NAMED:
        as_charlie.post(address(path, things), {"title": "x", "role": "owner"}, headers={"if-match": '"1"'})
    assert reads.board(brand.pk, things["journey_id"]) == before
    assert Membership.objects.get(pk=things["membership_id"]).role == "viewer"
    assert tokens_of(brand).count() == 1


@pytest.mark.parametrize("path", CLOSED)
def test_nobody_gets_further_than_the_sign_in(path: str, things: dict[str, Any]) -> None:
    for method in METHODS:
        answer = getattr(Client(), method)(address(path, things))
        assert answer.status_code in {302, 401}, (method, answer.status_code)
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", [path for path in CLOSED if DOORS[path] not in RIGHTS["viewer"]])
def test_a_viewer_is_stopped_where_the_role_ends(path: str, things: dict[str, Any], as_bob: Client) -> None:
    for method in METHODS:
        answer = getattr(as_bob, method)(address(path, things), headers={"if-match": '"1"'})
        assert answer.status_code in {403, 404, 405}, (method, answer.status_code)
