"""What a client is told."""

import re
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

import msgspec

from parcours.api.ingest.bodies import header
from parcours.events.ingest.checking import Checked

Headers = tuple[tuple[bytes, bytes], ...]

CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after"),
)
"""The write key stands in every page of the shop, so any page may send with it; cookies play no part."""
_HEADER_NAMES = re.compile(r"[A-Za-z0-9, -]{0,500}")


class Answer(NamedTuple):
    status: int
    headers: Headers
    body: bytes = b""


def preflight(scope: dict[str, Any]) -> Answer:
    """A browser asks before it sends: clients come with headers of their own, and all of them may."""
    asked = header(scope["headers"], b"access-control-request-headers")
    allowed = asked if _HEADER_NAMES.fullmatch(asked) else ""
    more = (
        (b"access-control-allow-methods", b"POST, GET, OPTIONS"),
        (b"access-control-allow-headers", (allowed or "authorization, content-type").encode()),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"access-control-request-headers"),
    )
    return Answer(204, (*CORS, *more))


def verdicts(checked: Sequence[Checked], new: set[str]) -> Answer:
    """200 when at least one message was taken in (or there was none), with what became of each.

    Those that were sent before are counted as duplicates: they are stored, once.
    """
    rejected = [
        {"index": place, "messageId": each.message_id, "reason": str(each.refusal.label)}
        for place, each in enumerate(checked)
        if each.refusal is not None
    ]
    accepted = len(checked) - len(rejected)
    sent = Counter(each.message_id for each in checked if each.refusal is None)
    body = {
        "success": not rejected,
        "status": "Ok" if accepted or not rejected else "Error",
        "accepted": accepted,
        "duplicates": sum(count - (message_id in new) for message_id, count in sent.items()),
        "rejected": rejected,
    }
    return _json(200 if accepted or not rejected else 400, body)


def problem(status: int, sentence: str, *, retry_after: int = 0, more: Headers = ()) -> Answer:
    if retry_after:
        more = (*more, (b"retry-after", str(retry_after).encode()))
    body = {"success": False, "status": "Error", "code": HTTPStatus(status).phrase, "message": sentence}
    return _json(status, body, more)


def answer_of_settings(key: str, scope: dict[str, Any]) -> Answer:
    """What analytics.js asks its `cdnURL` for before it begins: that everything goes to this server."""
    headers = scope["headers"]
    protocol = header(headers, b"x-forwarded-proto").partition(",")[0].strip() or scope.get("scheme", "http")
    host = header(headers, b"host")
    segment: dict[str, Any] = {
        "apiKey": key,
        "apiHost": f"{host}/v1",
        "protocol": protocol,
        "unbundledIntegrations": [],
        "addBundledMetadata": True,
    }
    return _json(
        200,
        {
            "integrations": {"Segment.io": segment},
            "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "legacyVideoPluginsEnabled": False,
            "remotePlugins": [],
        },
        ((b"cache-control", b"public, max-age=300"),),
    )


def _json(status: int, body: Any, more: Headers = ()) -> Answer:
    encoded = msgspec.json.encode(body)
    length = (b"content-length", str(len(encoded)).encode())
    return Answer(status, (*CORS, *more, (b"content-type", b"application/json"), length), encoded)
