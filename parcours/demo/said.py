"""Sentences that the demo says in two languages."""

from typing import NamedTuple


class Said(NamedTuple):
    """The same thing in English and in French."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en
