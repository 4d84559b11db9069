"""A visitor's stream, asked as a web server asks it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from parcours.accounts.rights import Actor
from parcours.api.chat import limits
from parcours.api.chat import stream as chat_stream
from parcours.asgi import application
from parcours.core.line import Line
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.models import ChannelAccount
from parcours.inbox.writes import add_note, change_account, close, send_reply
from parcours.live import backlog
from parcours.live.hub import hub
from tests.inbox.channels.chat.conftest import SHOP, Page
from tests.inbox.channels.chat.test_chat import PNG, the_conversation

pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """A request for the stream, its answer and what comes."""

    def __init__(self, page: Page, *, last: str = "", method: str = "GET", **headers: str) -> None:
        named = {"host": "localhost", "origin": page.origin, "authorization": f"Bearer {page.token}"}
        named |= {"last-event-id": last} if last else {}
        self._scope = {
            "type": "http",
            "method": method,
            "path": "/chat/stream",
            "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in (named | headers).items()],
            "client": ("203.0.113.7", 1),
        }
        self._sent: asyncio.Queue[Any] = asyncio.Queue()
        self._left = asyncio.Event()
        self.status, self.headers, self.last = 0, dict[str, str](), ""

    @asynccontextmanager
    async def opened(self) -> Any:
        task = asyncio.create_task(application(self._scope, self._receive, self._sent.put))
        start = await self._next()
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        yield self
        self._left.set()
        await asyncio.wait_for(task, 10)

    async def heard(self) -> tuple[str, Any]:
        """Name and data of the next event."""
        while True:
            lines = (await self._next())["body"].decode().split("\n")
            fields = dict(line.split(": ", 1) for line in lines if ": " in line)
            self.last = fields.get("id", self.last)
            if "event" in fields:
                return fields["event"], json.loads(fields["data"])

    async def body(self) -> Any:
        return json.loads((await self._next())["body"] or "{}")

    async def _next(self) -> Any:
        return await asyncio.wait_for(self._sent.get(), 20)

    async def _receive(self) -> Any:
        await self._left.wait()
        return {"type": "http.disconnect"}


async def elsewhere(work: Callable[[], Any]) -> None:
    """In a thread that leaves no connection behind."""

    def and_leave() -> None:
        work()
        connection.close()

    await sync_to_async(and_leave)()


def answered(request: Stream) -> int:
    async def scene() -> int:
        async with request.opened() as answer:
            return int(answer.status)

    return asyncio.run(scene())


def test_a_visitor_hears_replies_as_they_may_see_them(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Ma pointure ?")
    talk = the_conversation()

    async def scene() -> list[tuple[str, Any]]:
        async with Stream(visitor).opened() as page:
            assert page.status == 200
            assert page.headers["content-type"] == "text/event-stream"
            assert page.headers["access-control-allow-origin"] == SHOP
            assert page.headers["cache-control"] == "no-store"
            assert (await page.heard())[0] == "ready"
            await elsewhere(lambda: add_note(talk.pk, "Il est pressé", acting_user=alice_acts))
            await elsewhere(lambda: send_reply(talk.pk, "42", acting_user=alice_acts))
            await elsewhere(lambda: close(talk.pk, acting_user=alice_acts))
            return [await page.heard(), await page.heard()]

    (name, told), closed = asyncio.run(scene())
    assert (name, told["text"], told["author"], told["name"]) == ("message", "42", "agent", "Alice")
    assert told == visitor.me()["messages"][-1]
    assert (closed[0], closed[1]["status"]) == ("state", "closed")


def test_who_comes_back_is_told_what_was_missed_once(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Bonjour")
    talk = the_conversation()

    async def scene() -> list[str]:
        async with Stream(visitor).opened() as page:
            await page.heard()
        await elsewhere(lambda: send_reply(talk.pk, "one", acting_user=alice_acts))
        await elsewhere(lambda: send_reply(talk.pk, "two", acting_user=alice_acts))
        async with Stream(visitor, last=page.last).opened() as again:
            heard = [await again.heard(), await again.heard()]
            await elsewhere(lambda: send_reply(talk.pk, "three", acting_user=alice_acts))
            heard.append(await again.heard())
        return [told["text"] for _name, told in heard]

    assert asyncio.run(scene()) == ["one", "two", "three"]


def test_what_is_said_while_the_backlog_is_read_is_neither_lost_nor_doubled(
    visitor: Page, alice_acts: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.say("Bonjour")
    talk = the_conversation()
    last = visitor.me()["last"]
    read = backlog.missed

    async def slowly(line: Line, places: Sequence[Any]) -> Any:
        await elsewhere(lambda: send_reply(talk.pk, "before", acting_user=alice_acts))
        found = await read(line, places)
        await elsewhere(lambda: send_reply(talk.pk, "after", acting_user=alice_acts))
        return found

    monkeypatch.setattr(chat_stream, "missed", slowly)

    async def scene() -> list[str]:
        async with Stream(visitor, last=str(last)).opened() as page:
            heard = [await page.heard(), await page.heard()]
            await elsewhere(lambda: send_reply(talk.pk, "later", acting_user=alice_acts))
            return [told["text"] for _name, told in [*heard, await page.heard()]]

    assert asyncio.run(scene()) == ["before", "after", "later"]


def test_a_conversation_that_begins_is_followed_at_once(visitor: Page, alice_acts: Actor) -> None:
    async def scene() -> list[tuple[str, Any]]:
        async with Stream(visitor).opened() as page:
            heard = [await page.heard()]
            await elsewhere(lambda: visitor.say("Bonjour"))
            while heard[-1][0] != "reload":
                heard.append(await page.heard())
            await elsewhere(lambda: send_reply(the_conversation().pk, "Oui ?", acting_user=alice_acts))
            while heard[-1][1].get("text") != "Oui ?":
                heard.append(await page.heard())
            return heard

    assert asyncio.run(scene())[0][0] == "ready"


def test_a_file_comes_with_the_address_that_opens_it(visitor: Page) -> None:
    visitor.say("Bonjour")
    last = visitor.me()["last"]
    kept = visitor.call("POST", "upload?name=shoe.png", PNG).json()
    visitor.say("La voici", client="with-a-file", files=[kept["id"]])

    async def scene() -> Any:
        async with Stream(visitor, last=str(last)).opened() as page:
            return (await page.heard())[1]

    told = asyncio.run(scene())
    assert told["client"] == "with-a-file"
    assert [(file["name"], file["type"], file["size"]) for file in told["files"]] == [
        ("shoe.png", "image/png", len(PNG))
    ]
    assert told["files"][0]["url"].startswith("http://localhost/chat/files/")


def test_only_a_token_on_its_own_site_opens_a_stream(
    visitor: Page, chat: ChannelAccount, alice_acts: Actor
) -> None:
    assert answered(Stream(Page(chat))) == 401
    assert answered(Stream(Page(chat, token="chat_of_nobody"))) == 401
    assert answered(Stream(Page(chat, "https://elsewhere.example", visitor.token))) == 403
    assert answered(Stream(visitor, host="elsewhere.example")) == 400
    assert answered(Stream(visitor, method="POST")) == 405
    assert answered(Stream(visitor)) == 200
    change_account(chat.pk, enabled=False, acting_user=alice_acts)
    assert answered(Stream(visitor)) == 401


def test_a_refusal_is_told_in_the_words_of_the_page(chat: ChannelAccount) -> None:
    async def scene() -> Any:
        async with Stream(Page(chat), **{"accept-language": "fr"}).opened() as page:
            assert page.headers["content-type"] == "application/problem+json"
            assert page.headers["access-control-allow-origin"] == SHOP
            return await page.body()

    assert asyncio.run(scene())["title"] == "Ce jeton n’ouvre aucune session."


def test_browsers_may_ask_first_here_too(visitor: Page) -> None:
    async def scene() -> Any:
        async with Stream(visitor, method="OPTIONS").opened() as page:
            return page.status, page.headers

    status, headers = asyncio.run(scene())
    assert status == 204
    assert "Last-Event-ID" in headers["access-control-allow-headers"]


def test_a_page_that_comes_back_too_often_waits(visitor: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "monotonic", lambda: 0.0)

    async def scene() -> Any:
        for _time in range(60):
            async with Stream(visitor).opened() as page:
                assert page.status == 200
        async with Stream(visitor).opened() as page:
            return page.status, page.headers["retry-after"]

    assert asyncio.run(scene()) == (429, "1")


def test_a_database_that_is_away_is_told_to_the_page(visitor: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(_line: Line) -> Any:
        raise psycopg.OperationalError("no connection")

    monkeypatch.setattr(Line, "_connected", gone)
    assert answered(Stream(visitor)) == 503


def test_those_who_come_at_once_are_answered_by_few_questions(
    chat: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [Page(chat) for _page in range(8)]
    for page in pages:
        page.begin()
        page.say("Bonjour")
    asked: list[str] = []
    execute = Line.execute

    async def counted(line: Line, statement: str, values: Any) -> Any:
        asked.append(statement)
        return await execute(line, statement, values)

    monkeypatch.setattr(Line, "execute", counted)

    async def one(page: Page, everybody: Callable[[], Awaitable[Any]]) -> None:
        async with Stream(page, last="0").opened() as stream:
            assert (await stream.heard())[0] in {"message", "reload"}
            await everybody()

    async def scene() -> None:
        here = asyncio.Barrier(len(pages))
        await asyncio.gather(*(one(page, here.wait) for page in pages))

    asyncio.run(scene())
    assert len(asked) <= 3 * len(pages)


def test_nothing_is_left_of_a_stream_whose_page_has_gone(visitor: Page) -> None:
    async def scene() -> tuple[int, int]:
        async with Stream(visitor).opened() as page:
            await page.heard()
            during = len(hub()._followers)
        return during, len(hub()._followers)

    assert asyncio.run(scene()) == (1, 0)


def test_a_session_that_is_forgotten_ends_its_stream(visitor: Page) -> None:
    visitor.say("Bonjour")
    talk = the_conversation()

    async def scene() -> None:
        async with Stream(visitor).opened() as page:
            await page.heard()

            def forget() -> None:
                from django.db import transaction

                from parcours.inbox.chat.sessions import topic_of
                from parcours.live.writes import publish

                session = ChatSession.objects.get()
                session.delete()
                with transaction.atomic():
                    topic = topic_of(talk.account_id, session.visitor)
                    publish(talk.brand_id, topic, "chat.moved", {"session": str(session.pk)})

            await elsewhere(forget)
            assert (await page.heard())[0] == "reload"
            assert await page._next() == {"type": "http.response.body", "body": b""}

    asyncio.run(scene())
