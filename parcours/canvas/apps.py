from django.apps import AppConfig

from parcours.core.registry import live_topics


class CanvasConfig(AppConfig):
    name = "parcours.canvas"
    label = "canvas"

    def ready(self) -> None:
        from parcours.canvas.rights import may_follow_journey

        live_topics.register("journey", may_follow_journey)
