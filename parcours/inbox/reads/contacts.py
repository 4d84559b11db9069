"""People as accounts of channels know them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.core.text import storable
from parcours.inbox.models import Contact


@dataclass(frozen=True, slots=True)
class ContactRow:
    id: uuid.UUID
    account_id: uuid.UUID
    kind: str
    external_id: str
    name: str
    handle: str
    language: str
    customer_id: int | None
    created_at: datetime
    blocked_at: datetime | None
    blocked_by: str
    blocked_because: str


def contacts(
    brand_id: uuid.UUID,
    *,
    words: str = "",
    account_id: uuid.UUID | None = None,
    customer_id: int | None = None,
    blocked: bool | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> tuple[ContactRow, ...]:
    """The newest first; `words` are a part of a name, address or number."""
    rows = Contact.objects.filter(brand_id=brand_id)
    if words:
        said = storable(words)
        rows = rows.filter(
            Q(name__icontains=said) | Q(handle__icontains=said) | Q(external_id__icontains=said)
        )
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if blocked is not None:
        rows = rows.filter(blocked_at__isnull=not blocked)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return tuple(contact_row(row) for row in rows.select_related("account").order_by("-id")[:limit])


def contact(brand_id: uuid.UUID, contact_id: uuid.UUID) -> ContactRow:
    """Raises NotFound."""
    row = Contact.objects.select_related("account").filter(brand_id=brand_id, pk=contact_id).first()
    if row is None:
        raise NotFound(_("There is no such contact."))
    return contact_row(row)


def contact_row(row: Contact) -> ContactRow:
    return ContactRow(
        id=row.pk,
        account_id=row.account_id,
        kind=row.account.kind,
        external_id=row.external_id,
        name=row.name,
        handle=row.handle,
        language=row.language,
        customer_id=row.customer_id,
        created_at=row.created_at,
        blocked_at=row.blocked_at,
        blocked_by=row.blocked_by,
        blocked_because=row.blocked_because,
    )
