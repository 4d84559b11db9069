"""What all pictures share: how things are called, and how many are drawn."""

from collections.abc import Callable, Mapping

from parcours.engine.words import gettext as _

MOST_BARS = 40
ARROW = " → "

Names = Mapping[str, str] | Callable[[str], str] | None
"""What activities are called in a picture; those that aren't named keep their own names."""


def called(names: Names, activity: str | None) -> str:
    if activity is None:
        return _("nothing more")
    if names is None:
        return activity
    return names(activity) if callable(names) else names.get(activity, activity)


def segment(value: object) -> str:
    return "–" if value is None else str(value)
