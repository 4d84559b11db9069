"""A platform that answers what a test tells it to, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answering = Callable[["Asked"], tuple[int, Any]]


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Platform:
    """Its answers are JSON, or bytes as they are; `headers` go with each."""

    answering: Answering
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def platform(answering: Answering) -> Iterator[Platform]:
    there = Platform(answering)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            asked = Asked(self.command, self.path, headers, body)
            there.asked.append(asked)
            status, said = there.answering(asked)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in {"ETag": '"1"', **there.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = _handle  # noqa: N815 - the library's names

        def log_message(self, *_arguments: object) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
