from django.apps import AppConfig

from parcours.core.registry import live_topics


class InboxConfig(AppConfig):
    name = "parcours.inbox"
    label = "inbox"

    def ready(self) -> None:
        from parcours.inbox.rights import may_follow_conversation, may_follow_inbox

        live_topics.register("inbox", may_follow_inbox)
        live_topics.register("conversation", may_follow_conversation)
