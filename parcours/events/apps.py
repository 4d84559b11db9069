from django.apps import AppConfig

from parcours.core.registry import customers_who, joined_customers, live_topics, personal_data, retention


class EventsConfig(AppConfig):
    name = "parcours.events"
    label = "events"

    def ready(self) -> None:
        from parcours.events import retention as kept
        from parcours.events.following import ask_to_follow
        from parcours.events.happened import customers_who as who
        from parcours.events.hooks import personal_data as deliveries
        from parcours.events.ingest import personal_data as inbox
        from parcours.events.personal_data import FILES, LAKE
        from parcours.events.rights import (
            may_follow_events,
            may_follow_import,
            may_follow_lake,
            may_follow_shop,
        )

        live_topics.register("lake", may_follow_lake)
        live_topics.register("events", may_follow_events)
        live_topics.register("import", may_follow_import)
        customers_who.register("lake", who)
        joined_customers.register("lake", ask_to_follow)
        personal_data.register("events", LAKE)
        personal_data.register("files", FILES)
        personal_data.register("inbox", inbox.RECORDS)
        retention.register("prospects", kept.PROSPECTS)
        retention.register("customers", kept.BUYERS)
        retention.register("events", kept.EVENTS)
        retention.register("files", kept.FILES)
        live_topics.register("shop", may_follow_shop)
        personal_data.register("shop deliveries", deliveries.RECORDS)
        retention.register("hook_payloads", deliveries.OLD)
