"""The kinds of shops that can be connected, each described by its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from parcours.events.hooks.enums import Trouble
from parcours.events.hooks.fields import Fields
from parcours.events.hooks.telling import Told
from parcours.events.ingest.messages import Message

Headers = Mapping[str, str]
"""Names in small letters."""


@dataclass(frozen=True, slots=True)
class HookKind:
    """What tells one kind of shop from another.

    `check` says what is wrong with a signature, made over the raw bytes; None when it is good. `external_id`
    names a delivery, the same when it is sent again. `readers` make messages of it, by topic, and raise
    NotUnderstood. `requests` are topics by which a person asks for a copy of their data, or for erasure (a
    `RequestKind`). `is_test` and `greets` recognise what tells nothing of a customer; a greeting is unsigned.
    """

    key: str
    headers: tuple[str, ...]  # kept beside the body, none of them secret
    check: Callable[[str, Headers, bytes, datetime], Trouble | None]
    external_id: Callable[[Headers, bytes, Fields], str]
    topic: Callable[[Headers, Fields], str]
    readers: Mapping[str, Callable[[Told], list[Message]]]
    requests: Mapping[str, str] = field(default_factory=dict)
    is_test: Callable[[Headers, Fields], bool] = lambda _headers, _payload: False
    greets: Callable[[Headers, bytes], bool] = lambda _headers, _body: False


def kind_of(key: str) -> HookKind | None:
    """The kind of that name; None for one that isn't known."""
    from parcours.events.hooks import prestashop, shopify, stripe, woocommerce

    kinds = {each.key: each for each in (shopify.KIND, woocommerce.KIND, prestashop.KIND, stripe.KIND)}
    return kinds.get(key)
