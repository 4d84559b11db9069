"""Editors of one canvas: each with a session of their own, following the stream as the map's script does.

An editor keeps the cards as the stream and the fragments tell them: nothing is read behind their backs.
"""

import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from lxml import html

Place = tuple[str, str]
FRAGMENT = {"HX-Request": "true", "X-Requested-With": "parcours"}
DRAWS = {"card.created", "card.changed", "card.moved", "card.restored"}


@dataclass(frozen=True)
class CardNow:
    """A card as it is drawn: what a person would see of it."""

    revision: int
    stage: str
    lane: str
    order: str
    title: str
    text: str
    level: str


@dataclass
class Canvas:
    """What all editors work on; `emotions` are the lanes whose cards have a level."""

    journey: str
    stages: list[str]
    lanes: list[str]
    emotions: frozenset[str]
    newest: str


@dataclass
class Told:
    """What was acknowledged, by whom it was seen, and how long that took."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    sent: dict[tuple[str, int], float] = field(default_factory=dict)
    last: dict[str, tuple[int, CardNow | None]] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    seen: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    deeds: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0

    def acknowledge(self, deed: str, card: str, revision: int, now: CardNow | None, began: float) -> None:
        with self.lock:
            self.deeds[deed] = self.deeds.get(deed, 0) + 1
            self.sent[card, revision] = began
            self.seconds.extend(at - began for at in self.seen.pop((card, revision), []))
            if revision > self.last.get(card, (0, None))[0]:
                self.last[card] = (revision, now)

    def shown(self, card: str, revision: int) -> None:
        """An editor sees this revision now, perhaps before its maker hears that it is stored."""
        at = time.monotonic()
        with self.lock:
            began = self.sent.get((card, revision))
            if began is None:
                self.seen.setdefault((card, revision), []).append(at)
            else:
                self.seconds.append(at - began)


def read_cards(page: str) -> dict[str, CardNow]:
    """The cards of a page or fragment, by id."""
    found = {}
    for card in html.fromstring(f"<main>{page}</main>").iter("li"):
        name, stage = card.get("data-card"), card.get("data-stage")
        if not name or not stage:
            continue  # not a card, or the blank one of the page
        found[name] = CardNow(
            revision=int(card.get("data-revision") or 0),
            stage=stage,
            lane=card.get("data-lane") or "",
            order=card.get("data-order") or "",
            title=_words(card, "data-title"),
            text=_words(card, "data-text"),
            level=card.get("data-level") or "",
        )
    return found


def _words(card: html.HtmlElement, mark: str) -> str:
    marked = [part for part in card.iter() if part.get(mark) is not None]
    return " ".join(marked[0].text_content().split()) if marked else ""


class Editor:
    """One person at work. `cards` is what they see."""

    def __init__(self, number: int, port: int, session: str, canvas: Canvas, told: Told) -> None:
        self.number = number
        self.canvas, self.told = canvas, told
        self.cards: dict[str, CardNow] = {}
        self.faults: list[str] = []
        self.over = threading.Event()
        self.listening = threading.Event()
        self._random = random.Random(number)
        self._port, self._session = port, session
        self._last_id = canvas.newest
        self._lock = threading.Lock()
        self._fetching = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._saying = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._stream: http.client.HTTPConnection | None = None

    # Asking

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        fields: Mapping[str, Any] | None = None,
        revision: int | None = None,
    ) -> tuple[int, str, int]:
        """Status, body and revision of the answer."""
        token = "c" * 32
        headers = {
            **FRAGMENT,
            "Cookie": f"parcours_session={self._session}; parcours_csrf={token}",
            "X-CSRFToken": token,
        }
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        body = None
        if fields is not None:
            body = urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        tag = (answer.headers.get("ETag") or "").strip('W/"')
        return answer.status, text, int(tag) if tag.isdecimal() else 0

    def _url(self, card: str, verb: str = "") -> str:
        return f"/map/{self.canvas.journey}/cards/{card}/{verb}"

    def open_page(self, connection: http.client.HTTPConnection | None = None) -> dict[str, CardNow]:
        """The whole canvas, drawn anew."""
        status, page, _revision = self._ask(connection or self._saying, "GET", f"/map/{self.canvas.journey}/")
        assert status == 200, status
        return read_cards(page)

    # Following

    def follow(self) -> None:
        """Until `over`: hears of changes and draws them, and comes back after where it was when cut off."""
        while not self.over.is_set():
            try:
                self._listen()
            except (OSError, http.client.HTTPException, ValueError):
                self.over.wait(0.2)

    def hang_up(self) -> None:
        self.over.set()
        if self._stream is not None and self._stream.sock is not None:
            self._stream.sock.close()

    def _listen(self) -> None:
        self._stream = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        path = f"/live?topic=journey:{self.canvas.journey}&last_event_id={self._last_id}"
        headers = {"Cookie": f"parcours_session={self._session}", "Accept": "text/event-stream"}
        self._stream.request("GET", path, headers=headers)
        answer = self._stream.getresponse()
        if answer.status != 200:
            self.faults.append(f"GET live: {answer.status}")
            raise OSError(answer.status)
        self.listening.set()
        for name, identifier, data in _messages(answer):
            if name in DRAWS:
                self._draw(data["card"], data["revision"])
            elif name == "card.deleted":
                self._take_off(data["card"], data["revision"])
            elif name == "reset":
                self._replace(self.open_page(self._fetching))
            if identifier:
                self._last_id = identifier

    def _draw(self, card: str, revision: int) -> None:
        there = self.cards.get(card)
        if there is None or there.revision < revision:
            status, page, _revision = self._ask(self._fetching, "GET", self._url(card))
            if status == 200:
                self._put(card, read_cards(page)[card])
            elif status == 404:
                self._take_off(card, revision)
            else:
                self.faults.append(f"GET card: {status}")
        self.told.shown(card, revision)

    def _put(self, card: str, now: CardNow) -> None:
        with self._lock:
            there = self.cards.get(card)
            if there is None or there.revision <= now.revision:
                self.cards[card] = now

    def _take_off(self, card: str, revision: int) -> None:
        with self._lock:
            there = self.cards.get(card)
            if there is not None and there.revision <= revision:
                del self.cards[card]

    def _replace(self, cards: dict[str, CardNow]) -> None:
        with self._lock:
            self.cards = cards

    # Doing

    def work(self, until: float, pause: float) -> None:
        """One deed after the other with a pause that varies around `pause` seconds."""
        deeds = (self._add, self._edit, self._edit, self._edit, self._move, self._move, self._away_and_back)
        while time.monotonic() < until:
            self.over.wait(self._random.uniform(0, 2 * pause))
            try:
                self._random.choice(deeds)()
            except (OSError, http.client.HTTPException) as fault:
                self.faults.append(repr(fault))
                return

    def _some_card(self) -> str | None:
        with self._lock:
            cards = sorted(self.cards)
        return self._random.choice(cards) if cards else None

    def _word(self) -> str:
        return f"w{self.number}x{uuid.uuid4().hex[:8]}"

    def _took(self, deed: str, card: str, answer: tuple[int, str, int], began: float) -> bool:
        """Whether the deed was stored; then what the answer shows stands here too, as on the board."""
        status, page, revision = answer
        if status in {200, 201}:
            now = read_cards(page).get(card)
            self.told.acknowledge(deed, card, revision, now, began)
            if now is not None:
                self._put(card, now)
            else:
                self._take_off(card, revision)
            return True
        if status in {404, 409}:
            with self.told.lock:
                self.told.conflicts += 1
        else:
            self.faults.append(f"{deed}: {status}")
        return False

    def _add(self) -> None:
        card, word, began = str(uuid.uuid4()), self._word(), time.monotonic()
        fields = {
            "id": card,
            "stage": self._random.choice(self.canvas.stages),
            "lane": self._random.choice(self.canvas.lanes),
            "title": f"Card of {self.number}",
            "text": word,
        }
        answer = self._ask(self._saying, "POST", f"/map/{self.canvas.journey}/cards/", fields)
        if self._took("add", card, answer, began):
            self._remember(card, word)

    def _edit(self) -> None:
        """Adds a word to a card's text; when somebody was faster, to what they wrote."""
        card = self._some_card()
        if card is None:
            return
        word, began = self._word(), time.monotonic()
        with self._lock:
            there = self.cards.get(card)
        for _attempt in range(20):
            if there is None:
                return
            fields = {"title": there.title, "text": f"{there.text} {word}".strip()}
            if there.lane in self.canvas.emotions:
                fields["detail-level"] = str(self._random.randrange(-100, 101, 5))
            answer = self._ask(self._saying, "POST", self._url(card, "edit/"), fields, there.revision)
            if self._took("edit", card, answer, began):
                self._remember(card, word)
                return
            there = self._as_stored(card)

    def _as_stored(self, card: str) -> CardNow | None:
        status, page, _revision = self._ask(self._saying, "GET", self._url(card))
        return read_cards(page)[card] if status == 200 else None

    def _move(self) -> None:
        card = self._some_card()
        with self._lock:
            there = self.cards.get(card or "")
            others = list(self.cards.items())
        if card is None or there is None:
            return
        lane = self._random.choice(self.canvas.lanes)
        stage = self._random.choice(self.canvas.stages)
        cell = [pk for pk, other in others if (other.stage, other.lane) == (stage, lane) and pk != card]
        fields = {"stage": stage, "lane": lane, "after": self._random.choice(cell) if cell else ""}
        began = time.monotonic()
        answer = self._ask(self._saying, "POST", self._url(card, "move/"), fields, there.revision)
        self._took("move", card, answer, began)

    def _away_and_back(self) -> None:
        """Deletes a card; two times of three puts it back."""
        card = self._some_card()
        with self._lock:
            there = self.cards.get(card or "")
        if card is None or there is None:
            return
        began = time.monotonic()
        answer = self._ask(self._saying, "POST", self._url(card, "delete/"), {}, there.revision)
        if not self._took("delete", card, answer, began) or self._random.random() < 1 / 3:
            return
        began = time.monotonic()
        self._took("restore", card, self._ask(self._saying, "POST", self._url(card, "restore/"), {}), began)

    def _remember(self, card: str, word: str) -> None:
        with self.told.lock:
            self.told.words.setdefault(card, set()).add(word)


def _messages(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, id and data of each message of a stream."""
    name = identifier = ""
    while line := answer.readline():
        words = line.decode().rstrip("\n")
        if found := re.fullmatch(r"(event|id|data): ?(.*)", words):
            if found[1] == "event":
                name = found[2]
            elif found[1] == "id":
                identifier = found[2]
            else:
                yield name, identifier, json.loads(found[2])
                name = identifier = ""
