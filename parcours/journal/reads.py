import uuid

from django.db.models import QuerySet

from parcours.journal.models import Entry


def entries_of(brand_id: uuid.UUID, *, target_kind: str = "", target_id: str = "") -> QuerySet[Entry]:
    """What happened in a brand, newest first; of one kind of thing or one thing when named."""
    entries = Entry.objects.filter(brand_id=brand_id).order_by("-id")
    if target_kind:
        entries = entries.filter(target_kind=target_kind)
    if target_id:
        entries = entries.filter(target_id=target_id)
    return entries
