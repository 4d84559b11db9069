"""The engine's sentences and pictures in the reader's language: of a page, or of the terminal."""

from parcours.engine.words import Language, speak


def speak_as_pages() -> None:
    """In the language that is active in Django, asked at each use."""
    from django.utils.formats import number_format
    from django.utils.translation import gettext

    def number(value: float, decimals: int) -> str:
        return number_format(value, decimals, force_grouping=True)

    speak(Language(gettext, number))


def speak_as_terminal() -> None:
    """In the terminal's language, for commands that do without Django."""
    from parcours.core import terminal

    speak(Language(terminal.gettext, terminal.number))
