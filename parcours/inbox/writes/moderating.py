"""What is done to a customer's comment on the platform itself: hiding it, liking it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.errors import Conflict, NotFound
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Deed
from parcours.inbox.models import Message
from parcours.inbox.rights import REPLY
from parcours.inbox.writes.common import changed, note_deed


def do_on_platform(message_id: uuid.UUID, name: str, *, acting_user: Actor) -> Message:
    """Asks the platform, then notes it: what it refuses isn't noted.

    Raises NotFound, Conflict for what can't be done to this message now, TryLater, NeverSent.
    """
    acting_user.require(REPLY)
    message = (
        Message.objects.select_related("account")
        .filter(pk=message_id, brand_id=acting_user.brand_id, direction="in")
        .first()
    )
    if message is None:
        raise NotFound(_("There is no such message."))
    channel = channel_of(message.account.kind)
    deed = next((each for each in channel.deeds(message.payload) if each.name == name), None)
    if deed is None or message.account.removed_at is not None:
        raise Conflict(_("This can't be done to the message now."), remedy=_("Load the page anew."))
    channel.do(message.account, message, deed.name)
    return _noted(message.pk, deed, acting_user)


@transaction.atomic
def _noted(message_id: uuid.UUID, deed: Deed, acting_user: Actor) -> Message:
    message = (
        Message.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=message_id)
    )
    done = [each for each in message.payload.get("done", ()) if each not in {deed.name, deed.undoes}]
    message.payload = {**message.payload, "done": done if deed.undoes else [*done, deed.name]}
    message.save(update_fields=["payload"])
    note_deed(acting_user, message.conversation, f"comment {deed.name}", {"message": str(message.pk)})
    changed(message.conversation, "message", message=message)
    return message
