from django.apps import AppConfig

from parcours.core.registry import live_topics


class EventsConfig(AppConfig):
    name = "parcours.events"
    label = "events"

    def ready(self) -> None:
        from parcours.events.rights import may_follow_import, may_follow_lake

        live_topics.register("lake", may_follow_lake)
        live_topics.register("import", may_follow_import)
