"""Notes that call colleagues: they are told."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parcours.accounts.rights import Actor
from parcours.inbox.models import Message
from parcours.inbox.writes import add_note
from parcours.notices.enums import MailWhen
from parcours.notices.kinds import NoticeKind
from parcours.notices.writes import notify

MENTION = "inbox-mention"


def _sentence(facts: Mapping[str, Any]) -> str:
    return _("{who} mentioned you in conversation #{number}").format(
        who=facts.get("who") or _("Somebody who left"), number=facts.get("number", "")
    )


KINDS = {
    MENTION: NoticeKind(
        gettext_lazy("Mentions of you in conversations"), _sentence, mail=MailWhen.AT_ONCE, icon="chat"
    )
}


@transaction.atomic
def add_note_for(
    conversation_id: uuid.UUID,
    text: str,
    people: Collection[uuid.UUID],
    *,
    acting_user: Actor,
    message_id: uuid.UUID | None = None,
) -> Message:
    """A note, of which these people are told; kept already, nobody is told a second time.

    The notice never carries the note's words: they are about a customer, and leave with the conversation.
    """
    is_new = message_id is None or not Message.objects.filter(pk=message_id).exists()
    message = add_note(conversation_id, text, acting_user=acting_user, message_id=message_id)
    if is_new and people:
        notify(
            acting_user.brand_id,
            people,
            kind=MENTION,
            facts={"number": message.conversation.number},
            url=f"/inbox/{conversation_id}/#message-{message.pk}",
            acting_user=acting_user,
        )
    return message
