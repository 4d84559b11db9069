"""Which target counts for a conversation: the first one whose conditions it meets."""

import uuid
from collections.abc import Iterable

from parcours.core.language import main_language
from parcours.customers.segments.of_customer import segments_of
from parcours.inbox.models import Conversation
from parcours.inbox.targets.models import Target

CONDITIONS = ("queue", "kind", "priority", "language", "segment")
"""What a target may ask; each is a list of which one must be."""


_STANDING = """
SELECT * FROM inbox_target WHERE brand_id = %s AND removed_at IS NULL ORDER BY "order", created_at, id
"""
"""Asked with every message: putting it together from Python took longer than the answer."""


def targets_of(brand_id: uuid.UUID) -> list[Target]:
    """Those that stand, in the order in which they are asked."""
    return list(Target.objects.raw(_STANDING, [brand_id]))


def fitting(conversation: Conversation, targets: Iterable[Target]) -> Target | None:
    """None where no target is meant for it."""
    return next((each for each in targets if _fits(conversation, each)), None)


def _fits(conversation: Conversation, target: Target) -> bool:
    asked = target.conditions
    return (
        _among(asked.get("queue"), str(conversation.queue_id or ""))
        and _among(asked.get("kind"), conversation.account.kind)
        and _among(asked.get("priority"), str(conversation.priority))
        and (
            _among(asked.get("language"), conversation.language)
            or _among(asked.get("language"), main_language(conversation.language))
        )
        and (not asked.get("segment") or _in_segment(conversation, asked["segment"]))
    )


def _among(wanted: list[str] | None, value: str) -> bool:
    return not wanted or value in wanted


def _in_segment(conversation: Conversation, wanted: list[str]) -> bool:
    if conversation.customer_id is None:
        return False
    found = segments_of(conversation.account.brand, conversation.customer_id)
    return any(each.key in wanted for each in found)
