from django.apps import AppConfig

from parcours.core.registry import (
    changed_evidence,
    notice_kinds,
    proposal_kinds,
    received_messages,
    stored_events,
)


class InsightsConfig(AppConfig):
    name = "parcours.insights"
    label = "insights"

    def ready(self) -> None:
        from parcours.insights.conversations.answers import ask_to_match
        from parcours.insights.conversations.placing import ask_to_place
        from parcours.insights.evidencing import ask_to_count_evidence
        from parcours.insights.proposal_kinds import KINDS, NEW_PROPOSALS, NOTICE, STALE
        from parcours.insights.refreshing import ask_to_count_again
        from parcours.insights.stale_cards import STALE_KIND

        stored_events.register("insights", ask_to_count_again)
        received_messages.register("placing", ask_to_place)
        received_messages.register("answers", ask_to_match)
        changed_evidence.register("insights", ask_to_count_evidence)
        for name, kind in {**KINDS, STALE: STALE_KIND}.items():
            proposal_kinds.register(name, kind)
        notice_kinds.register(NEW_PROPOSALS, NOTICE)
