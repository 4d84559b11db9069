"""The door of the live stream: who may follow what."""

from collections.abc import Iterator

import pytest
from django.test import Client

from parcours.accounts.rights import Actor
from parcours.core.registry import live_topics


@pytest.fixture(autouse=True)
def _a_kind_of_topic() -> Iterator[None]:
    def check(actor: Actor, identifier: str) -> bool:
        return identifier == "mine" and actor.may("canvas.view")

    live_topics.register("test", check)
    yield
    live_topics._handlers.pop("test")


def test_who_is_signed_in_follows_a_topic_of_the_brand(as_bob: Client) -> None:
    answer = as_bob.get("/live?topic=test:mine")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    answer.close()


@pytest.mark.parametrize("topic", ["test:theirs", "unknown:mine", "test", ""])
def test_a_topic_that_is_not_theirs_looks_like_one_that_is_not_there(as_bob: Client, topic: str) -> None:
    assert as_bob.get(f"/live?topic={topic}").status_code == 404


def test_a_stream_without_a_topic_is_refused(as_bob: Client) -> None:
    assert as_bob.get("/live").status_code == 422


def test_a_stream_needs_somebody_signed_in(db: None) -> None:
    stream = Client().get("/live?topic=test:mine", headers={"accept": "text/event-stream"})
    assert stream.status_code == 401
    assert Client().get("/live?topic=test:mine").status_code == 302
