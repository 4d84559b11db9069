from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out

from parcours.core.registry import (
    changed_roles,
    live_topics,
    notice_kinds,
    people_who_leave,
    personal_data,
    planned_ahead,
    received_messages,
    retention,
    suggested_answers,
    webhook_kinds,
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
        from parcours.inbox.desk.suggesting import suggested_replies
        from parcours.inbox.hours.acknowledging import acknowledge
        from parcours.inbox.mail.ids import note_ids
        from parcours.inbox.personal_data import RECORDS
        from parcours.inbox.placing.watching import KINDS as TROUBLES
        from parcours.inbox.reconciling.telling import KINDS as NIGHTLY
        from parcours.inbox.rights import may_follow_conversation, may_follow_inbox
        from parcours.inbox.routing.agents import agent_or_not, forget_agent
        from parcours.inbox.routing.deserting import KINDS as QUEUES
        from parcours.inbox.routing.presence import hear_of_signing_out
        from parcours.inbox.routing.writes import route_received
        from parcours.inbox.sending import move_back as move_messages_back
        from parcours.inbox.targets.bundling import forget_late
        from parcours.inbox.targets.reminding import KINDS as REMINDERS
        from parcours.inbox.webhooks.delivering import move_back as move_webhooks_back
        from parcours.inbox.webhooks.hearing import hear_message
        from parcours.inbox.webhooks.kinds import KINDS as TOLD
        from parcours.inbox.webhooks.records import OLD_EVENTS
        from parcours.inbox.webhooks.telling_owners import KINDS as WEBHOOK_NOTICES

        planned_ahead.register("messages", move_messages_back)
        planned_ahead.register("webhooks", move_webhooks_back)
        live_topics.register("inbox", may_follow_inbox)
        live_topics.register("conversation", may_follow_conversation)
        personal_data.register(RECORDS.name, RECORDS)
        people_who_leave.register("signatures", forget_signatures)
        people_who_leave.register("routing", forget_agent)
        people_who_leave.register("late conversations", forget_late)
        changed_roles.register("routing", agent_or_not)
        user_logged_out.connect(hear_of_signing_out)
        suggested_answers.register("quick replies", suggested_replies)
        for kinds in (NOTE_NOTICES, TROUBLES, REMINDERS, WEBHOOK_NOTICES, NIGHTLY, QUEUES):
            for name, kind in kinds.items():
                notice_kinds.register(name, kind)
        retention.register("conversations", kept.CONVERSATIONS)
        retention.register("message_files", kept.FILES)
        retention.register("arrivals", kept.ARRIVALS)
        retention.register("webhook_events", OLD_EVENTS)
        received_messages.register("mail ids", note_ids)
        received_messages.register("routing", route_received)  # before whatever asks for its queue
        received_messages.register("chat", tell_visitor)
        received_messages.register("chat answers", answer_first)
        received_messages.register("acknowledgements", acknowledge)
        received_messages.register("webhooks", hear_message)
        for name, told in TOLD.items():
            webhook_kinds.register(name, told)
