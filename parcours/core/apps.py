from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "parcours.core"
    label = "core"

    def ready(self) -> None:
        from parcours.core.engine_words import speak_as_pages

        speak_as_pages()
