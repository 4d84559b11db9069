"""Who wrote: a contact of the account, and the customer they are."""

from typing import Any

from django.db import IntegrityError, transaction

from parcours.customers.enums import IdentityKind
from parcours.customers.writes import Profile, resolve_identities, update_profiles
from parcours.inbox.channels.base import Sender
from parcours.inbox.models import ChannelAccount, Contact
from parcours.inbox.webhooks.hearing import hear_contact
from parcours.inbox.writes.telling import channel_identity

_SUREST_FIRST = (
    IdentityKind.USER_ID,
    IdentityKind.EMAIL,
    IdentityKind.PHONE,
    IdentityKind.ANONYMOUS_ID,
)


def contact_of(account: ChannelAccount, sender: Sender) -> Contact:
    """The contact, made when it isn't known yet, locked for this transaction: conversations of one contact
    begin one after the other.
    """
    rows = Contact.objects.select_for_update(no_key=True).filter(account=account)
    external_id = sender.external_id[:254]
    found = rows.filter(external_id=external_id).first()
    is_new = found is None
    if found is None:
        try:
            with transaction.atomic():
                Contact.objects.create(brand_id=account.brand_id, account=account, external_id=external_id)
        except IntegrityError:  # somebody else was faster
            pass
        found = rows.get(external_id=external_id)
    found.account = account
    has_learnt = _learn(found, sender)
    if is_new or has_learnt:
        hear_contact(found, "contact.created" if is_new else "contact.changed")
    return found


def _learn(contact: Contact, sender: Sender) -> bool:
    """What is said newly, over what was known; what is not said stays. Whether anything was new."""
    known = contact.profile.get("identities", {})
    identities = {**known, **{kind: value for kind, value in sender.identities.items() if value}}
    profile = {**contact.profile, **sender.profile, **({"identities": identities} if identities else {})}
    new: dict[str, Any] = {
        "name": sender.name[:200] or contact.name,
        "handle": sender.handle[:254] or contact.handle,
        "language": sender.language[:8] or contact.language,
        "profile": profile,
    }
    if sender.nameless:
        profile["nameless"] = True
    elif contact.customer_id is None or identities != known:
        new["customer_id"] = _customer(contact, identities)
    changed = [name for name, value in new.items() if getattr(contact, name) != value]
    for name in changed:
        setattr(contact, name, new[name])
    if changed:
        contact.save(update_fields=changed)
        _tell_profile(contact)
    return bool(changed)


def _customer(contact: Contact, identities: dict[str, str]) -> int:
    """By the surest identity; a person who is known by the channel only is a customer of their own."""
    brand = contact.account.brand
    for kind in _SUREST_FIRST:
        if identities.get(kind):
            return int(resolve_identities(brand, kind, [identities[kind]])[0])
    return int(resolve_identities(brand, IdentityKind.ANONYMOUS_ID, [channel_identity(contact)])[0])


def _tell_profile(contact: Contact) -> None:
    if contact.customer_id is not None and (contact.name or contact.language):
        said = Profile(name=contact.name, language=contact.language)
        update_profiles(contact.account.brand, {contact.customer_id: said})
