from django.apps import AppConfig

from parcours.core.registry import changed_evidence, stored_events


class InsightsConfig(AppConfig):
    name = "parcours.insights"
    label = "insights"

    def ready(self) -> None:
        from parcours.insights.evidencing import ask_to_count_evidence
        from parcours.insights.refreshing import ask_to_count_again

        stored_events.register("insights", ask_to_count_again)
        changed_evidence.register("insights", ask_to_count_evidence)
