import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox import channels
from parcours.inbox.models import ChannelAccount
from parcours.inbox.writes import add_account
from tests.inbox.messenger import Pigeons

RING = "the ring of the loft"


@pytest.fixture
def pigeons(monkeypatch: pytest.MonkeyPatch) -> Pigeons:
    """One more channel beside the real ones."""
    channel = Pigeons()
    known = {**channels.channels(), channel.kind: channel}
    monkeypatch.setattr(channels, "channels", lambda: known)
    return channel


@pytest.fixture
def loft(brand: Brand, alice_acts: Actor, pigeons: Pigeons) -> ChannelAccount:
    """An account of the test's channel."""
    return add_account(
        brand, pigeons.kind, "The loft", {"loft": "north", "secret": RING}, acting_user=alice_acts
    )
