from django.apps import AppConfig

from parcours.core.registry import people_who_leave


class LiveConfig(AppConfig):
    name = "parcours.live"
    label = "live"

    def ready(self) -> None:
        from parcours.live.presence import forget_presence

        people_who_leave.register("presence", forget_presence)
