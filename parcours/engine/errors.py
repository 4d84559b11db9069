"""What can go wrong, each with a sentence that says what, where and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches

from parcours.engine.words import gettext as _


class EngineError(Exception):
    """Base of every error the engine raises on purpose."""


class UnknownNameError(EngineError):
    """A name that the log does not have; `known` lists those it has, `proposed` the closest or None."""

    def __init__(self, unknown: str, name: object, known: Iterable[str]) -> None:
        """`unknown` is the sentence that says so."""
        self.name = str(name)
        self.known = list(known)
        self.proposed = closest(self.name, self.known)
        hint = " " + _("Did you mean “{name}”?").format(name=self.proposed) if self.proposed else ""
        super().__init__(f"{unknown.format(name=self.name)}{hint} {_listing(self.known)}")


class UnknownActivityError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__(_("There is no activity “{name}”."), name, known)


class UnknownChannelError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__(_("There is no channel “{name}”."), name, known)


class UnknownColumnError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__(_("There is no column “{name}”."), name, known)


class UnreadableSourceError(EngineError):
    """The file or table is not what it was taken for, or is broken."""


class TimesError(EngineError):
    """A time that cannot be understood without guessing."""


class MixedZonesError(TimesError):
    """Some times have a zone and others none, and nobody said where those lie."""


class QuestionError(EngineError):
    """A question that has no answer as it was put: a bad window, no step, an impossible filter."""


class InvalidLogError(EngineError):
    """Arrays handed to `EventLog.from_codes` that do not make a log."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, whatever its case, or None when none resembles it."""
    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def _listing(known: list[str], most: int = 30) -> str:
    if not known:
        return _("The log has none at all.")
    shown = ", ".join(_("“{name}”").format(name=each) for each in known[:most])
    if len(known) > most:
        return _("Known: {names} and {n} more.").format(names=shown, n=len(known) - most)
    return _("Known: {names}.").format(names=shown)
