"""Who the customers of Foulée are: where they live, how old they are, what they browse with."""

from dataclasses import dataclass

import numpy as np

from parcours.demo import names
from parcours.demo.arrays import Flags, Floats, Ints, Random, Texts, either, pick

LATE_REGION = "La Réunion"

_REGIONS = {
    ("FR", "Île-de-France"): 17.0,
    ("FR", "Auvergne-Rhône-Alpes"): 13.0,
    ("FR", "Bretagne"): 8.5,
    ("FR", "Nouvelle-Aquitaine"): 7.5,
    ("FR", "Occitanie"): 7.5,
    ("FR", LATE_REGION): 7.0,  # land of trail running, and the shop's second home
    ("FR", "Provence-Alpes-Côte d’Azur"): 6.0,
    ("FR", "Pays de la Loire"): 5.5,
    ("FR", "Hauts-de-France"): 4.5,
    ("FR", "Grand Est"): 4.5,
    ("FR", "Normandie"): 3.0,
    ("FR", "Bourgogne-Franche-Comté"): 2.5,
    ("FR", "Centre-Val de Loire"): 2.0,
    ("FR", "Corse"): 1.5,
    ("FR", "Guadeloupe"): 0.8,
    ("FR", "Martinique"): 0.7,
    ("BE", "Wallonie"): 4.0,
    ("BE", "Bruxelles-Capitale"): 2.5,
    ("BE", "Vlaanderen"): 1.0,
    ("CH", "Vaud"): 2.0,
    ("CH", "Genève"): 1.7,
    ("CH", "Zürich"): 0.8,
}
_FRENCH_SPEAKING = {"FR": 0.95, "BE": 0.9, "CH": 0.85}
_ENGLISH_READERS = ("Vlaanderen", "Zürich")

SILENT, BOOMERS, X, MILLENNIALS, Z = range(5)
_GENERATIONS = (
    (0.015, 1937, 1945),
    (0.165, 1948, 1964),
    (0.27, 1965, 1980),
    (0.33, 1981, 1996),
    (0.22, 1997, 2008),
)
_ON_A_PHONE = np.array([0.2, 0.38, 0.55, 0.7, 0.85])
_PHONE_BROWSERS = (("Safari", "Chrome", "Samsung Internet", "Firefox"), (45.0, 43.0, 8.0, 4.0))
_DESK_BROWSERS = (("Chrome", "Edge", "Firefox", "Safari"), (56.0, 16.0, 14.0, 14.0))


@dataclass(frozen=True, slots=True)
class Population:
    """One entry a customer; positions are the customers' numbers in the log.

    `loyalty` is what nobody can see: how likely this person comes back and speaks well of the shop, around 0.
    `regular` marks customers from before the year that is told.
    """

    country: Texts
    region: Texts
    language: Texts
    generation: Ints
    birth_year: Ints
    first_name: Texts
    last_name: Texts
    device: Texts
    browser: Texts
    opted_in: Flags
    has_account: Flags
    regular: Flags
    loyalty: Floats

    def __len__(self) -> int:
        return len(self.country)

    @property
    def user_ids(self) -> list[str]:
        return [f"F{number:05d}" for number in range(1, len(self) + 1)]

    @property
    def anonymous_ids(self) -> list[str]:
        """As a tracking script makes them; always the same for the same customer."""
        return [
            f"{number * 2654435761 % 2**32:08x}-f0{number % 251:02x}-4a71"
            for number in range(1, len(self) + 1)
        ]


def draw_population(random: Random, count: int, regulars: int) -> Population:
    """`count` customers, the first `regulars` of whom bought before."""
    places = list(_REGIONS)
    weights = np.array(list(_REGIONS.values()))
    home = random.choice(len(places), count, p=weights / weights.sum())
    country = np.array([place[0] for place in places], dtype=object)[home]
    region = np.array([place[1] for place in places], dtype=object)[home]
    generation, birth_year = _ages(random, count)
    regular = np.arange(count) < regulars
    first, last = names.draw_names(random, generation)
    device = either(random.random(count) < _ON_A_PHONE[generation], "phone", "desktop")
    return Population(
        country=country,
        region=region,
        language=_languages(random, country, region),
        generation=generation,
        birth_year=birth_year,
        first_name=first,
        last_name=last,
        device=device,
        browser=np.where(
            device == "phone", pick(random, *_PHONE_BROWSERS, count), pick(random, *_DESK_BROWSERS, count)
        ),
        opted_in=(random.random(count) < 0.55) | regular,
        has_account=(random.random(count) < 0.62) | regular,
        regular=regular,
        loyalty=random.standard_normal(count) + 0.4 * regular,
    )


def _ages(random: Random, count: int) -> tuple[Ints, Ints]:
    shares = np.array([share for share, _first, _last in _GENERATIONS])
    generation = random.choice(len(_GENERATIONS), count, p=shares / shares.sum())
    first = np.array([first for _share, first, _last in _GENERATIONS])[generation]
    last = np.array([last for _share, _first, last in _GENERATIONS])[generation]
    return generation, random.integers(first, last + 1)


def _languages(random: Random, country: Texts, region: Texts) -> Texts:
    chance = np.array([_FRENCH_SPEAKING[code] for code in country])
    chance[np.isin(region, _ENGLISH_READERS)] = 0.05
    return either(random.random(len(country)) < chance, "fr", "en")
