from django.apps import AppConfig

from parcours.core.registry import live_topics, proposal_kinds, review_reasons


class CanvasConfig(AppConfig):
    name = "parcours.canvas"
    label = "canvas"

    def ready(self) -> None:
        from parcours.canvas.proposals.kinds import BUILT_IN
        from parcours.canvas.reviews.reasons import REASONS
        from parcours.canvas.rights import may_follow_journey

        live_topics.register("journey", may_follow_journey)
        for name, kind in BUILT_IN.items():
            proposal_kinds.register(name, kind)
        for reason, sentence in REASONS.items():
            review_reasons.register(reason, sentence)
