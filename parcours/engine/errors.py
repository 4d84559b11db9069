"""What can go wrong, each with a sentence that says what, where and what to do."""

from collections.abc import Iterable
from difflib import get_close_matches


class EngineError(Exception):
    """Base of every error the engine raises on purpose."""


class UnknownNameError(EngineError):
    """A name that the log does not have; `known` lists those it has, `proposed` the closest or None."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.name = str(name)
        self.known = list(known)
        self.proposed = closest(self.name, self.known)
        hint = f" Did you mean “{self.proposed}”?" if self.proposed else ""
        super().__init__(f"There is no {kind} “{self.name}”.{hint} {_listing(kind, self.known)}")


class UnknownActivityError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__("activity", name, known)


class UnknownChannelError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__("channel", name, known)


class UnknownColumnError(UnknownNameError):
    def __init__(self, name: object, known: Iterable[str]) -> None:
        super().__init__("column", name, known)


class UnreadableSourceError(EngineError):
    """The file or table is not what it was taken for, or is broken."""


class TimesError(EngineError):
    """A time that cannot be understood without guessing."""


class QuestionError(EngineError):
    """A question that has no answer as it was put: a bad window, no step, an impossible filter."""


class InvalidLogError(EngineError):
    """Arrays handed to `EventLog.from_codes` that do not make a log."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, whatever its case, or None when none resembles it."""
    by_folded = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def _listing(kind: str, known: list[str], most: int = 30) -> str:
    if not known:
        return f"The log has no {kind} at all."
    shown = ", ".join(f"“{each}”" for each in known[:most])
    rest = f" and {len(known) - most} more" if len(known) > most else ""
    return f"Known: {shown}{rest}."
