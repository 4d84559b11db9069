"""What all shops' orders have in common."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from parcours.events.hooks.telling import Told, Who


def content_changed(
    told: Told, number: str, version: datetime, who: Who, content: Any, *, placed: bool = True
) -> bool:
    """Whether the order's content differs from what it was when it was last told of, and is newer.

    Shops tell an order anew when it is paid, tagged or printed; only a change of what was bought, what it
    costs or where it goes is one for the customer. Also keeps who ordered, and that they did, for what names
    only the order.
    """
    digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()[:32]
    before = told.memory.recall(f"order:{number}") or {}
    state = {
        "content": digest,
        "placed": placed or before.get("placed", False),
        "user_id": who.user_id or before.get("user_id", ""),
        "visitor": who.visitors[0] if who.visitors else before.get("visitor", ""),
    }
    newer = told.memory.keep(f"order:{number}", version, state, who)
    return newer and bool(before.get("placed")) and before.get("content") != digest
