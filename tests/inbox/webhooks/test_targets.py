"""Programs hear of what is soon late and of what is, once each."""

import json

import pytest

from parcours.accounts.models import Person
from parcours.core.clock import clock_at
from parcours.inbox.models import ChannelAccount
from parcours.inbox.targets.reads import TargetView
from parcours.inbox.targets.reminding import remind
from parcours.inbox.webhooks.delivering import deliver
from tests.inbox.platforms.plain import Platform
from tests.inbox.targets.test_due import ask, hours, paris, target
from tests.inbox.webhooks.conftest import Adding

__all__ = ["hours", "target"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_target_is_told_of_when_it_is_near_and_when_it_is_missed(
    loft: ChannelAccount, target: TargetView, told: Adding, receiver: Platform, alice: Person
) -> None:
    endpoint, _secret = told(kinds=["conversation.target_warned", "conversation.target_missed"])
    row = ask(loft, "2026-11-23T10:00")
    for minute in ("10:31", "10:32", "11:01", "11:02"):
        with clock_at(paris(f"2026-11-23T{minute}")):
            remind()
    with clock_at(paris("2026-11-23T11:03")):
        deliver(endpoint.pk)
    came = [json.loads(asked.body) for asked in receiver.asked]
    assert [each["type"] for each in came] == ["conversation.target_warned", "conversation.target_missed"]
    assert came[1]["data"]["conversation"]["id"] == str(row.pk)
    assert came[1]["data"]["target"]["metric"] == "first_reply"
    assert came[1]["data"]["target"]["target"] == target.name
    assert alice.pk
