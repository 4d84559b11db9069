"""Raw arrivals of people whose names on a channel are too short to be searched for: they are read anew, and
what they say of their sender is compared as a whole.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import QuerySet

from parcours.core.errors import ParcoursError
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Incoming, IncomingStep, Told
from parcours.inbox.models import Arrival

_WHO = ("id", "from", "to", "sender", "recipient", "author", "user", "username", "handle", "contact")
"""How fields end that say who somebody is, in what no channel can read."""


def naming(
    brand_id: uuid.UUID, account_ids: Collection[uuid.UUID], names: Collection[str]
) -> list[uuid.UUID]:
    """Those that came in by these accounts and whose sender is one of `names`."""
    if not names:
        return []
    rows: QuerySet[Arrival] = (
        Arrival.objects.filter(brand_id=brand_id, account_id__in=account_ids, forgotten_at=None)
        .select_related("account")
        .order_by("pk")
    )
    return [row.pk for row in rows.iterator(chunk_size=200) if _names_one(row, frozenset(names))]


def _names_one(arrival: Arrival, names: frozenset[str]) -> bool:
    body = bytes(arrival.body)
    if not any(name.encode() in body for name in names):
        return False
    try:
        told = list(channel_of(arrival.account.kind).read(arrival.account, body, arrival.headers))
    except (ParcoursError, ValueError, LookupError, TypeError, AttributeError):
        return not names.isdisjoint(_identifiers(body))
    return any(not names.isdisjoint(_known_by(each)) for each in told)


def _known_by(told: Told) -> Iterable[str]:
    if isinstance(told, Incoming):
        return (told.sender.external_id, told.sender.handle, *told.sender.identities.values())
    return (told.contact,) if isinstance(told, IncomingStep) else ()


def _identifiers(body: bytes) -> Iterator[str]:
    text = body.decode("utf-8", "replace")
    try:
        yield from _inside("", json.loads(text))
    except (ValueError, RecursionError):
        yield from (value for name, value in parse_qsl(text) if name.lower().endswith(_WHO))


def _inside(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _inside(str(key), each)
    elif isinstance(value, list):
        for each in value:
            yield from _inside(name, each)
    elif isinstance(value, str | int) and name.lower().endswith(_WHO):
        yield str(value)
