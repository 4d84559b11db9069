"""The only way out of a page that is photographed: each host is resolved once, checked and pinned.

Chromium resolves no names itself and sends everything here: pages, what they load, redirects, sockets.
"""

import http.client
import select
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from typing import Self
from urllib.parse import urlsplit

from parcours.canvas.captures.enums import Trouble
from parcours.core.errors import BadInput
from parcours.core.outbound import Unreachable, connect

Origin = tuple[str, int]

BROWSERS_OWN = frozenset(
    {
        "accounts.google.com",
        "android.clients.google.com",
        "clients2.google.com",
        "content-autofill.googleapis.com",
        "mtalk.google.com",
        "optimizationguide-pa.googleapis.com",
        "safebrowsing.googleapis.com",
        "update.googleapis.com",
    }
)
"""Where Chromium itself reports to: its maker isn't told what is photographed."""

MOST_BYTES = 80 * 1024 * 1024
MOST_LINES = 128
CONNECT_SECONDS = 15.0
_HEAD = 64 * 1024
_PIECE = 64 * 1024
_KEPT_BY_PROXIES = (b"proxy-", b"connection:", b"keep-alive:", b"upgrade-insecure-requests:")


class FilteringProxy:
    """Listens on this machine for as long as the `with` lasts.

    `own` are hosts and ports of this installation that may be reached although they are private.
    """

    def __init__(self, own: Collection[Origin] = ()) -> None:
        self.own = frozenset(own)
        self.refused: dict[Origin, Trouble] = {}
        """What was not let through, and why."""
        self.bytes = 0
        self._counting = threading.Lock()
        self.places = threading.BoundedSemaphore(MOST_LINES)
        self._server = _Server(self)

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def is_full(self) -> bool:
        return self.bytes > MOST_BYTES

    def count(self, size: int) -> bool:
        """Notes what came through; false when it is too much."""
        with self._counting:
            self.bytes += size
        return not self.is_full

    def line_to(self, host: str, port: int) -> socket.socket | None:
        """A line to a host; None when it is refused or nobody answers."""
        if host in BROWSERS_OWN:
            return None
        try:
            if (host, port) in self.own:
                return socket.create_connection((host, port), timeout=CONNECT_SECONDS)
            return connect(host, port, seconds=CONNECT_SECONDS)
        except BadInput:
            self.refused[host, port] = Trouble.PRIVATE
        except Unreachable:
            self.refused[host, port] = Trouble.NO_SUCH_HOST
        except OSError:
            self.refused[host, port] = Trouble.NO_ANSWER
        return None

    def __enter__(self) -> Self:
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, proxy: FilteringProxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Line)

    def handle_error(self, request: object, client_address: object) -> None:
        """A page that breaks off its lines is no news."""


class _Line(BaseRequestHandler):
    """One line from Chromium: a tunnel to a host, or one request without TLS."""

    def handle(self) -> None:
        proxy: FilteringProxy = self.server.proxy  # type: ignore[attr-defined]
        self.request.settimeout(CONNECT_SECONDS)
        with proxy.places, suppress(OSError, ValueError, UnicodeError):
            head, rest = _read_head(self.request)
            method, target, _version = head.split(b"\r\n", 1)[0].split(b" ", 2)
            if method == b"CONNECT":
                self._tunnel(proxy, target.decode("ascii"), rest)
            else:
                self._pass_on(proxy, head, target.decode("ascii"), rest)

    def _tunnel(self, proxy: FilteringProxy, target: str, rest: bytes) -> None:
        parts = urlsplit(f"//{target}")
        line = proxy.line_to(parts.hostname or "", parts.port or 443)
        if line is None:
            self._refuse()
            return
        with line:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            line.sendall(rest)
            _relay(proxy, self.request, line, both_ways=True)

    def _pass_on(self, proxy: FilteringProxy, head: bytes, target: str, rest: bytes) -> None:
        """One request: the line ends with its answer, so that no other is taken for the same host."""
        parts = urlsplit(target)
        if parts.scheme != "http" or not parts.hostname:
            self._refuse()
            return
        line = proxy.line_to(parts.hostname, parts.port or 80)
        if line is None:
            self._refuse()
            return
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with line:
            line.sendall(_rewritten(head, path))
            self._send_body(line, head, rest)
            _relay(proxy, self.request, line, both_ways=False)

    def _send_body(self, line: socket.socket, head: bytes, rest: bytes) -> None:
        fields = http.client.parse_headers(_Lines(head.split(b"\r\n", 1)[1] + b"\r\n\r\n"))
        wanted = int(fields.get("Content-Length", 0))
        body = rest[:wanted]
        line.sendall(body)
        missing = wanted - len(body)
        while missing > 0:
            piece = self.request.recv(min(missing, _PIECE))
            if not piece:
                return
            line.sendall(piece)
            missing -= len(piece)

    def _refuse(self) -> None:
        self.request.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class _Lines:
    """Bytes, read line by line."""

    def __init__(self, content: bytes) -> None:
        self._lines = iter(content.splitlines(keepends=True))

    def readline(self, _most: int = -1) -> bytes:
        return next(self._lines, b"")


def _read_head(line: socket.socket) -> tuple[bytes, bytes]:
    """The request's first lines, and what came after them already. Raises ValueError."""
    content = b""
    while b"\r\n\r\n" not in content:
        piece = line.recv(_PIECE)
        if not piece or len(content) > _HEAD:
            raise ValueError(len(content))
        content += piece
    head, rest = content.split(b"\r\n\r\n", 1)
    return head, rest


def _rewritten(head: bytes, path: str) -> bytes:
    """The request as the host itself wants it, and the last on its line."""
    first, *fields = head.split(b"\r\n")
    method, _target, version = first.split(b" ", 2)
    kept = [field for field in fields if not field.lower().startswith(_KEPT_BY_PROXIES)]
    return b"\r\n".join(
        [b" ".join([method, path.encode("ascii"), version]), *kept, b"Connection: close", b"", b""]
    )


def _relay(proxy: FilteringProxy, page: socket.socket, host: socket.socket, *, both_ways: bool) -> None:
    """Hands on what one side says to the other until one has said everything."""
    page.settimeout(CONNECT_SECONDS)
    lines = [page, host] if both_ways else [host]
    while True:
        ready, _, _ = select.select(lines, [], [], CONNECT_SECONDS)
        if not ready:
            return
        for line in ready:
            piece = line.recv(_PIECE)
            if not piece or not proxy.count(len(piece)):
                return
            (host if line is page else page).sendall(piece)
