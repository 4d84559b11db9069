"""Addresses from which our mails came back for good: nobody writes there until somebody writes from there."""

from datetime import datetime

from parcours.inbox.models import ChannelAccount, Contact, Message

_KEY = "undeliverable"


def note_undeliverable(account: ChannelAccount, address: str, reason: str, at: datetime) -> None:
    """Kept with the contact. The same report again changes nothing."""
    contact = (
        Contact.objects.select_for_update(no_key=True).filter(account=account, external_id=address).first()
    )
    if contact is None:
        return
    contact.profile = {**contact.profile, _KEY: {"at": at.isoformat(), "reason": reason[:280]}}
    contact.save(update_fields=["profile"])


def why_undeliverable(contact: Contact, last_customer_at: datetime | None) -> str:
    """The reason why mails to that contact come back; empty when they don't, or the contact wrote since."""
    note = contact.profile.get(_KEY)
    if not note:
        return ""
    if last_customer_at is not None and last_customer_at > datetime.fromisoformat(note["at"]):
        return ""
    return str(note["reason"]) or "5.1.1"


def newest_sent_to(account: ChannelAccount, address: str, since: datetime) -> Message | None:
    """The one message that a report without an id can be about."""
    sent = Message.objects.filter(
        account=account, direction="out", at__gte=since, conversation__contact__external_id=address
    )
    return sent.order_by("-at").first()
