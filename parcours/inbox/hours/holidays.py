"""Public holidays by country and part of it. The library is large: it is asked when hours are saved and once
a year, and what it says is kept with the hours.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

YEARS_AHEAD = 5
_LANGUAGES = {"en": ("en_US", "en_GB"), "fr": ("fr",)}


@dataclass(frozen=True, slots=True)
class Place:
    """A country or a part of it, by its code, as the reader calls it as far as that is known."""

    code: str
    name: str


def holidays_of(country: str, subdivision: str, first_year: int) -> dict[str, dict[str, str]]:
    """By day, in order, the holiday's names in the languages of Parcours, for that year and some after it."""
    if not country:
        return {}
    import holidays

    kind = getattr(holidays, country)
    years = range(first_year, first_year + YEARS_AHEAD + 1)
    found: dict[str, dict[str, str]] = {}
    for language, wanted in _LANGUAGES.items():
        known = next((each for each in wanted if each in kind.supported_languages), kind.default_language)
        rows = kind(subdiv=subdivision or None, years=years, language=known)
        for day, name in sorted(rows.items()):
            found.setdefault(day.isoformat(), {})[language] = name
    return found


def countries() -> list[Place]:
    """In the reader's language and order."""
    codes = _parts()
    names = _territories(get_language() or "en")
    return sorted((Place(code, names.get(code, code)) for code in codes), key=lambda place: place.name)


def subdivisions(country: str) -> list[Place]:
    """The parts of a country that have holidays of their own, as they call themselves."""
    return [Place(code, name) for code, name in _parts().get(country, {}).items()]


def is_place(country: str, subdivision: str) -> bool:
    """Whether holidays are known of it; of nowhere there are none, which is known, too."""
    if not country:
        return not subdivision
    return country in _parts() and (not subdivision or subdivision in _parts()[country])


def name_in(names: dict[str, str], language: str | None = None) -> str:
    """A holiday's name in the language of the moment."""
    wanted = (language or get_language() or "en").partition("-")[0]
    return names.get(wanted) or names.get("en", "")


def first_year(today: date) -> int:
    """Last year's holidays are kept, too: what began then is still counted."""
    return today.year - 1


@lru_cache(maxsize=1)
def _parts() -> dict[str, dict[str, str]]:
    """By country its parts with their names."""
    import holidays

    found = {}
    for code in holidays.list_supported_countries(include_aliases=False):
        if len(code) == 2:  # others are markets
            kind = getattr(holidays, code)
            found[code] = _named(kind.subdivisions, kind.subdivisions_aliases)
    return found


def _named(codes: tuple[str, ...], aliases: dict[str, str]) -> dict[str, str]:
    names = {code: code for code in codes if not code.startswith("Zone ")}  # French school holidays
    for alias, code in aliases.items():
        if code in names and names[code] == code and len(alias) > 3:
            names[code] = alias
    return dict(sorted(names.items(), key=lambda part: part[1]))


@lru_cache(maxsize=2)
def _territories(language: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(language.partition("-")[0]).territories)
