"""Visitors of a chat as programs: they send what they have until it is taken, and follow their stream."""

import http.client
import json
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ORIGIN = "https://shop.example"


@dataclass
class Visitor:
    """`seen` are the client ids that the stream told, each as often as it did; `tries` all posts."""

    url: str
    account: str
    token: str = ""
    last: int = 0
    seen: dict[str, set[str]] = field(default_factory=dict)
    tries: int = 0
    reconnects: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        told = self._until_taken("sessions", {"account": self.account, "language": "en"})
        self.token, self.last = told["token"], told["last"]

    def say(self, client: str, text: str) -> None:
        self._until_taken("post", {"id": client, "text": text})

    def follow(self) -> None:
        """Until `over`: reads the stream and comes back after where it was when cut off."""
        while not self.over.is_set():
            try:
                self._read_stream()
            except (OSError, http.client.HTTPException):
                self.over.wait(0.2)
            self.reconnects += 1

    def _until_taken(self, address: str, body: dict[str, Any]) -> dict[str, Any]:
        while True:
            self.tries += 1
            try:
                connection = self._connection()
                connection.request("POST", f"/chat/{address}", json.dumps(body), self._headers())
                answer = connection.getresponse()
                told = answer.read()
            except (OSError, http.client.HTTPException):
                self.over.wait(0.1)
                continue
            if answer.status in {429, 500, 502, 503}:
                self.over.wait(0.2)
                continue
            assert answer.status in {200, 201}, told
            taken: dict[str, Any] = json.loads(told)
            return taken

    def _read_stream(self) -> None:
        connection = self._connection()
        connection.request(
            "GET", "/chat/stream", headers={**self._headers(), "Last-Event-ID": str(self.last)}
        )
        answer = connection.getresponse()
        if answer.status != 200:
            self.over.wait(0.2)
            return
        block: list[str] = []
        while not self.over.is_set():
            line = answer.readline().decode()
            if not line:
                return  # what wasn't ended by an empty line didn't come
            if line.strip():
                block.append(line.rstrip("\n"))
                continue
            said = dict(each.split(": ", 1) for each in block if not each.startswith(":"))
            block = []
            self._take(said.get("event", ""), said.get("data", "{}"))
            self.last = int(said.get("id", self.last))

    def _take(self, name: str, data: str) -> None:
        if name == "message":
            self._see(json.loads(data))
        elif name == "reload":
            connection = self._connection()
            connection.request("GET", "/chat/me", headers=self._headers())
            for told in json.loads(connection.getresponse().read())["messages"]:
                self._see(told)

    def _see(self, told: dict[str, Any]) -> None:
        self.seen.setdefault(told["client"], set()).add(told["id"])

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)

    def _headers(self) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Origin": ORIGIN, "Content-Type": "application/json", **bearer}
