"""What the API answers is what it says that it answers."""

from typing import Any

import jsonschema_rs
import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.canvas.shapes import JourneyView
from parcours.inbox.models import Conversation
from tests.api.test_inbox import conversation as conversation  # noqa: PLC0414 - fixtures used here too
from tests.api.test_journeys import journey as journey  # noqa: PLC0414
from tests.inbox.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414

pytestmark = pytest.mark.django_db(transaction=True)


def wrong_in(described: dict[str, Any], path: str, status: int, body: Any) -> list[str]:
    """How an answer differs from what is said of it."""
    responses = described["paths"][path]["get"]["responses"]
    if str(status) not in responses:
        return [f"{path} answers {status}, which it doesn't say"]
    content = responses[str(status)].get("content", {}).get("application/json")
    if content is None:
        return []
    validator = jsonschema_rs.Draft202012Validator(
        {**content["schema"], "components": described["components"]}
    )
    return [
        f"{path} {status}: {list(each.instance_path)} {each.message}" for each in validator.iter_errors(body)
    ]


def test_what_is_read_without_parameters_is_as_it_is_described(
    brand: Brand, system: Actor, conversation: Conversation, journey: JourneyView
) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    token = issue_token(brand, role="owner", name="a reader", acting_user=system)
    known = {
        "/api/v1/conversations/{conversation_id}": conversation.pk,
        "/api/v1/journeys/{journey_id}": journey.id,
    }
    wrong, good = [], 0
    for path, operations in described["paths"].items():
        before = next((each for each in known if path.startswith(each)), "")
        address = path.replace(before, before.partition("{")[0] + str(known[before])) if before else path
        if "get" not in operations or "{" in address:
            continue
        answer = Client().get(address, headers={"authorization": f"Bearer {token}"})
        is_json = "json" in answer.headers.get("Content-Type", "")
        wrong += wrong_in(described, path, answer.status_code, answer.json() if is_json else None)
        good += answer.status_code == 200
    assert wrong == []
    assert good > 30


def test_whoever_has_no_token_is_answered_as_described() -> None:
    described = Client().get("/api/v1/openapi.json").json()
    silent = [
        path
        for path, each in described["paths"].items()
        for one in each.values()
        if "401" not in one["responses"]
    ]
    assert silent == []
