"""The desk's pages: list, conversation, customer, channels."""

import html
import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.customers.writes import do_create_segment
from parcours.inbox import reads, sending, writes
from parcours.inbox.channels.base import NeverSent
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.notices.models import Notice
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.messenger import Pigeons

SCRIPT = {"HX-Request": "true"}

Write = Callable[..., Conversation]


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    """A customer writes; the conversation that it became."""

    def wrote(text: str = "Where is my parcel?", who: str = "mark", **more: object) -> Conversation:
        told = {"id": str(uuid.uuid4()), "from": who, "name": who.title(), "text": text, **more}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


def page(client: Client, address: str) -> str:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.content.decode()[:400]
    return answer.content.decode()


def test_an_empty_inbox_says_what_belongs_there(as_alice: Client) -> None:
    assert "No channel is connected yet" in page(as_alice, "/inbox/")


def test_what_customers_write_stands_in_the_list_and_opens_with_the_customer(
    as_agnes: Client, write: Write
) -> None:
    conversation = write("Where is my parcel?")
    assert "Where is my parcel?" in page(as_agnes, "/inbox/")
    opened = page(as_agnes, f"/inbox/{conversation.pk}/")
    assert opened.count("Where is my parcel?") >= 2
    assert f'data-beside="{conversation.pk}"' in opened


def test_views_narrow_the_list(as_agnes: Client, agnes: Person, write: Write, alice_acts: Actor) -> None:
    mine, closed = write("This is for Agnes", "mark"), write("This is done", "lea")
    writes.assign(mine.pk, agnes.pk, acting_user=alice_acts)
    writes.close(closed.pk, acting_user=alice_acts)
    assert "This is for Agnes" in page(as_agnes, "/inbox/?view=mine")
    assert "This is for Agnes" not in page(as_agnes, "/inbox/?view=unassigned")
    assert "This is done" not in page(as_agnes, "/inbox/")
    assert "This is done" in page(as_agnes, "/inbox/?view=closed")
    found = page(as_agnes, "/inbox/?q=done")
    assert "This is done" in found
    assert f'?q=done#message-{closed.messages.get(direction="in").pk}"' in found
    assert "Everywhere" in found


def test_a_reply_without_scripts_goes_into_the_outbox_and_comes_back_to_the_conversation(
    as_agnes: Client, write: Write, pigeons: Pigeons
) -> None:
    conversation = write()
    answer = as_agnes.post(
        f"/inbox/{conversation.pk}/reply/",
        {"text": "It is on its way."},
        headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"},
    )
    assert answer.status_code == 302
    assert "It is on its way." in page(as_agnes, answer["Location"])


def test_the_same_reply_sent_twice_is_stored_once(as_agnes: Client, write: Write) -> None:
    conversation, one = write(), str(uuid.uuid4())
    for _try in range(2):
        answer = as_agnes.post(
            f"/inbox/{conversation.pk}/reply/", {"text": "It is on its way.", "id": one}, headers=SCRIPT
        )
        assert answer.status_code == 200
        assert one in answer.content.decode()
    assert Message.objects.filter(conversation=conversation, direction="out").count() == 1


def test_a_note_calls_a_colleague_and_tells_them_nothing_of_its_words(
    as_alice: Client, agnes: Person, write: Write
) -> None:
    conversation = write()
    answer = as_alice.post(
        f"/inbox/{conversation.pk}/note/", {"text": "@Agnes she is a regular"}, headers=SCRIPT
    ).content.decode()
    assert '<span class="mention">@Agnes</span>' in answer
    told = Notice.objects.get(person=agnes)
    assert str(conversation.pk) in told.url
    assert "regular" not in json.dumps(told.facts)


def test_what_happened_stands_between_the_messages_in_words(
    as_alice: Client, agnes: Person, write: Write
) -> None:
    conversation = write()
    as_alice.post(f"/inbox/{conversation.pk}/do/assign/", {"assignee": str(agnes.pk)}, headers=SCRIPT)
    as_alice.post(f"/inbox/{conversation.pk}/do/tags/", {"tags": "Delivery, vip"}, headers=SCRIPT)
    as_alice.post(f"/inbox/{conversation.pk}/do/close/", headers=SCRIPT)
    opened = page(as_alice, f"/inbox/{conversation.pk}/")
    for sentence in ("Alice assigned it to Agnes", "Alice tagged it delivery, vip", "Alice closed it"):
        assert sentence in opened


def test_an_action_over_a_newer_change_is_refused(as_alice: Client, write: Write) -> None:
    conversation = write()
    address = f"/inbox/{conversation.pk}/do/close/"
    answer = as_alice.post(address, {"revision": str(conversation.revision - 1)}, headers=SCRIPT)
    assert answer.status_code == 409
    conversation.refresh_from_db()
    assert conversation.status == "open"


def test_tags_given_by_two_at_once_all_stay(as_alice: Client, as_agnes: Client, write: Write) -> None:
    conversation = write()
    address = f"/inbox/{conversation.pk}/do/tags/"
    as_alice.post(address, {"tags": "Delivery, size"}, headers=SCRIPT)
    form = page(as_agnes, f"/inbox/{conversation.pk}/")
    assert '<input type="hidden" name="seen" value="delivery,size">' in form
    as_alice.post(address, {"tags": "delivery, vip", "seen": "delivery,size"}, headers=SCRIPT)
    as_agnes.post(address, {"tags": "delivery, size, gift", "seen": "delivery,size"}, headers=SCRIPT)
    conversation.refresh_from_db()
    assert conversation.tags == ["delivery", "vip", "gift"]
    as_agnes.post(address, {"add": "Late", "remove": ["vip", "gift"]}, headers=SCRIPT)
    conversation.refresh_from_db()
    assert conversation.tags == ["delivery", "late"]


def test_a_kept_view_is_renamed_and_comes_back_when_it_was_removed(as_agnes: Client, write: Write) -> None:
    write()
    as_agnes.post("/inbox/views/", {"query": "?tag=size", "name": "Sizes"})
    found = re.search(
        r'/inbox/views/([0-9a-f-]{36})/".*?name="state" value="(\w+)"', page(as_agnes, "/inbox/"), re.DOTALL
    )
    assert found
    address = f"/inbox/views/{found[1]}/"
    as_agnes.post(address, {"name": "Which size", "state": found[2], "query": "?view=mine"})
    refused = as_agnes.post(address, {"name": "Size?", "state": found[2]}, follow=True).content.decode()
    assert "it is “Which size” now" in refused
    gone = as_agnes.post(f"{address}delete/", follow=True).content.decode()
    undo = re.search(r'<form method="post" action="(/inbox/views/\?[^"]+)"', gone)
    assert undo
    assert "Which size" not in page(as_agnes, "/inbox/")
    as_agnes.post(html.unescape(undo[1]))
    assert '<span class="grow">Which size</span>' in page(as_agnes, "/inbox/")


def test_many_conversations_are_closed_at_once_and_the_rest_is_told(
    as_alice: Client, write: Write, other_brand: Brand
) -> None:
    ids = [str(write(who=f"customer {n}").pk) for n in range(3)]
    answer = as_alice.post(
        "/inbox/bulk/", {"deed": "close", "id": [*ids, str(uuid.uuid4())]}, headers=SCRIPT
    ).json()
    assert sorted(answer["done"]) == sorted(ids)
    assert answer["failed"] == 1
    assert answer["said"].startswith("3 conversations were changed. 1 was not")
    assert not Conversation.objects.filter(status="open").exists()


def test_the_segments_of_the_profile_stand_beside_the_conversation(
    as_agnes: Client, brand: Brand, alice_acts: Actor, write: Write
) -> None:
    conversation = write(who="mark")
    for name, wanted in (("Marks", "Mark"), ("Others", "Lea")):
        rule = {"all": [{"field": "name", "op": "is", "value": [wanted]}]}
        do_create_segment(brand, name, rule, acting_user=alice_acts)
    assert f'hx-get="/inbox/{conversation.pk}/beside/story/"' in page(
        as_agnes, f"/inbox/{conversation.pk}/beside/"
    )
    beside = page(as_agnes, f"/inbox/{conversation.pk}/beside/story/")
    assert '<span class="tag">Marks</span>' in beside
    assert '<span class="tag">Others</span>' not in beside


def test_the_customer_is_seen_before_what_they_did_is_looked_up(as_agnes: Client, write: Write) -> None:
    conversation = write(who="mark")
    for part, most in (("beside/", 16), ("beside/story/", 18)):
        page(
            as_agnes, f"/inbox/{conversation.pk}/{part}"
        )  # a new brand's purposes are made when first asked for
        with CaptureQueriesContext(connection) as asked:
            page(as_agnes, f"/inbox/{conversation.pk}/{part}")
        assert len(asked) <= most, part
        assert any("lakestate" in one["sql"] for one in asked) is (part == "beside/story/")


def test_a_message_that_was_given_up_says_why_and_is_sent_again(
    as_agnes: Client, write: Write, pigeons: Pigeons
) -> None:
    conversation = write()
    as_agnes.post(f"/inbox/{conversation.pk}/reply/", {"text": "On its way."}, headers=SCRIPT)
    message = Message.objects.get(conversation=conversation, direction="out")
    pigeons.faults.append(NeverSent("The pigeon refuses."))
    sending.send(message.pk)
    opened = page(as_agnes, f"/inbox/{conversation.pk}/")
    assert "The pigeon refuses." in opened
    assert "Send again" in opened
    as_agnes.post(f"/inbox/messages/{message.pk}/again/", headers=SCRIPT)
    sending.send(message.pk)
    assert [each.text for each in pigeons.sent] == ["On its way."]


def test_a_file_is_shown_without_running_and_only_to_the_brand(
    as_agnes: Client, as_charlie: Client, as_bob: Client, write: Write
) -> None:
    conversation = write("Look", files=["shoe.png"])
    file = conversation.messages.get(text="Look").attachments.get()
    answer = as_agnes.get(f"/inbox/files/{file.pk}/")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert as_charlie.get(f"/inbox/files/{file.pk}/").status_code == 404
    assert as_bob.get(f"/inbox/files/{file.pk}/").status_code == 403
    file.media_type = "text/html"
    file.save()
    answer = as_agnes.get(f"/inbox/files/{file.pk}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_formatted_mail_shows_no_picture_from_elsewhere_until_asked(as_agnes: Client, write: Write) -> None:
    message = write().messages.get()
    message.html = '<p>Hello <img src="https://example.org/open.gif"></p>'
    message.save()
    for asked, allowed in (("", False), ("?images=1", True)):
        answer = as_agnes.get(f"/inbox/messages/{message.pk}/mail/{asked}")
        policy = answer.headers["Content-Security-Policy"]
        assert ("https:" in policy) is allowed
        assert "script-src" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_number_of_queries_does_not_grow_with_the_messages(as_agnes: Client, write: Write) -> None:
    address = f"/inbox/{write().pk}/"
    page(as_agnes, address)  # a new brand's purposes are made when they are first asked for
    with CaptureQueriesContext(connection) as before:
        page(as_agnes, address)
    for n in range(30):
        write(f"And {n}")
        write("I ask, too", f"customer {n}")
    with CaptureQueriesContext(connection) as after:
        page(as_agnes, address)
    assert len(after) == len(before)
    assert len(after) < 50


def test_an_account_is_connected_by_the_form_of_its_channel(
    as_alice: Client, brand: Brand, pigeons: Pigeons
) -> None:
    assert "Pigeons" in page(as_alice, "/inbox/settings/channels/")
    refused = as_alice.post("/inbox/settings/channels/new/pigeons/", {"name": "North", "set-loft": ""})
    assert refused.status_code == 422
    assert "This can’t be empty" in refused.content.decode().replace("&#x27;", "’")
    answer = as_alice.post(
        "/inbox/settings/channels/new/pigeons/", {"name": "North", "set-loft": "north", "set-secret": "hush"}
    )
    account = reads.accounts(brand.pk)[0]
    assert answer["Location"].endswith(f"/inbox/settings/channels/{account.id}/")
    shown = page(as_alice, answer["Location"])
    assert f"/hooks/pigeons/{account.id}" in shown
    assert "hush" not in shown
    assert "verify_" in shown


def test_what_was_not_understood_is_seen_raw_and_read_again(
    as_alice: Client, loft: ChannelAccount, as_agnes: Client
) -> None:
    writes.keep(loft, b"not json at all", name="odd")
    shown = page(as_alice, f"/inbox/settings/channels/{loft.pk}/")
    assert "It isn&#x27;t JSON." in shown
    answer = as_alice.post(f"/inbox/settings/channels/{loft.pk}/replay/", follow=True)
    assert "0 of 1 is understood now." in answer.content.decode()
    assert as_agnes.get(f"/inbox/settings/channels/{loft.pk}/").status_code == 403


def test_a_viewer_begins_act_with_the_actions(as_bob: Client) -> None:
    assert as_bob.get("/inbox/").status_code == 403
    assert 'href="/act/"' in page(as_bob, "/map/")
