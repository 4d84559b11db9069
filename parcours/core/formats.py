"""Numbers and lengths of time as people read them, in the language that is active."""

import re

from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

NO_BREAK = "\N{NARROW NO-BREAK SPACE}"
NO_BREAK_WIDE = "\N{NO-BREAK SPACE}"
_LETTERS = re.compile(r"(?<=[A-Za-z])(?=\d)")
"""Where a currency's letters touch the number."""
MINUTE, HOUR, DAY = 60, 3600, 86_400


def count(value: float | None) -> str:
    """41210 → “41,210”, in the reader's format; nothing for None."""
    return "" if value is None else number_format(value, force_grouping=True)


def share(value: float | None) -> str:
    """0.3812 → “38 %”; small shares keep one decimal, and so do those that fall just short of all."""
    if value is None:
        return ""
    percent = value * 100
    decimals = 1 if 0 < round(percent, 1) < 10 or 99.5 <= round(percent, 1) < 100 else 0
    return pgettext("a percentage", "%(number)s %%").replace(" ", NO_BREAK) % {
        "number": number_format(round(percent, decimals), decimals)
    }


def money(amount: float, currency: str) -> str:
    """143.9 EUR → “€143.90”, in the reader's format; a currency that isn't known stands by its letters."""
    from babel.numbers import format_currency

    language = (get_language() or "en").replace("-", "_")
    shown = str(format_currency(amount, currency, locale=language))
    return _LETTERS.sub(NO_BREAK_WIDE, shown)


def span(seconds: float | None) -> str:
    """A length of time in its largest fitting unit: 172800 → “2 d”, 5400 → “1.5 h”, 41 → “41 s”."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return _with_unit(seconds, 0, _("s"))
    if seconds < HOUR:
        return _with_unit(seconds / MINUTE, 0, _("min"))
    if seconds < DAY:
        return _with_unit(seconds / HOUR, 1, _("h"))
    return _with_unit(seconds / DAY, 1 if seconds < 10 * DAY else 0, pgettext("short for days", "d"))


def _with_unit(number: float, decimals: int, unit: str) -> str:
    rounded = round(number, decimals)
    shown = number_format(rounded, 0 if rounded == int(rounded) else decimals, force_grouping=True)
    return f"{shown}{NO_BREAK}{unit}"
