from django.apps import AppConfig

from parcours.core.registry import (
    live_topics,
    notice_kinds,
    people_who_leave,
    personal_data,
    received_messages,
    retention,
)


class InboxConfig(AppConfig):
    name = "parcours.inbox"
    label = "inbox"

    def ready(self) -> None:
        from parcours.inbox import retention as kept
        from parcours.inbox.chat.answers import answer_first
        from parcours.inbox.chat.moves import tell_visitor
        from parcours.inbox.desk.notes import KINDS as NOTE_NOTICES
        from parcours.inbox.desk.signatures import forget_signatures
        from parcours.inbox.mail.ids import note_ids
        from parcours.inbox.personal_data import RECORDS
        from parcours.inbox.placing.watching import KINDS as TROUBLES
        from parcours.inbox.rights import may_follow_conversation, may_follow_inbox

        live_topics.register("inbox", may_follow_inbox)
        live_topics.register("conversation", may_follow_conversation)
        personal_data.register(RECORDS.name, RECORDS)
        people_who_leave.register("signatures", forget_signatures)
        for name, kind in {**NOTE_NOTICES, **TROUBLES}.items():
            notice_kinds.register(name, kind)
        retention.register("conversations", kept.CONVERSATIONS)
        retention.register("message_files", kept.FILES)
        retention.register("arrivals", kept.ARRIVALS)
        received_messages.register("mail ids", note_ids)
        received_messages.register("chat", tell_visitor)
        received_messages.register("chat answers", answer_first)
