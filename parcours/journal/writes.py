import re
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from parcours.accounts.rights import Actor
from parcours.journal.models import Entry


def record(
    acting_user: Actor,
    verb: str,
    target_kind: str,
    target_id: uuid.UUID | int | str,
    data: dict[str, Any] | None = None,
) -> None:
    """Notes who did what to what, in the transaction of the write itself.

    `verb` is in the past tense (`card moved`), `data` holds what tells the story: old and new
    values, never secrets.
    """
    Entry.objects.create(
        brand_id=acting_user.brand_id,
        actor_kind=acting_user.kind,
        actor_id=acting_user.id,
        actor_label=acting_user.label,
        verb=verb,
        target_kind=target_kind,
        target_id=str(target_id),
        data=data or {},
    )


BLACKED_OUT = "[erased]"
FEW = 200
"""So many words the database looks for by itself; of more, every entry is read and its words looked up."""
_WORD = re.compile(r"[\w.+@-]+")


@transaction.atomic
def black_out(brand_id: uuid.UUID, words: Collection[str]) -> int:
    """Takes the words of erased people out of the entries' data; returns how many entries held any.

    Who did what, when and to what stays as it is: the database lets nothing else be changed.
    """
    wanted = frozenset(word.casefold() for word in words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', 'on', true)")
    changed = 0
    for entry in _entries_with(brand_id, wanted).iterator():
        data = _without(entry.data, wanted)
        if data != entry.data:
            Entry.objects.filter(pk=entry.pk).update(data=data)
            changed += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', '', true)")
    return changed


def _entries_with(brand_id: uuid.UUID, words: frozenset[str]) -> QuerySet[Entry]:
    entries = Entry.objects.filter(brand_id=brand_id)
    if not words:
        return entries.none()
    if len(words) > FEW:
        return entries.exclude(data={})
    held = Q()
    for word in words:
        held |= Q(said__icontains=word)
    return entries.annotate(said=Cast("data", TextField())).filter(held)


def _without(data: Any, words: frozenset[str]) -> Any:
    if isinstance(data, dict):
        return {_without(key, words): _without(value, words) for key, value in data.items()}
    if isinstance(data, list):
        return [_without(value, words) for value in data]
    return BLACKED_OUT if isinstance(data, str) and _holds(data.casefold(), words) else data


def _holds(text: str, words: frozenset[str]) -> bool:
    if len(words) > FEW:
        return text in words or not words.isdisjoint(_WORD.findall(text))
    return any(word in text for word in words)
