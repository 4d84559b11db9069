"""Conversations find their stage, touchpoint and topic, and learn from what colleagues say."""

from collections.abc import Sequence
from unittest.mock import patch

import numpy as np
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import writes as canvas
from parcours.canvas.reads import board as read_board
from parcours.canvas.shapes import Board
from parcours.core.clock import now
from parcours.demo.words import DELAY, ORDER_STATUS, PAYMENT, RETURN, SIZE, TEXTS
from parcours.events.models import ReceivedEvent
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reads.examples import Example, to_place
from parcours.insights.conversations.guessing import Guesser
from parcours.insights.conversations.placing import place_waiting
from parcours.insights.meaning import Vectors, vectors_of
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring


def bag_of_words(texts: Sequence[str]) -> Vectors:
    """A stand-in for meaning that tests of the wiring can do with: words, hashed."""
    made = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.casefold().replace("?", " ").replace(".", " ").split():
            made[row, sum(map(ord, word)) % 512] += 1
    lengths = np.linalg.norm(made, axis=1, keepdims=True).astype(np.float32)
    return np.asarray(made / np.maximum(lengths, np.float32(1e-9)), dtype=np.float32)


@pytest.fixture
def drawn(brand: Brand, alice_acts: Actor) -> Board:
    journey = canvas.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")
    stages = {stage.key: stage.id for stage in read_board(brand.pk, journey.id).stages}

    def add(stage: str, name: str, field: str, value: str) -> None:
        rule = {"all": [{"field": field, "op": "is", "value": [value]}]}
        canvas.add_touchpoint(
            journey.id, stage_id=stages[stage], name=name, channel="", rule=rule, acting_user=alice_acts
        )

    add("decision", "Cart", "name", "Cart Viewed")
    add("consideration", "Product page", "properties.path", "/appui-dos")
    add("retention", "Question about an order", "properties.topic", "order status")
    return read_board(brand.pk, journey.id)


def stage_of(conversation: Conversation, drawn: Board) -> str:
    return next((stage.key for stage in drawn.stages if stage.id == conversation.stage_id), "")


@pytest.mark.django_db(transaction=True)
def test_where_it_came_from_says_the_stage_before_its_words(
    brand: Brand, loft: ChannelAccount, drawn: Board
) -> None:
    bring(
        loft,
        {"id": "1", "text": "Where is my order?", "context": {"page": "https://foulee.example/appui-dos"}},
    )
    bring(loft, {"id": "2", "from": "anna", "text": "Hello", "context": {"cart_id": "c-1"}})
    bring(loft, {"id": "3", "from": "jo", "text": "Where is my order?"})
    bring(loft, {"id": "4", "from": "al", "text": "Zzz"})
    assert place_waiting(brand, encode=bag_of_words) == 3

    first, second, third, fourth = Conversation.objects.order_by("number")
    assert (stage_of(first, drawn), first.placed_by, first.topic) == (
        "consideration",
        "context",
        "order status",
    )
    assert (stage_of(second, drawn), second.placed_by) == ("decision", "context")
    assert (stage_of(third, drawn), third.placed_by, third.topic_by) == ("retention", "text", "text")
    assert (fourth.stage_id, fourth.topic, fourth.looked_at is not None) == (None, "", True)
    assert place_waiting(brand, encode=bag_of_words) == 0, "each is looked at once"


@pytest.mark.django_db(transaction=True)
def test_those_that_were_closed_before_anybody_looked_are_placed_too_and_however_many_wait(
    brand: Brand, loft: ChannelAccount, drawn: Board
) -> None:
    for number in range(3):
        bring(loft, {"id": str(number), "from": f"pigeon {number}", "text": "Do they run small?"})
    Conversation.objects.filter(number=1).update(status="closed", closed_at=now())
    with patch.object(to_place, "__kwdefaults__", {"most": 1}):
        place_waiting(brand, encode=bag_of_words)
    assert not Conversation.objects.filter(looked_at=None).exists()


def test_the_log_is_told_of_the_topic(brand: Brand, loft: ChannelAccount, drawn: Board) -> None:
    bring(loft, {"id": "1", "text": "Where is my order?"})
    place_waiting(brand, encode=bag_of_words)
    bodies = [bytes(row.body).decode() for row in ReceivedEvent.objects.order_by("id")]
    assert "Conversation Placed" in bodies[-1]
    assert '"topic":"order status"' in bodies[-1]


@pytest.mark.django_db(transaction=True)
def test_a_colleagues_word_is_learnt_and_never_overwritten(
    brand: Brand, loft: ChannelAccount, drawn: Board, alice_acts: Actor
) -> None:
    for number in range(20):
        bring(
            loft, {"id": f"a{number}", "from": f"c{number}", "text": f"Quand ouvre le club du jeudi {number}"}
        )
    place_waiting(brand, encode=bag_of_words)
    assert set(Conversation.objects.values_list("topic", flat=True)) == {""}
    for conversation in Conversation.objects.all():
        writes.place(conversation.pk, topic="running club", acting_user=alice_acts)

    bring(loft, {"id": "b", "from": "new", "text": "Quand ouvre le club ?"})
    place_waiting(brand, encode=bag_of_words)
    assert Conversation.objects.get(contact__external_id="new").topic == "running club"
    corrected = Conversation.objects.filter(topic_by="person")
    assert set(corrected.values_list("topic", flat=True)) == {"running club"}


def test_real_questions_are_recognised_in_both_languages() -> None:
    said = [
        (topic, text)
        for topic in (SIZE, DELAY, PAYMENT, RETURN, ORDER_STATUS)
        for each in TEXTS[topic].values()
        for text in each
    ]
    guesses = Guesser([], encode=vectors_of).guess([text for _topic, text in said])
    named = [(topic, guess.topic) for (topic, _text), guess in zip(said, guesses, strict=True) if guess.topic]
    right = sum(topic == found for topic, found in named)
    assert len(named) >= 0.6 * len(said)
    assert right >= 0.85 * len(named), [pair for pair in named if pair[0] != pair[1]]


def test_nonsense_is_not_named() -> None:
    guesses = Guesser([], encode=vectors_of).guess(["asdf qwer", "🙂", "Il fait beau à Lyon.", ""])
    assert [guess.topic for guess in guesses] == ["", "", "", ""]


def test_examples_of_colleagues_outweigh_ours() -> None:
    from parcours.core.ids import new_id

    text = "Is there still my size in blue?"
    example = Example(new_id(), "stock", "Do you still have my size in blue?")
    assert Guesser([example], encode=vectors_of).guess([text])[0].topic == "stock"
