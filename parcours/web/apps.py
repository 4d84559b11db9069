from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "parcours.web"
    label = "web"

    def ready(self) -> None:
        from parcours.web.evidence.numbers import register

        register()
