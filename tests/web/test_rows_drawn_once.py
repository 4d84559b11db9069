"""A row of the list is drawn once for many desks; nobody sees another's, and nobody an old one."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.web.templatetags import inbox as tags
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.web.test_desk import Write
from tests.web.test_inbox import write as write  # noqa: PLC0414


@pytest.fixture
def draws(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[uuid.UUID]]:
    """The conversations whose rows were drawn, each time."""
    drawn: list[uuid.UUID] = []
    keep = tags._drawn.keep

    def noted(key: tuple[Any, ...], value: Any) -> Any:
        drawn.append(key[0].id)
        return keep(key, value)

    monkeypatch.setattr(tags._drawn, "keep", noted)
    yield drawn
    tags._drawn.forget()


def row(client: Client, pk: uuid.UUID, **more: str) -> str:
    answer = client.get("/inbox/rows/", {"id": str(pk), **more}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_two_desks_get_the_same_row_and_it_is_drawn_once(
    as_agnes: Client, as_alice: Client, write: Write, draws: list[uuid.UUID]
) -> None:
    conversation = write()
    assert row(as_agnes, conversation.pk) == row(as_alice, conversation.pk)
    assert draws == [conversation.pk]


def test_what_happened_since_is_shown_at_once(as_agnes: Client, alice_acts: Actor, write: Write) -> None:
    conversation = write("Where is my parcel?")
    assert "Where is my parcel?" in row(as_agnes, conversation.pk)
    writes.send_reply(conversation.pk, "On its way.", acting_user=alice_acts)
    assert "On its way." in row(as_agnes, conversation.pk)


def test_every_list_keeps_its_address(as_agnes: Client, write: Write) -> None:
    conversation = write()
    assert "?view=unassigned" not in row(as_agnes, conversation.pk)
    assert "?view=unassigned" in row(as_agnes, conversation.pk, view="unassigned")


def test_everybody_reads_their_own_language(as_agnes: Client, write: Write) -> None:
    conversation = write()
    english = row(as_agnes, conversation.pk)
    french = as_agnes.get(
        "/inbox/rows/", {"id": str(conversation.pk)}, headers={"Accept-Language": "fr"}
    ).content.decode()
    assert english != french


def test_a_row_that_was_found_shows_what_was_found(as_agnes: Client, write: Write) -> None:
    conversation = write("Where is my parcel?")
    row(as_agnes, conversation.pk)
    assert "#message-" in row(as_agnes, conversation.pk, q="parcel")
