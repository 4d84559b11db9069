"""As little of HTTP as thousands of connections need: requests over kept connections, and streams."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Client:
    """Requests to ports of this machine; connections are kept and used again. `asked` counts them by method
    and address, without ids.
    """

    def __init__(self, asked: dict[str, int]) -> None:
        self._asked = asked
        self._idle: dict[int, list[Connection]] = defaultdict(list)

    async def ask(
        self, port: int, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, bytes]:
        """Status and body. Raises OSError or EOFError when the server goes away."""
        self._asked[f"{method} {_ID.sub('…', path.partition('?')[0])}"] += 1
        idle = self._idle[port]
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(_head(port, method, path, {**headers, "Content-Length": str(len(body))}) + body)
            status, told = await _answer(reader)
            if told.get("transfer-encoding") == "chunked":
                got = b"".join([piece async for piece in _chunks(reader)])
            else:
                got = await reader.readexactly(int(told.get("content-length", 0)))
        except BaseException:
            writer.close()
            raise
        if told.get("connection") == "close":
            writer.close()
        else:
            idle.append((reader, writer))
        return status, got


async def events(port: int, path: str, headers: Mapping[str, str]) -> AsyncIterator[tuple[str, str, str]]:
    """Id, name and data of each event of a stream, until it ends; first an event `open` of ours."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(_head(port, "GET", path, {**headers, "Accept": "text/event-stream"}))
        status, _told = await _answer(reader)
        if status != 200:
            raise OSError(f"the stream answered {status}")
        yield "", "open", ""
        rest = b""
        async for piece in _chunks(reader):
            *blocks, rest = (rest + piece).split(b"\n\n")
            for block in blocks:
                fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if ": " in line)
                if "event" in fields:
                    yield fields.get("id", ""), fields["event"], fields.get("data", "")
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    line = await reader.readline()
    if not line:
        raise EOFError("the server is gone")
    told = {}
    while (header := await reader.readline()) not in {b"\r\n", b""}:
        name, _colon, value = header.decode("latin-1").partition(":")
        told[name.lower()] = value.strip()
    return int(line.split()[1]), told


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while True:
        size = int((await reader.readline()).strip() or b"0", 16)
        piece = await reader.readexactly(size + 2)
        if not size:
            return
        yield piece[:-2]


def _head(port: int, method: str, path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
