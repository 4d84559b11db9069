from django.apps import AppConfig

from parcours.core.registry import journal_keepers


class JournalConfig(AppConfig):
    name = "parcours.journal"
    label = "journal"

    def ready(self) -> None:
        from parcours.journal.writes import record

        journal_keepers.register("journal", record)
