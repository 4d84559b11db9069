"""Whatever goes wrong below the addresses of programs is told in their form, never as a page."""

import json
import logging
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas import reads
from tests.api.door import Door

pytestmark = pytest.mark.django_db(transaction=True)


def told(answer: Any) -> dict[str, object]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert {"title", "status", "detail", "where"} <= problem.keys()
    assert problem["status"] == answer.status_code
    return dict(problem)


def test_a_method_that_an_address_does_not_take() -> None:
    answer = Client().patch("/api/v1/journeys")
    assert answer.status_code == 405
    problem = told(answer)
    assert answer.headers["Allow"] == "GET, POST"
    assert problem["detail"] == "It takes: GET, POST."


def test_a_shop_is_called_by_a_method_that_it_does_not_take() -> None:
    answer = Client().put("/hooks/shopify/0198f2b6-1111-7000-8000-000000000001")
    assert answer.status_code == 405
    told(answer)
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("address", ["/api/", "/api/v1/nothing", "/api/v2/journeys"])
def test_an_address_where_nothing_is(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert told(answer)["title"] == "There is nothing at this address."


def test_what_breaks_is_told_and_logged(
    brand: Brand, system: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaking(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("the secret word")

    monkeypatch.setattr(reads, "journeys", breaking)
    token = issue_token(brand, role="viewer", name="a program", acting_user=system)
    with caplog.at_level(logging.ERROR):
        answer = Client().get("/api/v1/journeys", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 500
    told(answer)
    assert b"secret" not in answer.content
    assert "the secret word" in caplog.text


def test_the_door_of_events_names_the_methods_it_takes() -> None:
    door = Door()
    try:
        for path, method, allowed in (
            ("/v1/track", "GET", "POST, OPTIONS"),
            ("/v1/projects/key/settings", "POST", "GET, HEAD, OPTIONS"),
        ):
            answer = door.post(path, b"", method=method)
            assert (answer.status, answer.headers["allow"]) == (405, allowed)
            assert answer.json()["success"] is False
    finally:
        door.close()
