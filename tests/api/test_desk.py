"""What the desk does, by programs: contacts, quick replies, macros, views, files, many at once."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import issue_token
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message
from parcours.inbox.reconciling.running import reconcile
from tests.api.test_inbox import ask as ask  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.api.test_inbox import conversation as conversation  # noqa: PLC0414
from tests.inbox.conftest import loft as loft  # noqa: PLC0414
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_contact_is_found_and_blocked(ask: Any, conversation: Conversation, loft: ChannelAccount) -> None:
    bring(loft, {"id": "9", "text": "Hi", "from": "zoe", "name": "Zoé"})
    found = ask("GET", "/contacts?q=mar")[1]["items"]
    assert [(each["name"], each["channel"]) for each in found] == [("Mark", "pigeons")]
    page = ask("GET", "/contacts?limit=1")[1]
    assert page["items"][0]["name"] == "Zoé"
    assert ask("GET", f"/contacts?cursor={page['next']}")[1]["items"][0]["name"] == "Mark"
    path = f"/contacts/{conversation.contact_id}"
    blocked = ask("PATCH", path, {"blocked": True, "because": "Advertising"})[1]
    assert (blocked["blocked_by"], blocked["blocked_because"]) == ("agent", "Advertising")
    assert not Conversation.objects.filter(contact=conversation.contact_id, status="open").exists()
    bring(loft, {"id": "3", "text": "Buy now"})
    assert not Message.objects.filter(external_id="3").exists()
    assert len(ask("GET", "/contacts?blocked=true")[1]["items"]) == 1
    assert ask("PATCH", path, {"blocked": False})[1]["blocked_at"] is None
    assert ask("PATCH", path, {"blocked": True}, role="viewer")[0] == 403
    assert ask("GET", f"/contacts/{uuid.uuid4()}")[0] == 404


def test_quick_replies_are_kept_by_programs(ask: Any, brand: Brand) -> None:
    wanted = {"shortcut": "parcel", "name": "Parcel", "texts": {"fr": "Il arrive."}}
    status, made, _tag = ask("POST", "/quick-replies", wanted, role="editor")
    assert (status, made["texts"]) == (201, {"fr": "Il arrive.", "en": ""})
    assert ask("POST", "/quick-replies", wanted, role="editor")[0] == 409
    assert ask("POST", "/quick-replies", wanted)[0] == 403
    path = f"/quick-replies/{made['id']}"
    bad = {**wanted, "texts": {"en": "{{no.such}}"}}
    assert ask("PUT", path, bad, role="editor", **{"If-Match": '"1"'})[0] == 422
    assert ask("PUT", path, wanted, role="editor")[0] == 428
    status, saved, tag = ask("PUT", path, {**wanted, "name": "Parcels"}, role="editor", **{"If-Match": '"1"'})
    assert (status, saved["name"], saved["revision"], tag) == (200, "Parcels", 2, '"2"')
    assert ask("PUT", path, wanted, role="editor", **{"If-Match": '"1"'})[0] == 409
    assert ask("GET", path)[2] == '"2"'
    assert [each["name"] for each in ask("GET", "/quick-replies")[1]["items"]] == ["Parcels"]
    assert ask("DELETE", path, role="editor")[0] == 204
    assert ask("GET", path)[0] == 404
    assert brand.pk


def test_macros_and_views_are_kept_by_programs(ask: Any) -> None:
    deeds = {"tags": ["return"], "priority": -1, "assign": "me", "snooze": None, "close": True}
    status, made, _tag = ask("POST", "/macros", {"name": "Return", "deeds": deeds}, role="editor")
    assert (status, made["deeds"]) == (201, deeds)
    assert ask("POST", "/macros", {"name": "Nothing"}, role="editor")[0] == 422
    path = f"/macros/{made['id']}"
    back = {"name": "Back", "deeds": deeds}
    assert ask("PUT", path, back, role="editor")[0] == 428
    status, saved, tag = ask("PUT", path, back, role="editor", **{"If-Match": '"1"'})
    assert (status, saved["name"], saved["revision"], tag) == (200, "Back", 2, '"2"')
    assert ask("PUT", path, {**back, "name": "Late"}, role="editor", **{"If-Match": '"1"'})[0] == 409
    assert ask("DELETE", path, role="editor")[0] == 204
    view = {"name": "Returns", "query": "?tag=return"}
    made = ask("POST", "/inbox-views", view, role="editor")[1]
    assert ask("GET", "/inbox-views")[1]["items"] == [{**view, "id": made["id"]}]
    assert ask("DELETE", f"/inbox-views/{made['id']}", role="editor")[0] == 204


def test_many_conversations_are_changed_at_once_and_each_says_how_that_went(
    ask: Any, conversation: Conversation, loft: ChannelAccount
) -> None:
    bring(loft, {"id": "9", "text": "Hi", "from": "zoe"})
    ids = [str(pk) for pk in Conversation.objects.values_list("pk", flat=True)]
    nobody = str(uuid.uuid4())
    done = ask("POST", "/conversations/bulk", {"ids": [*ids, nobody], "change": {"status": "closed"}})[1]
    assert {each["id"]: each["status"] for each in done["items"]} == {ids[0]: 200, ids[1]: 200, nobody: 404}
    assert not Conversation.objects.exclude(status="closed").exists()
    assert ask("POST", "/conversations/bulk", {"ids": [], "change": {}})[0] == 422


def test_a_conversation_is_taken_apart_and_its_ledger_read(
    ask: Any, conversation: Conversation, loft: ChannelAccount
) -> None:
    bring(loft, {"id": "2", "text": "And another matter"})
    second = Message.objects.get(external_id="2")
    status, new, _tag = ask("POST", f"/messages/{second.pk}/split")
    assert (status, new["messages"]) == (201, 1)
    merged = ask("POST", f"/conversations/{new['id']}/merge", {"into": str(conversation.pk)})
    assert merged[1]["messages"] == 2
    assert ask("POST", f"/conversations/{new['id']}/unmerge")[1]["messages"] == 1
    assert ask("POST", f"/conversations/{new['id']}/unmerge")[0] == 409
    assert ask("GET", f"/messages/{second.pk}")[1]["text"] == "And another matter"
    steps = [each["step"] for each in ask("GET", f"/messages/{second.pk}/ledger")[1]["items"]]
    assert steps == ["received", "stored"]


def test_files_go_out_once_and_are_read_back(brand: Brand, system: Actor, conversation: Conversation) -> None:
    secret = issue_token(brand, role="agent", name="files", acting_user=system)
    known = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "a"}
    path = f"/api/v1/conversations/{conversation.pk}/files"
    for _twice in range(2):
        picture = SimpleUploadedFile("shoe.png", b"\x89PNG shoe", "image/png")
        answer = Client().post(path, {"files": picture, "text": "Look."}, headers=known)
        assert answer.status_code == 201, answer.content
    file = Attachment.objects.get()
    read = Client().get(f"/api/v1/message-files/{file.pk}", headers=known)
    assert read.getvalue() == b"\x89PNG shoe"
    assert read["Content-Type"] == "application/octet-stream"
    wrong = SimpleUploadedFile("run.exe", b"MZ", "application/x-msdownload")
    refused = Client().post(path, {"files": wrong}, headers={"Authorization": f"Bearer {secret}"})
    assert refused.status_code == 422


def test_the_health_of_accounts_and_the_nightly_check_are_read(
    ask: Any, brand: Brand, loft: ChannelAccount
) -> None:
    assert ask("GET", "/channels/check", role="editor")[1]["began_at"] is None
    bring(loft, {"id": "out-1", "step": "read"})
    reconcile(brand)
    found = ask("GET", "/channels/check", role="editor")[1]["findings"]
    assert [(each["kind"], each["to_do"]) for each in found] == [("unread", True)]
    health = ask("GET", "/channels/health")[1]["items"]
    assert health[0]["unread"] == 1
    assert health[0]["troubles"] == ["The loft: 1 arrival can’t be read"]
