import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from parcours.core.clock import now
from parcours.live.models import Presence, Update

CHANNEL = "parcours_live"
KEPT = timedelta(hours=24)
MOST_WORDS = 200


def publish(brand_id: uuid.UUID, topic: str, name: str, payload: dict[str, Any]) -> None:
    """Sends a message to those who follow `topic`, when the surrounding transaction commits.

    Raises RuntimeError outside a transaction.
    """
    publish_by_topic(brand_id, {topic: name}, payload)


def publish_by_topic(brand_id: uuid.UUID, names: Mapping[str, str], payload: dict[str, Any]) -> None:
    """The same to those who follow one of several topics, under the name that it has in each.

    Its id is given then (see migration 0003): within a brand ids become visible in their order, and a client
    that resumes after an id misses nothing. Until then publishers don't wait for each other.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside the transaction of the write it tells about")
    Update.objects.bulk_create(
        Update(brand_id=brand_id, topic=topic, name=name, payload=payload) for topic, name in names.items()
    )


def wait_for_turn(brand_id: uuid.UUID) -> None:
    """Waits until those who publish in this brand have committed; whoever asks the database from here to the
    end of the transaction sees what they stored. Others wait meanwhile, so let it be the end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, brand_id.int & 0x7FFFFFFF])


def forget_old_updates() -> int:
    """Deletes messages that no client will resume from any more; returns how many."""
    Presence.objects.filter(until__lt=now()).delete()
    deleted, _by_model = Update.objects.filter(at__lt=now() - KEPT).delete()
    return deleted


def forget_updates(brand_id: uuid.UUID, customer_ids: Collection[int], words: Collection[str]) -> int:
    """Deletes messages to those who follow these customers, and any that hold one of the words; returns how
    many. A client that is away just then misses them. Of very many words it only asks whom messages are for:
    they are kept for a day.
    """
    about = Q(topic__in=[f"customer:{each}" for each in customer_ids])
    held = Update.objects.annotate(words=Cast("payload", TextField()))
    for word in words if len(words) <= MOST_WORDS else ():
        about |= Q(words__contains=word)
    deleted, _by_model = held.filter(about, brand_id=brand_id).delete()
    return deleted


_LOCK_SPACE = 0x11FE
