"""The load: visitors with the chat open and agents at their desks, in a process of its own.

Reads from standard input whom to play (JSON), tells how many streams are open, waits for a line, plays, and
prints what was seen. Each does what the real scripts do: a visitor's page follows its stream and marks what
it shows; a desk follows its stream, fetches the messages of its conversations and, in paces, the rows of its
list and the counts.
"""

import asyncio
import json
import random
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.chat_parts.http import Client, events

_working: set[asyncio.Task[Any]] = set()


def meanwhile(work: Coroutine[Any, Any, Any]) -> None:
    """Does it beside what goes on; the loop itself keeps no hold of it."""
    task = asyncio.create_task(work)
    _working.add(task)
    task.add_done_callback(_working.discard)


TOGETHER, A_WHILE, FLOOD, SELDOM, PACE = 0.15, 1.0, 2.0, 3.0, 5.0
CSRF = "a" * 32
FORM = "application/x-www-form-urlencoded"


@dataclass
class Seen:
    """By the words of a message: when it was sent, and each time that somebody was shown it."""

    sent: dict[str, float] = field(default_factory=dict)
    visitors: list[str] = field(default_factory=list)
    shown: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stored: set[str] = field(default_factory=set)
    answers: list[float] = field(default_factory=list)
    again: int = 0
    broken: list[float] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    asked: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    told: int = 0


class Load:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.ports: list[int] = plan["ports"]
        self.brand: str = plan["brand"]
        self.visitors: list[dict[str, str]] = plan["visitors"]
        self.agents: list[str] = plan["agents"]
        self.rate: float = plan["rate"]
        self.seconds: float = plan["seconds"]
        self.polls: float = plan.get("polls", 0)
        self.seen = Seen()
        self.client = Client(self.seen.asked)
        self.opened = 0
        self.talks = [each for each in self.visitors if each["conversation"]]
        self.desk_of = {each["conversation"]: n % len(self.agents) for n, each in enumerate(self.talks)}

    # Whoever follows

    async def visitor(self, place: int) -> None:
        token = {"Authorization": f"Bearer {self.visitors[place]['token']}"}
        if self.polls and self.visitors[place]["conversation"]:
            await self.poll(place, token)
            return
        turn, last = place, ""
        while True:
            try:
                port = self.ports[turn % len(self.ports)]
                headers = token | ({"Last-Event-ID": last} if last else {})
                async for at, name, data in events(port, "/chat/stream", headers):
                    last = at or last
                    if name == "open":
                        self.opened += 1
                        if turn != place:
                            self.seen.back.append(time.time())
                    elif name == "message":
                        told = json.loads(data)
                        if told["author"] == "agent":
                            self.seen.shown[told["text"]].append(time.time())
                            meanwhile(self.mark(port, token, told["id"]))
            except (OSError, EOFError, ValueError):
                pass
            self.opened -= 1
            self.seen.broken.append(time.time())
            turn += 1
            await asyncio.sleep(random.uniform(0.5, 2.0))  # as the widget does

    async def poll(self, place: int, token: dict[str, str]) -> None:
        """What a chat without streams does: asks for the newest messages every few seconds."""
        known: set[str] = set()
        self.opened += 1
        await asyncio.sleep(random.uniform(0, self.polls))
        while True:
            with suppress(OSError, EOFError, ValueError):
                _status, body = await self.client.ask(self.ports[place % 2], "GET", "/chat/me", token)
                for told in json.loads(body).get("messages", ()):
                    if told["id"] not in known and told["author"] == "agent":
                        self.seen.shown[told["text"]].append(time.time())
                    known.add(told["id"])
            await asyncio.sleep(self.polls)

    async def mark(self, port: int, token: dict[str, str], message: str) -> None:
        body = json.dumps({"message": message, "step": "read"}).encode()
        with suppress(OSError, EOFError, ValueError):
            await self.client.ask(
                port, "POST", "/chat/mark", {**token, "Content-Type": "application/json"}, body
            )

    async def desk(self, place: int) -> None:
        turn, last = place, ""
        headers = {"Cookie": self.agents[place], "HX-Request": "true"}
        stale: set[str] = set()
        rows = Paced(TOGETHER, lambda: self.rows(turn, headers, stale), apart=FLOOD)
        counts = Paced(A_WHILE, lambda: self.get(turn, "/inbox/counts/", headers), apart=SELDOM)
        while True:
            try:
                port = self.ports[turn % len(self.ports)]
                resume = headers | ({"Last-Event-ID": last} if last else {})
                async for at, name, data in events(port, f"/live?topic=inbox:{self.brand}", resume):
                    last = at or last
                    if name == "open":
                        self.opened += 1
                    self.seen.told += 1
                    if name != "inbox.changed":
                        continue
                    told = json.loads(data)
                    if told["what"] != "step":
                        stale.add(told["conversation"])
                        rows.soon()
                        counts.soon()
                    mine = self.desk_of.get(told["conversation"]) == place
                    if mine and told.get("direction") == "in" and told["what"] == "message":
                        meanwhile(self.show(turn, headers, told["message"]))
            except (OSError, EOFError, ValueError):
                pass
            self.opened -= 1
            turn += 1
            await asyncio.sleep(1.5)

    async def show(self, turn: int, headers: dict[str, str], message: str) -> None:
        body = await self.get(turn, f"/inbox/messages/{message}/", headers)
        start = body.find("said:")
        if start >= 0:
            self.seen.shown[body[start : start + 41]].append(time.time())

    async def rows(self, turn: int, headers: dict[str, str], stale: set[str]) -> None:
        wanted = list(stale)[:100]
        stale.difference_update(wanted)
        await self.get(turn, "/inbox/rows/?" + "&".join(f"id={each}" for each in wanted), headers)

    async def get(self, turn: int, path: str, headers: dict[str, str]) -> str:
        for again in range(20):
            try:
                status, body = await self.client.ask(
                    self.ports[(turn + again) % len(self.ports)], "GET", path, headers
                )
                if status == 200:
                    return body.decode()
                self.seen.refused[f"GET {status}"] += 1
            except (OSError, EOFError):
                await asyncio.sleep(0.2)
        return ""

    # Whoever writes

    async def write(self, number: int) -> None:
        """A visitor's, then an agent's, and so on; sent again under its id until it is stored."""
        talk = self.talks[number // 2 % len(self.talks)]
        desk = self.desk_of[talk["conversation"]]
        pk = str(uuid.uuid4())
        text = f"said:{pk}"
        if number % 2:
            path = f"/inbox/{talk['conversation']}/reply/"
            headers = {"Cookie": f"{self.agents[desk]}; parcours_csrf={CSRF}", "X-CSRFToken": CSRF}
            headers |= {"HX-Request": "true", "Content-Type": FORM}
            body = urlencode({"text": text, "id": pk}).encode()
        else:
            path = "/chat/post"
            headers = {"Authorization": f"Bearer {talk['token']}", "Content-Type": "application/json"}
            body = json.dumps({"id": pk, "text": text}).encode()
        self.seen.sent[text] = time.time()
        if not number % 2:
            self.seen.visitors.append(text)
        for again in range(40):
            try:
                port = self.ports[(number // 2 + again) % len(self.ports)]
                began = time.time()
                status, _body = await self.client.ask(port, "POST", path, headers, body)
                if status in {200, 201}:
                    self.seen.stored.add(text)
                    self.seen.answers.append(time.time() - began)
                    return
                self.seen.refused[f"POST {status}"] += 1
            except (OSError, EOFError):
                pass
            self.seen.again += 1
            await asyncio.sleep(0.5)

    async def play(self) -> None:
        writing = []
        began = time.time()
        for number in range(int(self.rate * self.seconds)):
            await asyncio.sleep(max(0, began + number / self.rate - time.time()))
            writing.append(asyncio.create_task(self.write(number)))
        await asyncio.gather(*writing)
        deadline = time.time() + 15
        while time.time() < deadline and len(self.seen.shown) < len(self.seen.sent):
            await asyncio.sleep(0.2)


class Paced:
    """As `frontend/shared/paced.ts`."""

    def __init__(self, wait: float, work: Any, apart: float = 0) -> None:
        self.wait = self.pause = wait
        self.apart, self.began = apart, 0.0
        self.work = work
        self.planned = False

    def soon(self) -> None:
        if not self.planned:
            self.planned = True
            meanwhile(self._do())

    async def _do(self) -> None:
        await asyncio.sleep(max(self.pause, self.began + self.apart - time.perf_counter()))
        self.planned = False
        self.began = time.perf_counter()
        await self.work()
        self.pause = max(self.wait, PACE * (time.perf_counter() - self.began))


async def main() -> None:
    load = Load(json.loads(sys.stdin.readline()))
    following = [asyncio.create_task(load.desk(place)) for place in range(len(load.agents))]
    for place in range(len(load.visitors)):
        following.append(asyncio.create_task(load.visitor(place)))
        await asyncio.sleep(0.012)
    began = time.time()
    while load.opened < len(following) and time.time() < began + 120:
        await asyncio.sleep(0.2)
    print(json.dumps({"opened": load.opened}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await load.play()
    seen = load.seen
    print(
        json.dumps(
            {
                "sent": seen.sent,
                "visitors": seen.visitors,
                "shown": seen.shown,
                "stored": sorted(seen.stored),
                "answers": seen.answers,
                "again": seen.again,
                "broken": seen.broken,
                "back": seen.back,
                "refused": seen.refused,
                "asked": seen.asked,
                "told": seen.told,
                "opened": load.opened,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    try:
        import uvloop
    except ImportError:
        asyncio.run(main())
    else:
        uvloop.run(main())
