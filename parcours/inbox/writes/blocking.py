"""Contacts whose messages are not taken in."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.inbox.models import Contact
from parcours.inbox.rights import REPLY
from parcours.inbox.webhooks.hearing import hear_contact
from parcours.journal.writes import record


@transaction.atomic
def block(contact_id: uuid.UUID, *, acting_user: Actor, blocked: bool = True) -> Contact:
    """What they write from now on is kept raw and shown to nobody; what is there stays. Raises NotFound."""
    acting_user.require(REPLY)
    rows = Contact.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=contact_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such contact."))
    if blocked == (row.blocked_at is not None):
        return row
    row.blocked_at = now() if blocked else None
    row.save(update_fields=["blocked_at"])
    verb = "blocked" if blocked else "unblocked"
    record(acting_user, f"contact {verb}", "contact", row.pk, {"account": row.account.name})
    hear_contact(row, f"contact.{verb}")
    return row
