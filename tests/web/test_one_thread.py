"""The handler that makes pages (`web/one_thread.py`), called as a server calls it."""

import asyncio
from typing import Any

import pytest

from parcours.web.one_thread import InOneThread

pytestmark = pytest.mark.django_db(transaction=True)


def ask(path: str, *, method: str = "GET", body: tuple[bytes, ...] = (b"",)) -> tuple[int, list[Any], bytes]:
    """Status, headers and body."""
    told: list[dict[str, Any]] = []
    pieces = [
        {"type": "http.request", "body": piece, "more_body": place < len(body) - 1}
        for place, piece in enumerate(body)
    ]

    async def receive() -> dict[str, Any]:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json")],
    }
    asyncio.run(InOneThread()(scope, receive, send))
    if not told:
        return 0, [], b""
    assert [each.get("more_body", False) for each in told[1:]][-1] is False
    return told[0]["status"], told[0]["headers"], b"".join(each["body"] for each in told[1:])


def test_a_page_comes_whole_with_what_the_middleware_adds() -> None:
    status, headers, body = ask("/accounts/login/")
    names = {name.lower(): value for name, value in headers}
    assert status == 200
    assert int(names[b"content-length"]) == len(body)
    assert b"default-src" in names[b"content-security-policy"]
    assert any(name == b"Set-Cookie" for name, _value in headers)


def test_a_body_may_come_in_pieces() -> None:
    status, _headers, body = ask("/chat/sessions", method="POST", body=(b'{"account":', b' "shop"}'))
    assert status == 422
    assert "shop" in body.decode(), "it was read to its end"


def test_who_leaves_before_the_body_is_there_gets_nothing() -> None:
    assert ask("/accounts/login/", method="POST", body=()) == (0, [], b"")


def test_what_is_not_there_says_so() -> None:
    status, _headers, body = ask("/nothing-here/")
    assert status == 404
    assert body


def test_connections_to_the_database_are_given_back() -> None:
    from django.db import connections

    pool = connections["default"].pool  # type: ignore[attr-defined]
    for _time in range(30):  # more than there are connections
        assert ask("/readyz")[0] == 200
    stats = pool.get_stats()
    assert stats["pool_available"] >= stats["pool_size"] - 1, "but for this thread's own"
