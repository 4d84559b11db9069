"""Programs say themselves what they want to be told, and everything that is told fits the schema."""

import json
from typing import Any

import jsonschema_rs
import pytest

from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.sending import send
from parcours.inbox.webhooks.delivering import deliver
from parcours.inbox.webhooks.models import WebhookEndpoint
from tests.api.test_inbox import ask as ask  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.platforms.plain import Platform
from tests.inbox.test_receiving import bring
from tests.inbox.webhooks.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.webhooks.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.webhooks.conftest import receiver as receiver  # noqa: PLC0414

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def own(ask: Any) -> Any:
    """Asks with an owner's token."""

    def asking(method: str, path: str, body: Any = None, **headers: str) -> Any:
        return ask(method, path, body, role="owner", **headers)

    return asking


def test_a_webhook_is_added_changed_and_removed(own: Any, ask: Any, receiver: Platform) -> None:
    status, made, tag = own("POST", "/webhooks", {"url": f"{receiver.url}/a", "name": "CRM"})
    assert status == 201
    path = f"/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert "secret" not in own("GET", path)[1]
    change = {"url": f"{receiver.url}/b", "kinds": ["message.received"], "enabled": False}
    assert own("PUT", path, change)[0] == 428
    status, changed, _tag = own("PUT", path, change, **{"If-Match": tag})
    assert (status, changed["enabled"], changed["off_why"]) == (200, False, "person")
    assert own("PUT", path, change, **{"If-Match": tag})[0] == 409
    wrong = {"url": receiver.url, "kinds": ["no.such"]}
    assert own("POST", "/webhooks", wrong)[1]["where"] == "kinds"
    assert ask("GET", "/webhooks", role="editor")[0] == 403
    assert own("DELETE", path)[0] == 204
    assert own("GET", path)[0] == 404


def test_the_log_is_read_in_pages_and_sent_again(own: Any, receiver: Platform, loft: ChannelAccount) -> None:
    made = own("POST", "/webhooks", {"url": receiver.url, "kinds": ["message.received"]})[1]
    path = f"/webhooks/{made['id']}"
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "2", "text": "Anybody?"})
    deliver(WebhookEndpoint.objects.get().pk)
    first = own("GET", f"{path}/deliveries?limit=1")[1]
    second = own("GET", f"{path}/deliveries?limit=1&cursor={first['next']}")[1]
    ids = [each["id"] for page in (first, second) for each in page["items"]]
    assert len(set(ids)) == 2
    assert second["next"] is None
    whole = own("GET", f"/webhook-deliveries/{ids[0]}")[1]
    assert (whole["status"], whole["attempts"][0]["answered"]) == ("sent", 204)
    assert json.loads(whole["body"])["id"] == whole["event"]
    assert own("POST", f"/webhook-deliveries/{ids[0]}/send")[1]["status"] == "waiting"
    assert own("POST", f"{path}/replay", {"since": "2020-01-01T00:00:00Z"})[1] == {"events": 1}
    assert own("POST", f"{path}/test")[1]["status"] == "sent"
    assert own("POST", f"{path}/secret")[1]["secret"] != made["secret"]


def test_all_that_is_told_fits_the_schema_and_the_list_of_kinds(
    own: Any, receiver: Platform, loft: ChannelAccount, alice_acts: Actor
) -> None:
    own("POST", "/webhooks", {"url": receiver.url, "with_text": True})
    bring(loft, {"id": "1", "text": "Hello"})
    talk = Conversation.objects.get()
    send(writes.send_reply(talk.pk, "Good morning", acting_user=alice_acts).pk)
    writes.set_priority(talk.pk, 1, acting_user=alice_acts)
    writes.close(talk.pk, acting_user=alice_acts)
    endpoint = WebhookEndpoint.objects.get()
    deliver(endpoint.pk)
    validator = jsonschema_rs.Draft202012Validator(own("GET", "/webhooks/schema")[1])
    kinds = {each["kind"] for each in own("GET", "/webhooks/kinds")[1]["items"]}
    told = [json.loads(asked.body) for asked in receiver.asked]
    assert len(told) == 6
    for each in told:
        assert list(validator.iter_errors(each)) == []
        assert each["type"] in kinds
    assert list(validator.iter_errors({**told[0], "version": 2}))
