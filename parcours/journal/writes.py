import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import TextField
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


@transaction.atomic
def black_out(brand_id: uuid.UUID, words: Collection[str]) -> int:
    """Takes the words of an erased person out of the entries' data; returns how many entries held any.

    Who did what, when and to what stays as it is: the database lets nothing else be changed.
    """
    found = [
        entry
        for word in words
        for entry in Entry.objects.annotate(words=Cast("data", TextField())).filter(
            brand_id=brand_id, words__icontains=word
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', 'on', true)")
    changed = set()
    for entry in found:
        data = _without(entry.data, [word.casefold() for word in words])
        if data != entry.data:
            Entry.objects.filter(pk=entry.pk).update(data=data)
            changed.add(entry.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parcours.erasing', '', true)")
    return len(changed)


def _without(data: Any, words: Collection[str]) -> Any:
    if isinstance(data, dict):
        return {_without(key, words): _without(value, words) for key, value in data.items()}
    if isinstance(data, list):
        return [_without(value, words) for value in data]
    if isinstance(data, str) and any(word in data.casefold() for word in words):
        return BLACKED_OUT
    return data
