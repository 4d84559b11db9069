"""A person's conversations: handed over whole, erased for good, kept no longer than the brand says."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.postgres import EmbeddedPostgres
from parcours.core.registry import personal_data, retention
from parcours.customers.erasure.carrying_out import do_erase
from parcours.events.ingest.handoff import hand_over_all
from parcours.inbox import writes
from parcours.inbox.models import Arrival, Attachment, ChannelAccount, Contact, Conversation, Message
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)

EMAIL = "mark.runner@example.net"
SECRET_WORDS = "my knee hurts on stairs"
TELLING = [EMAIL, "pigeon-4711", SECRET_WORDS, "Runner"]


def left() -> list[str]:
    postgres = EmbeddedPostgres(Path(os.environ["PARCOURS_DATA"]))
    named = str(connection.settings_dict["NAME"])
    dump = postgres.run_tool("pg_dump", "--data-only", "--inserts", "-d", named).stdout
    files = b"".join(path.read_bytes() for path in Path(settings.DATA).rglob("*") if path.is_file())
    return [word for word in TELLING if word in dump or word.encode().hex() in dump or word.encode() in files]


@pytest.fixture
def mark(loft: ChannelAccount, alice_acts: Actor) -> int:
    who = {"from": "pigeon-4711", "name": "Mark Runner", "who": {"email": EMAIL}}
    bring(loft, {"id": "1", "text": f"Hello, {SECRET_WORDS}", "files": ["knee.png"], **who})
    conversation = Conversation.objects.get()
    writes.send_reply(conversation.pk, f"I see that {SECRET_WORDS}.", acting_user=alice_acts)
    writes.add_note(conversation.pk, f"Mark Runner says {SECRET_WORDS}", acting_user=alice_acts)
    bring(loft, {"id": "2", "from": "julie", "name": "Julie", "text": "Where is my parcel?"})
    assert conversation.customer_id is not None
    return conversation.customer_id


def test_nothing_of_an_erased_person_is_left_and_nothing_of_others_is_lost(
    brand: Brand, mark: int, alice_acts: Actor, system: Actor
) -> None:
    assert set(left()) == set(TELLING)
    contact = Contact.objects.get(name="Mark Runner")
    writes.block(contact.pk, because=f"Says that {SECRET_WORDS}", acting_user=alice_acts)
    do_erase(brand, [mark], acting_user=system)
    hand_over_all(brand.pk)
    assert left() == []
    assert list(Message.objects.values_list("text", flat=True)) == ["Where is my parcel?"]
    assert Arrival.objects.filter(forgotten_at=None).count() == 1


@pytest.mark.parametrize(
    "body",
    [b"From=%2B33655443322&Body=Hello", b"sender=mark.runner%40example.net", b'{"wa_id":"33655443322"}'],
)
def test_what_arrived_is_forgotten_however_the_platform_writes_who_it_is(
    brand: Brand, loft: ChannelAccount, system: Actor, body: bytes
) -> None:
    who = {"from": "+33655443322", "name": "Mark Runner", "who": {"email": EMAIL}}
    bring(loft, {"id": "1", "text": "Hello", **who})
    raw = Arrival.objects.create(
        brand=brand, account=loft, external_id="raw", body=body, body_size=len(body), status="failed"
    )
    do_erase(brand, [Conversation.objects.get().customer_id or 0], acting_user=system)
    raw.refresh_from_db()
    assert bytes(raw.body) == b""


def test_a_short_name_is_compared_as_a_whole(brand: Brand, loft: ChannelAccount, system: Actor) -> None:
    bring(loft, {"id": "1", "from": "77", "name": "Mark", "text": "Hello"})
    bring(loft, {"id": "2", "from": "177", "name": "Julie", "text": "77 pairs, please"})
    bring(loft, {"id": "77", "from": "8", "name": "Zoé", "text": "Hello"})
    for name, body in (("theirs", b'{"message":{"from_id":77}}'), ("another", b'{"from_id":8,"price":77}')):
        Arrival.objects.create(
            brand=brand, account=loft, external_id=name, body=body, body_size=len(body), status="failed"
        )
    do_erase(brand, [Contact.objects.get(external_id="77").customer_id or 0], acting_user=system)
    kept = [bytes(each.body) for each in Arrival.objects.filter(forgotten_at=None)]
    assert len(kept) == 3
    assert not any(b"Mark" in each or b'"from_id":77' in each for each in kept)


def test_what_was_merged_into_another_conversation_goes_too(
    brand: Brand, loft: ChannelAccount, mark: int, alice_acts: Actor, system: Actor
) -> None:
    of_mark = Conversation.objects.get(customer_id=mark)
    of_julie = Conversation.objects.exclude(pk=of_mark.pk).get()
    writes.merge(of_mark.pk, of_julie.pk, acting_user=alice_acts)
    do_erase(brand, [mark], acting_user=system)
    hand_over_all(brand.pk)
    assert left() == []
    assert [text for text in Message.objects.values_list("text", flat=True) if text] == [
        "Where is my parcel?"
    ]


def test_a_person_gets_every_word_that_was_said(brand: Brand, mark: int, alice_acts: Actor) -> None:
    contact = Contact.objects.get(name="Mark Runner")
    writes.block(contact.pk, because="Insults", acting_user=alice_acts)
    keeper = personal_data.get("conversations")
    assert keeper is not None
    copy = keeper.export(brand.pk, [mark])
    assert [row["known as"] for row in copy["contacts"]] == ["pigeon-4711"]
    assert [row["because"] for row in copy["contacts"]] == ["Insults"]
    assert [(row["from you"], SECRET_WORDS in row["text"]) for row in copy["messages"]] == [
        (True, True),
        (False, True),
    ]
    assert copy["messages"][0]["files"] == ["knee.png"]
    assert "Julie" not in str(copy)


def test_rules_let_go_of_what_is_old(brand: Brand, mark: int, alice_acts: Actor) -> None:
    conversation = Conversation.objects.get(customer_id=mark)
    writes.close(conversation.pk, acting_user=alice_acts)
    rules = {name: retention.get(name) for name in ("conversations", "message_files", "arrivals")}
    with clock_at(now() + timedelta(days=400)):
        removed = {
            name: rule.remove(brand.pk, now() - timedelta(days=rule.suggested_days))
            for name, rule in rules.items()
            if rule is not None
        }
        assert removed == {"conversations": 0, "message_files": 1, "arrivals": 2}
        assert not Attachment.objects.exclude(digest="").exists()
        conversations = rules["conversations"]
        assert conversations is not None
        assert conversations.count(brand.pk, now()) == 1
        assert conversations.remove(brand.pk, now()) == 1
    assert list(Contact.objects.order_by("name").values_list("name", flat=True)) == ["Julie", "Mark Runner"]
    assert [text for text in Message.objects.values_list("text", flat=True) if text] == [
        "Where is my parcel?"
    ]
