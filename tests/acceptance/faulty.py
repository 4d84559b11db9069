"""A bad line between a client and the server: answers 429 or 500 at times, and loses answers."""

import gzip
import http.client
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

_ID = re.compile(rb'"(?:messageId|uuid)": ?"[^"]+"')
_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}


class BadLine:
    """Passes on what it is sent, except at times; what is sent again gets through, for clients give up.

    Posts are counted: one of seven is answered with 429 and not passed on; the server's answer to one of nine
    is replaced by a 500, so that the client sends again what is stored already; of one of thirty-one the
    connection ends without an answer. `taken` are the ids that the server has accepted.
    """

    def __init__(self, server: int, before_passing_on: Callable[[], None]) -> None:
        self.taken: set[bytes] = set()
        self.answers: list[int] = []
        self._posts = 0
        self._seen: set[bytes] = set()
        self._lock = threading.Lock()
        self._server = server
        self._wait = before_passing_on
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                line._pass_on(self, is_post=True)

            def do_GET(self) -> None:
                line._pass_on(self, is_post=False)

            do_OPTIONS = do_GET  # noqa: N815 - as the base class calls it

            def log_message(self, *_arguments: Any) -> None:
                pass

        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._listening.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._listening.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listening.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.shutdown()
        self._listening.server_close()

    def _fault(self, body: bytes) -> str:
        """What goes wrong with this post."""
        found = _ID.search(_plain(body))
        with self._lock:
            sent_before = found is not None and found[0] in self._seen
            self._seen.add(found[0] if found else b"")
            if sent_before:
                return ""
            self._posts += 1
            number = self._posts
        if number % 7 == 3:
            return "429"
        if number % 31 == 15:
            return "no answer"
        return "500" if number % 9 == 1 else ""

    def _pass_on(self, asked: BaseHTTPRequestHandler, *, is_post: bool) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        fault = self._fault(body) if is_post else ""
        if fault == "429":
            self._answer(asked, 429, {"Retry-After": "1", **CORS}, b'{"code":"slow","message":"down"}')
            return
        if is_post:
            self._wait()
        try:
            status, headers, content = self._ask(asked, body)
        except (OSError, http.client.HTTPException):
            asked.close_connection = True  # the server died under it
            return
        if is_post and status == 200:
            with self._lock:
                self.taken.update(_ID.findall(_plain(body)))
        if fault == "no answer":
            asked.close_connection = True
        elif fault == "500":
            self._answer(asked, 500, CORS, b'{"code":"broken","message":"broken"}')
        else:
            self._answer(asked, status, headers, content)

    def _ask(self, asked: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server, timeout=60)
        try:
            headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OWN}
            connection.request(asked.command, asked.path, body, {**headers, "Host": self.url[7:]})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def _answer(
        self, asked: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes
    ) -> None:
        with self._lock:
            self.answers.append(status)
        try:
            asked.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _OWN:
                    asked.send_header(name, value)
            asked.send_header("Content-Length", str(len(content)))
            asked.end_headers()
            asked.wfile.write(content)
        except OSError:
            asked.close_connection = True  # the client didn't wait


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
