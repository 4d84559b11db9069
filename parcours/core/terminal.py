"""Words for the terminal, in the language of LANG, without Django: the supervisor must stay small.

The catalogue is the same one that the pages use. Pages never translate through this module.
"""

import gettext as catalogue
import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = next(
    (folder for folder in (_PACKAGE.parent / "locale", _PACKAGE / "locale") if folder.is_dir()), _PACKAGE
)  # in a checkout, and in an installed package


def terminal_language() -> str:
    """`fr` when the environment asks for French, else `en`."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


@cache
def _translations(language: str) -> catalogue.NullTranslations:
    return catalogue.translation("django", localedir=LOCALE, languages=[language], fallback=True)


def gettext(message: str) -> str:
    """The message in the terminal's language; English when there is no translation of it."""
    return _translations(terminal_language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural message in the terminal's language; the caller fills in the number."""
    return _translations(terminal_language()).ngettext(one, many, count)


def number(value: float, decimals: int = 0) -> str:
    """1234.5 → “1,234.5”, in French “1 234,5”."""
    written = f"{value:,.{decimals}f}"
    if terminal_language() != "fr":
        return written
    return written.translate({ord(","): "\N{NO-BREAK SPACE}", ord("."): ","})
