"""The pictures of the guide to the engine, in both of its languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from benchmarks.engine_parts.measuring import QUESTIONS
from benchmarks.engine_parts.report import Found
from benchmarks.engine_parts.rivals import Parcours, Rival
from parcours.engine.charts import Bar, bars

PICTURES = Path(__file__).parents[2] / "docs" / "guide" / "pictures"


@dataclass(frozen=True, slots=True)
class Words:
    questions: dict[str, str]
    speed: str
    speed_is: str
    growth: str
    growth_is: str
    ms: str
    ns: str
    million: str
    thousands: str


WORDS = {
    "en": Words(
        {"transitions": "Transitions", "funnel": "Funnel", "variants": "Variants", "markov": "Markov"},
        "Milliseconds for {millions} million events (logarithmic scale)",
        "How long each engine takes to answer each question of a log in memory.",
        "Nanoseconds an event, by the number of events",
        "How long Parcours takes for each question, divided by the number of events.",
        "{} ms",
        "{} ns",
        "{} million",
        ",",
    ),
    "fr": Words(
        {"transitions": "Transitions", "funnel": "Entonnoir", "variants": "Variantes", "markov": "Markov"},
        "Millisecondes pour {millions} millions d’événements (échelle logarithmique)",
        "Temps que met chaque moteur à répondre à chaque question sur un journal en mémoire.",
        "Nanosecondes par événement, selon le nombre d’événements",
        "Temps que met Parcours pour chaque question, divisé par le nombre d’événements.",
        "{} ms",
        "{} ns",
        "{} M",
        "\N{NARROW NO-BREAK SPACE}",
    ),
}


def draw(found: Found, kinds: Sequence[type[Rival]]) -> None:
    """Write engine-speed and engine-growth, as .en.svg and .fr.svg."""
    for language, words in WORDS.items():
        (PICTURES / f"engine-speed.{language}.svg").write_text(_speed(found, kinds, words), encoding="utf-8")
        (PICTURES / f"engine-growth.{language}.svg").write_text(_growth(found, words), encoding="utf-8")


def _speed(found: Found, kinds: Sequence[type[Rival]], words: Words) -> str:
    rows = []
    for question in QUESTIONS:
        for kind in kinds:
            seconds = found.resident.get((kind.name, question))
            if seconds is None or (issubclass(kind, Parcours) and kind is not Parcours):
                continue
            # A bar begins at one millisecond.
            length = max(0.0, log10(seconds * 1000))
            text = words.ms.format(f"{seconds * 1000:,.0f}".replace(",", words.thousands))
            label = f"{words.questions[question]} · {kind.name}" if kind is Parcours else kind.name
            rows.append(Bar(label, length, text, hue=None if kind is Parcours else 2))
    title = words.speed.format(millions=found.events // 1_000_000)
    return bars(title, words.speed_is, rows).file()


def _growth(found: Found, words: Words) -> str:
    rows = []
    for place, question in enumerate(QUESTIONS, 1):
        for events, times in sorted(found.growth.items()):
            each = times[Parcours.name, question] / events * 1e9
            size = words.million.format(f"{events / 1e6:g}")
            rows.append(
                Bar(f"{words.questions[question]} · {size}", each, words.ns.format(f"{each:.1f}"), hue=place)
            )
    return bars(words.growth, words.growth_is, rows).file()
