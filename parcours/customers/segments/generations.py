"""Generations by birth year, as the field counts them."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Generation(NamedTuple):
    """Born from `first` to `last`, both included; None is open."""

    key: str
    name: str | Promise
    first: int | None
    last: int | None


GENERATIONS = (
    Generation("silent", _("Silent generation (born up to 1945)"), None, 1945),
    Generation("boomers", _("Baby boomers (1946–1964)"), 1946, 1964),
    Generation("x", _("Generation X (1965–1980)"), 1965, 1980),
    Generation("millennials", _("Millennials (1981–1996)"), 1981, 1996),
    Generation("z", _("Generation Z (1997–2012)"), 1997, 2012),
    Generation("alpha", _("Generation Alpha (born from 2013)"), 2013, None),
)
GENERATION_BY_KEY = {generation.key: generation for generation in GENERATIONS}


def generation_of(birth_year: int | None) -> Generation | None:
    """The generation of somebody born in that year; None when the year isn't known."""
    if birth_year is None:
        return None
    return next(
        generation
        for generation in GENERATIONS
        if (generation.first is None or birth_year >= generation.first)
        and (generation.last is None or birth_year <= generation.last)
    )
