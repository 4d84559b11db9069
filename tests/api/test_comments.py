"""Conversations through the API."""

import json
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas.shapes import JourneyView
from parcours.notices.models import Notice
from tests.canvas.conftest import journey as journey  # noqa: PLC0414 - a fixture of the canvas, used here too


@pytest.fixture
def ask(brand: Brand, system: Actor) -> Any:
    """Asks with a token of a role; returns status and body."""

    def asking(method: str, path: str, body: Any = None, role: str = "agent", **headers: str) -> Any:
        secret = issue_token(brand, role=role, name="bridge", acting_user=system)
        answer = Client().generic(
            method,
            f"/api/v1{path}",
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )
        return answer.status_code, answer.json() if answer.content else None

    return asking


def test_a_program_says_answers_and_resolves(ask: Any, journey: JourneyView, agnes: Person) -> None:
    path = f"/journeys/{journey.id}/comments"
    status, thread = ask("POST", path, {"text": "@Agnes, is this so?"})
    assert status == 201
    assert (thread["about"], thread["comments"][0]["author"]) == ("journey", "bridge")
    assert thread["comments"][0]["mentions"] == [str(agnes.pk)]
    assert Notice.objects.get(person=agnes).kind == "comment-mention"
    one = f"{path}/{thread['id']}"
    status, thread = ask("POST", one, {"text": "It is."})
    assert [each["text"] for each in thread["comments"]] == ["@Agnes, is this so?", "It is."]
    assert ask("PATCH", one, {"resolved": True})[1]["resolved_at"]
    assert ask("GET", path, role="viewer")[1]["items"] == []
    assert len(ask("GET", f"{path}?show=resolved", role="viewer")[1]["items"]) == 1
    assert len(ask("GET", f"{path}?about=journey", role="viewer")[1]["items"]) == 1


def test_what_cannot_be_is_said_as_a_problem(ask: Any, journey: JourneyView) -> None:
    path = f"/journeys/{journey.id}/comments"
    assert ask("POST", path, {"text": "  "})[0] == 422
    assert ask("POST", path, {"text": "x", "about": "card:7"})[0] == 404
    assert ask("POST", path, {"text": "x"}, role="viewer")[0] == 403


def test_the_same_key_says_nothing_twice(brand: Brand, system: Actor, journey: JourneyView) -> None:
    secret = issue_token(brand, role="agent", name="bridge", acting_user=system)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"}
    path = f"/api/v1/journeys/{journey.id}/comments"
    first, second = (
        Client().post(path, {"text": "Once"}, content_type="application/json", headers=headers).json()
        for _time in range(2)
    )
    assert first["id"] == second["id"]
    assert len(second["comments"]) == 1


def test_only_owners_see_which_mails_failed(ask: Any) -> None:
    assert ask("GET", "/notices/mails", role="owner") == (200, {"items": []})
    assert ask("GET", "/notices/mails", role="editor")[0] == 403
