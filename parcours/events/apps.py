from django.apps import AppConfig

from parcours.core.registry import joined_customers, live_topics, personal_data


class EventsConfig(AppConfig):
    name = "parcours.events"
    label = "events"

    def ready(self) -> None:
        from parcours.events.following import ask_to_follow
        from parcours.events.personal_data import FILES, LAKE
        from parcours.events.rights import may_follow_events, may_follow_import, may_follow_lake

        live_topics.register("lake", may_follow_lake)
        live_topics.register("events", may_follow_events)
        live_topics.register("import", may_follow_import)
        joined_customers.register("lake", ask_to_follow)
        personal_data.register("events", LAKE)
        personal_data.register("files", FILES)
