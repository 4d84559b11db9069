"""What all pictures share: how things are called, and how many are drawn."""

from collections.abc import Callable, Mapping

from parcours.engine.attribution import NO_TOUCH
from parcours.engine.conformance import BEGINNING
from parcours.engine.progression import ENDED, OFF_THE_MAP, WENT_ON
from parcours.engine.words import gettext as _
from parcours.engine.words import gettext_noop

MOST_BARS = 40
ARROW = " → "

Names = Mapping[str, str] | Callable[[str], str] | None
"""What activities are called in a picture; those that aren't named keep their own names."""


# What stands in a table where there is no activity, no group or no channel.
_MARKS = {
    BEGINNING: gettext_noop("the beginning"),
    WENT_ON: gettext_noop("went on"),
    OFF_THE_MAP: gettext_noop("off the map"),
    ENDED: gettext_noop("nothing more"),
    NO_TOUCH: gettext_noop("no touch"),
}


def called(names: Names, activity: str | None) -> str:
    if activity is None:
        return _("nothing more")
    if activity in _MARKS:
        return _(_MARKS[activity])
    if names is None:
        return activity
    return names(activity) if callable(names) else names.get(activity, activity)


def segment(value: object) -> str:
    return "–" if value is None else str(value)
