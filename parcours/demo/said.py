"""Sentences that the demo says in two languages."""

from typing import NamedTuple

from django.conf import settings
from django.utils import translation


class Said(NamedTuple):
    """The same thing in English and in French."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        return self.fr if language.startswith("fr") else self.en


def language_here() -> str:
    """Of names that the whole team reads: French where the installation or the command speaks it."""
    asked = (settings.LANGUAGE_CODE, translation.get_language() or "")
    return "fr" if any(each.startswith("fr") for each in asked) else "en"
