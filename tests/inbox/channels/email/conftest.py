import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox.models import ChannelAccount
from parcours.inbox.writes import add_account

ADDRESS = "contact@foulee.example"


@pytest.fixture
def mailbox(brand: Brand, alice_acts: Actor) -> ChannelAccount:
    """A mailbox that is told of in the tests, not read."""
    return add_account(
        brand,
        "email",
        "Contact",
        {"provider": "ovh", "password": "secret", "reply_tokens": "1", "signature": "{agent}\nFoulée"},
        address=ADDRESS,
        language="fr",
        acting_user=alice_acts,
    )
