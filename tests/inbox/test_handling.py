"""What the team does with conversations, and how they are found."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.inbox import reads, writes
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reads import Filter
from parcours.inbox.writes.handling import wake_up
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(loft: ChannelAccount) -> Conversation:
    bring(loft, {"id": "1", "text": "Les chaussures conviennent-elles aux pieds larges ?"})
    return Conversation.objects.get()


def found(brand: Brand, **wanted: object) -> list[int]:
    return [row.number for row in reads.conversations(brand.pk, Filter(**wanted)).rows]  # type: ignore[arg-type]


def test_it_is_given_to_a_colleague_and_no_outsider(
    brand: Brand, conversation: Conversation, alice: Person, charlie: Person, alice_acts: Actor
) -> None:
    writes.assign(conversation.pk, alice.pk, acting_user=alice_acts, revision=1)
    assert found(brand, assignee=str(alice.pk)) == [1]
    assert found(brand, assignee="nobody") == []
    with pytest.raises(Conflict):
        writes.assign(conversation.pk, None, acting_user=alice_acts, revision=1)
    with pytest.raises(NotFound):
        writes.assign(conversation.pk, charlie.pk, acting_user=alice_acts)


def test_a_snoozed_one_comes_back(brand: Brand, conversation: Conversation, alice_acts: Actor) -> None:
    writes.snooze(conversation.pk, now() + timedelta(hours=1), acting_user=alice_acts)
    assert found(brand, status="open") == []
    assert wake_up() == 0
    with clock_at(now() + timedelta(hours=2)):
        assert wake_up() == 1
    assert found(brand, status="open") == [1]


def test_it_is_found_by_its_words_in_either_language(
    brand: Brand, loft: ChannelAccount, conversation: Conversation
) -> None:
    bring(loft, {"id": "2", "from": "anna", "name": "Anna", "text": "Where are my parcels?"})
    assert found(brand, words="pied large") == [1]
    assert found(brand, words="parcel") == [2]
    assert found(brand, words="#2") == [2]
    assert found(brand, words="ann") == [2]
    assert found(brand, words="trampoline") == []


def test_pages_follow_each_other_without_gap(brand: Brand, loft: ChannelAccount) -> None:
    for number in range(7):
        bring(loft, {"id": str(number), "from": f"c{number}", "text": "Hello", "at": 1_790_000_000 + number})
    seen, cursor = [], ""
    while True:
        page = reads.conversations(brand.pk, Filter(), cursor=cursor, limit=3)
        seen += [row.number for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert sorted(seen) == [1, 2, 3, 4, 5, 6, 7]
    assert len(seen) == 7


def test_a_persons_word_about_the_stage_stays(
    conversation: Conversation, alice_acts: Actor, system: Actor
) -> None:
    stage, other = alice_acts.brand_id, conversation.pk
    writes.place(conversation.pk, stage_id=stage, topic="Size", acting_user=alice_acts)
    writes.place(conversation.pk, stage_id=other, topic="Delivery", placed_by="text", acting_user=system)
    conversation.refresh_from_db()
    assert (conversation.stage_id, conversation.topic) == (stage, "Size")


def test_a_viewer_neither_sees_nor_answers(conversation: Conversation, bob: Person, brand: Brand) -> None:
    from parcours.accounts.reads import actor_of_person

    entered = actor_of_person(bob, brand.pk)
    assert entered is not None
    with pytest.raises(Forbidden):
        writes.send_reply(conversation.pk, "Hello", acting_user=entered[0])


def test_two_become_one_and_one_becomes_two_again(
    brand: Brand, loft: ChannelAccount, conversation: Conversation, alice_acts: Actor
) -> None:
    bring(loft, {"id": "2", "from": "mark-at-work", "text": "It is me again", "at": 1_790_000_100})
    other = Conversation.objects.get(number=2)
    writes.merge(other.pk, conversation.pk, acting_user=alice_acts)

    assert found(brand) == [1]
    said = [each.text for each in reads.messages(brand.pk, conversation.pk) if each.direction == "in"]
    assert said[-1] == "It is me again"
    bring(
        loft, {"id": "3", "from": "mark-at-work", "text": "And this", "answers": ["2"], "at": 1_790_000_200}
    )
    conversation.refresh_from_db()
    assert conversation.message_count == 3, "what answers the merged one goes into the one that stands"

    writes.unmerge(other.pk, acting_user=alice_acts)
    assert sorted(found(brand)) == [1, 2]
    conversation.refresh_from_db()
    other.refresh_from_db()
    assert (conversation.message_count, other.message_count) == (2, 1)
    assert other.preview == "It is me again"


def test_a_conversation_is_split_from_a_message_on(
    brand: Brand, loft: ChannelAccount, conversation: Conversation, alice_acts: Actor
) -> None:
    bring(loft, {"id": "2", "text": "Another matter", "at": 1_790_000_100})
    bring(loft, {"id": "3", "text": "Please", "at": 1_790_000_200})
    second = conversation.messages.get(external_id="2")
    new = writes.split(second.pk, acting_user=alice_acts)

    assert [each.text for each in reads.messages(brand.pk, new.pk) if each.text] == [
        "Another matter",
        "Please",
    ]
    conversation.refresh_from_db()
    new.refresh_from_db()
    assert (conversation.message_count, new.message_count) == (1, 2)
    assert new.waiting_since == second.at
    with pytest.raises(BadInput):
        writes.split(second.pk, acting_user=alice_acts)


def test_two_that_are_merged_into_each_other_at_once_do_not_wait_for_ever(
    loft: ChannelAccount, conversation: Conversation, alice_acts: Actor
) -> None:
    bring(loft, {"id": "2", "from": "anna", "text": "Hello"})
    other = Conversation.objects.get(number=2)
    outcomes = []

    def merge(first: Conversation, second: Conversation) -> None:
        try:
            writes.merge(first.pk, second.pk, acting_user=alice_acts)
            outcomes.append("merged")
        except Conflict:
            outcomes.append("refused")
        finally:
            connection.close()

    pair = ((conversation, other), (other, conversation))
    threads = [Thread(target=merge, args=each) for each in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["merged", "refused"]
