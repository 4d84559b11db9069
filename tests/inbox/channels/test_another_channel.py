"""A channel is one folder: dropped beside the others it is there, on every page and at every door."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox import channels, reads, writes
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.sending import send

pytestmark = pytest.mark.django_db(transaction=True)

HERE = Path(__file__).parents[1] / "messenger.py"
RING = {"X-Ring": "the ring"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder called `pigeons` among the channels: two files, and nothing else is touched."""
    made = tmp_path / "pigeons"
    made.mkdir()
    shutil.copy(HERE, made / "channel.py")
    where = "parcours.inbox.channels.pigeons.channel"
    (made / "__init__.py").write_text(f"from {where} import Pigeons\n\nCHANNEL = Pigeons()\n")
    channels.__path__.append(str(tmp_path))
    channels.channels.cache_clear()
    try:
        yield made
    finally:
        channels.__path__.remove(str(tmp_path))
        channels.channels.cache_clear()
        for name in [each for each in sys.modules if each.startswith("parcours.inbox.channels.pigeons")]:
            del sys.modules[name]


def test_a_folder_is_all_that_another_channel_needs(
    folder: Path, brand: Brand, as_alice: Client, alice_acts: Actor, client: Client
) -> None:
    assert len(list(folder.iterdir())) - (folder / "__pycache__").exists() == 2

    assert "Pigeons" in as_alice.get("/inbox/settings/channels/").content.decode()
    form = as_alice.get("/inbox/settings/channels/new/pigeons/").content.decode()
    assert "Loft" in form
    given = {"name": "The loft", "set-loft": "north", "set-secret": "the ring"}
    answer = as_alice.post("/inbox/settings/channels/new/pigeons/", given)
    account = ChannelAccount.objects.get(kind="pigeons")
    assert answer.headers["Location"].endswith(f"/{account.pk}/")

    where = f"/hooks/pigeons/{account.pk}"
    body = b'[{"id": "1", "text": "Where is my order?"}]'
    assert client.post(where, body, content_type="application/json").status_code == 401
    assert client.post(where, body, content_type="application/json", headers=RING).status_code == 200
    conversation = Conversation.objects.get()
    assert "Where is my order?" in as_alice.get(f"/inbox/{conversation.pk}/").content.decode()

    reply = writes.send_reply(conversation.pk, "On its way", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert Message.objects.get(pk=reply.pk).external_id == f"out-{reply.pk}"
    assert [each.kind_label for each in reads.accounts(brand.pk)] == ["Pigeons"]


def test_what_receives_and_sends_names_no_channel() -> None:
    """It knows of channels what `base.Channel` says."""
    source = Path(channels.__file__).parents[1]
    files = [*source.glob("*.py"), *source.glob("writes/*.py"), *source.glob("reads/*.py")]
    kinds = ["whatsapp", "messenger", "instagram", "telegram", "sms", "feed"]
    naming = {file.name: kind for file in files for kind in kinds if f'"{kind}"' in file.read_text()}
    assert naming == {}
