"""Builds the demo shop through the doors that a real shop uses: imports of files, the inbox
of events, signed deliveries, writes of the canvas.

Every step can be repeated: a build that was cut short is taken up again and ends the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import add_person
from parcours.canvas import reads
from parcours.core.clock import now
from parcours.core.errors import Conflict
from parcours.core.periods import read_period
from parcours.customers.writes import do_create_segment
from parcours.demo.cards import TITLE
from parcours.demo.doors import open_doors
from parcours.demo.drawing import draw_canvas
from parcours.demo.files import Files, write_files
from parcours.demo.inbox import fill_inbox
from parcours.demo.population import LATE_REGION
from parcours.demo.rhythm import PARIS
from parcours.demo.simulation import CUSTOMERS, simulate
from parcours.demo.team import invite_team
from parcours.events.imports import import_customers, import_events
from parcours.events.reads import count_events
from parcours.insights.evidencing import ask_to_count_evidence
from parcours.insights.reads import canvas_numbers

LANGUAGES = ("en", "fr")
_COLLEAGUES = (
    ("claire@parcours.example", "Claire Le Gall", "editor"),
    ("amina@parcours.example", "Amina Benali", "agent"),
)


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What the build stored that wasn't there before."""

    customers: int
    events: int
    journeys: int
    seconds: float


def build_demo(
    brand: Brand, *, say: Callable[[str], None] = lambda _line: None, customers: int = CUSTOMERS
) -> DemoReport:
    """Fills the brand with a year at Foulée, two colleagues, and Mark's canvas in both languages.

    `say` is told how far it is, in the language of the moment. What is there already stays as it is.
    """
    began = monotonic()
    actor = system_actor(brand.pk, "Foulée")
    folder = Path(settings.DATA) / "demo"
    say(_("Making up a year at Foulée…"))
    files = _files(folder, customers)
    _invite_colleagues(brand, actor)
    say(_("Taking in its customers and events…"))
    before = count_events(brand)
    people = import_customers(brand, files.customers, acting_user=actor)
    for path, source in ((files.service, "service"), (files.events, "shop")):
        import_events(brand, path, acting_user=actor, source=source)
    open_doors(brand, files.customers, acting_user=actor)
    say(_("Drawing the canvas…"))
    _add_segment(brand, actor)
    drawn = _draw(brand, actor)
    say(_("Filling the inbox…"))
    fill_inbox(brand, files.customers, files.service, acting_user=actor)
    _count(brand)
    for path in (files.customers, files.service, files.events):
        path.unlink()
    return DemoReport(people.taken, count_events(brand) - before, drawn, round(monotonic() - began, 2))


def _files(folder: Path, customers: int) -> Files:
    """The files of the year. The day is written down first and kept: a repeat tells the same year."""
    folder.mkdir(parents=True, exist_ok=True)
    day = folder / "day"
    if not day.exists():
        part = folder / "day.part"
        part.write_text(now().astimezone(PARIS).date().isoformat())
        part.replace(day)
    return write_files(simulate(date.fromisoformat(day.read_text()), customers=customers), folder)


def _invite_colleagues(brand: Brand, actor: Actor) -> None:
    """They are there to be seen; their passwords are shown to nobody."""
    for email, name, role in _COLLEAGUES:
        add_person(email, brand=brand, role=role, name=name, acting_user=actor)
    invite_team(brand, acting_user=actor)


def _add_segment(brand: Brand, actor: Actor) -> None:
    rule = {"all": [{"field": "traits.region", "op": "is", "value": [LATE_REGION]}]}
    try:
        do_create_segment(brand, LATE_REGION, rule, acting_user=actor)
    except Conflict:
        return


def _draw(brand: Brand, actor: Actor) -> int:
    """Both canvases; the one in the installation's language last, for the newest stands first in the list."""
    there = {summary.journey.title for summary in reads.journeys(brand.pk)}
    asked = (settings.LANGUAGE_CODE, translation.get_language() or "")
    mine = "fr" if any(language.startswith("fr") for language in asked) else "en"
    missing = [language for language in LANGUAGES if TITLE.in_language(language) not in there]
    for language in sorted(missing, key=lambda language: language == mine):
        draw_canvas(language, acting_user=actor)
    return len(missing)


def _count(brand: Brand) -> None:
    """Counts what the canvas shows first, so that its first page is there at once.

    The worker brings what cards stand on up to date, and looks for proposals: jobs of theirs wait for it.
    """
    period = read_period({}, brand.time_zone)
    for summary in reads.journeys(brand.pk):
        canvas_numbers(brand, reads.board(brand.pk, summary.journey.id), period)
    ask_to_count_evidence(brand.pk)
