"""Conversations on the map: counted where they belong, and placed where they belong nowhere."""

import re
import uuid
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_touchpoint, create_journey
from parcours.canvas.writes.axes import remove_stage, restore_stage
from parcours.canvas.writes.journeys import delete_journey
from parcours.core.clock import now
from parcours.core.periods import Period
from parcours.customers.writes import resolve_identities
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reads.examples import to_place
from parcours.inbox.reads.places import Opening, openings
from parcours.inbox.writes import set_tags
from parcours.inbox.writes.bulk import PastContact, PastConversation, PastMessage, add_past
from parcours.insights.conversations.talk import questions, talk_on_the_map

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def board(brand: Brand, alice_acts: Actor) -> Board:
    journey = create_journey("Shoes", acting_user=alice_acts)
    stage = reads.board(brand.pk, journey.id).stages[1]
    add_touchpoint(
        journey.id,
        stage_id=stage.id,
        name="Question in the chat",
        rule={"all": [{"field": "properties.topic", "op": "is", "value": ["size"]}]},
        acting_user=alice_acts,
    )
    return reads.board(brand.pk, journey.id)


def written(
    brand: Brand, account: ChannelAccount, actor: Actor, board: Board | None, count: int, **more: object
) -> None:
    """So many conversations, at the board's touchpoint or nowhere; answered after ten minutes."""
    begun = now() - timedelta(days=1)
    touchpoint = board.touchpoints[0] if board else None
    customer = int(resolve_identities(brand, "user_id", ["F1"])[0])
    given: dict[str, object] = {"topic": "size", "rating": 5, "status": "closed", **more}
    past = [
        PastConversation(
            f"{uuid.uuid4()}",
            PastContact(f"f{number}", customer, name="Mark"),
            [
                PastMessage("in", "Do they run small? Write to mark@example.org", begun),
                PastMessage("out", "A little.", begun + timedelta(minutes=10), "person"),
            ],
            journey_id=board.journey.id if board else None,
            stage_id=touchpoint.stage_id if touchpoint else None,
            touchpoint_id=touchpoint.id if touchpoint else None,
            **given,  # type: ignore[arg-type]
        )
        for number in range(count)
    ]
    add_past(account, past, acting_user=actor)


def text_of(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def test_each_touchpoint_says_how_its_conversations_went(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 6)
    page = as_alice.get(reverse("map_conversations", args=[board.journey.id]))
    shown = text_of(page.content)
    assert "Question in the chat 6 0 10" in shown
    assert "100" in shown
    assert "n = 6" in shown
    assert "Do they run small?" in shown
    assert "mark@example.org" not in shown


def test_all_time_has_no_beginning(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 6)
    page = as_alice.get(reverse("map_conversations", args=[board.journey.id]), {"period": "all"})
    assert "Question in the chat 6 0 10" in text_of(page.content)


def test_a_few_are_too_few_for_a_share(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    shown = text_of(as_alice.get(reverse("map_conversations", args=[board.journey.id])).content)
    assert "Question in the chat 2 0 too few too few too few n = 2" in shown


def test_the_map_itself_says_how_many_there_are(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 6)
    assert "6 conversations" in text_of(as_alice.get(reverse("map", args=[board.journey.id])).content)


def test_what_belongs_nowhere_is_grouped_and_placed_together(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, None, 3, topic="invoice")
    address = reverse("map_conversations", args=[board.journey.id])
    assert "Invoice 3" in text_of(as_agnes.get(address).content)

    touchpoint = board.touchpoints[0]
    sent = {"topic": "invoice", "touchpoint": str(touchpoint.id)}
    answer = as_agnes.post(reverse("map_conversations_place", args=[board.journey.id]), sent)
    assert answer.status_code == 302
    rows = Conversation.objects.all()
    assert {row.touchpoint_id for row in rows} == {touchpoint.id}
    assert {row.placed_by for row in rows} == {"person"}
    assert "Every conversation has a place" in text_of(as_agnes.get(address).content)


def test_all_that_belong_nowhere_are_counted_and_placed_also_where_few_are_read(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, None, 5, topic="invoice")
    address = reverse("map_conversations", args=[board.journey.id])
    with patch.dict(openings.__kwdefaults__, {"most": 2}):
        assert "Invoice 5" in text_of(as_agnes.get(address).content)
    sent = {"topic": "invoice", "touchpoint": str(board.touchpoints[0].id)}
    as_agnes.post(reverse("map_conversations_place", args=[board.journey.id]), sent)
    assert not Conversation.objects.filter(stage_id=None).exists()


def test_who_signs_with_their_name_is_not_quoted_with_it() -> None:
    words = "Does it fit? Best regards, pascal LAURENT, 0612345678"
    said = Opening(uuid.uuid4(), None, None, None, "", "Pascal Laurent", words)
    (question,) = questions([said])
    assert question.words == "Does it fit? Best regards, ••• •••, •••"


def test_a_touchpoint_is_drawn_for_them_from_their_topic(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, None, 3, topic="invoice")
    page = as_alice.get(reverse("map_conversations", args=[board.journey.id])).content.decode()
    address = re.search(r'href="([^"]*touchpoints/new/[^"]*)"', page)
    assert address is not None
    form = as_alice.get(address[1].replace("&amp;", "&")).content.decode()
    assert 'value="Invoice"' in form
    assert 'value="properties.topic"' in form
    assert 'value="invoice"' in form


def test_a_place_that_is_no_touchpoint_is_refused(
    as_alice: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, None, 1)
    sent = {"topic": "size", "touchpoint": str(uuid.uuid4())}
    answer = as_alice.post(reverse("map_conversations_place", args=[board.journey.id]), sent)
    assert answer.status_code == 422
    assert Conversation.objects.get().touchpoint_id is None


def test_outsiders_see_nothing_of_it(as_charlie: Client, board: Board) -> None:
    assert as_charlie.get(reverse("map_conversations", args=[board.journey.id])).status_code == 404


def test_the_inbox_lists_what_belongs_to_a_place(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    written(brand, loft, alice_acts, None, 1, topic="invoice")
    touchpoint = board.touchpoints[0]
    for words in ({"touchpoint": str(touchpoint.id)}, {"stage": str(touchpoint.stage_id)}):
        page = as_agnes.get(reverse("inbox"), words).content.decode()
        assert len(re.findall(r'class="desk-row[ "]', page)) == 2
    narrowed = as_agnes.get(reverse("inbox"), {"touchpoint": str(touchpoint.id)}).content
    assert touchpoint.name in text_of(narrowed)
    page = as_agnes.get(reverse("inbox"), {"topic": "invoice"}).content.decode()
    assert len(re.findall(r'class="desk-row[ "]', page)) == 1


ALL_TIME = Period("all", None, None, "All")


def in_list(client: Client, **words: str) -> int:
    return len(re.findall(r'class="desk-row[ "]', client.get(reverse("inbox"), words).content.decode()))


def all_of(brand: Brand, board: Board) -> tuple[int, int]:
    """How many stand at stages of the map, and how many have no home."""
    talk = talk_on_the_map(brand, board.journey.id, ALL_TIME, with_words=True)
    now_there = reads.outline(brand.pk, board.journey.id)
    placed = [talk.of(stage.id) for stage in now_there.stages]
    homeless = talk.homeless.conversations if talk.homeless else 0
    return sum(each.counts.conversations for each in placed if each), homeless


def test_conversations_of_a_removed_stage_have_no_home_until_it_is_back(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    written(brand, loft, alice_acts, None, 1, topic="invoice")
    assert all_of(brand, board) == (2, 1)
    stage = board.touchpoints[0].stage_id
    remove_stage(board.journey.id, stage, acting_user=alice_acts)
    assert all_of(brand, board) == (0, 3), "none is lost"
    assert in_list(as_agnes, view="nohome") == 3
    assert "Its stage was removed" in as_agnes.get(reverse("inbox"), {"view": "nohome"}).content.decode()
    page = text_of(as_agnes.get(reverse("map_conversations", args=[board.journey.id])).content)
    assert "2 of them stood at stages that were removed." in page
    restore_stage(board.journey.id, stage, acting_user=alice_acts)
    assert all_of(brand, board) == (2, 1), "nothing was forgotten"


def test_conversations_of_a_removed_journey_have_no_home(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    delete_journey(board.journey.id, acting_user=alice_acts)
    assert in_list(as_agnes, view="nohome") == 2
    one = Conversation.objects.first()
    assert one is not None
    page = as_agnes.get(reverse("inbox_conversation", args=[one.pk])).content.decode()
    assert "There is no such journey" not in page


def test_what_stood_at_a_removed_stage_is_looked_at_again(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    remove_stage(board.journey.id, board.touchpoints[0].stage_id, acting_user=alice_acts)
    answer = as_agnes.post(reverse("map_conversations_again", args=[board.journey.id]))
    assert answer.status_code == 302
    rows = Conversation.objects.all()
    assert {(row.stage_id, row.looked_at, row.placed_by) for row in rows} == {(None, None, "")}
    assert {row.id for row in to_place(brand.pk)} == {row.pk for row in rows}


def test_spam_is_on_no_map(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, alice_acts: Actor, board: Board
) -> None:
    written(brand, loft, alice_acts, board, 2)
    written(brand, loft, alice_acts, None, 1, status="open")
    for row in Conversation.objects.all():
        set_tags(row.pk, ["spam"], acting_user=alice_acts)
    assert all_of(brand, board) == (0, 0)
    assert in_list(as_agnes, view="nohome") == 0
    assert in_list(as_agnes, view="open") == 1, "the closed ones are closed"
