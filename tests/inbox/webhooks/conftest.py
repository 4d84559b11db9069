from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import LazySettings

from parcours.accounts.rights import Actor
from parcours.inbox.webhooks.models import WebhookEndpoint
from parcours.inbox.webhooks.writes import Wanted, add_endpoint
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.platforms.plain import Asked, Platform, platform

Adding = Callable[..., tuple[WebhookEndpoint, str]]


@pytest.fixture
def receiver(settings: LazySettings) -> Iterator[Platform]:
    """Somebody else's program, which takes whatever it is told."""
    settings.PRIVATE_ADDRESSES = ["127.0.0.0/8"]

    def answer(_asked: Asked) -> tuple[int, Any]:
        return 204, b""

    with platform(answer) as there:
        yield there


@pytest.fixture
def told(receiver: Platform, alice_acts: Actor) -> Adding:
    """Adds an endpoint at the receiver; returns it with its secret."""

    def adding(**wanted: Any) -> tuple[WebhookEndpoint, str]:
        given = {"name": "CRM", "url": f"{receiver.url}/hook?key=1", **wanted}
        return add_endpoint(Wanted(**given), acting_user=alice_acts)

    return adding
