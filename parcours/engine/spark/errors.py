"""What can go wrong on a cluster, and how an error travels from a worker to the one who asked."""

from dataclasses import dataclass
from typing import Any

from parcours.engine.errors import EngineError
from parcours.engine.words import gettext as _
from parcours.engine.words import gettext_noop


class SparkError(EngineError):
    """The cluster cannot be reached, or cannot run what it was given."""


class StaysOnClusterError(EngineError):
    """Something that needs the events themselves, which are not brought here."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what
            + " "
            + _(
                "The events stay on the cluster. Read the log without `runner`, or a part of it that fits "
                "into memory."
            )
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of the engine as a value: constructors with other arguments than a message do not unpickle."""

    kind: type[EngineError]
    message: str
    facts: dict[str, Any]

    @classmethod
    def of(cls, error: EngineError) -> "Failure":
        return cls(type(error), str(error), dict(vars(error)))

    def error(self) -> EngineError:
        error = self.kind.__new__(self.kind, self.message)
        vars(error).update(self.facts)
        return error


_LOST = gettext_noop(
    "There is no connection to the Spark master: it ended, or this is not its port for applications (7077), "
    "or it runs another version of Spark. Read the log again once that is put right."
)
_KNOWN = (
    (
        "PYTHON_VERSION_MISMATCH",
        gettext_noop(
            "The workers run another Python than this process. Name the same version on all machines with "
            "the environment variable PYSPARK_PYTHON."
        ),
    ),
    (
        "Cannot run program",
        gettext_noop(
            "The workers do not have the Python that was asked for, {python}. Name theirs with "
            "the environment variable PYSPARK_PYTHON."
        ),
    ),
    (
        "No module named",
        gettext_noop(
            "The Python of the workers lacks a module ({line}). "
            "Install Parcours there, in the version of this process."
        ),
    ),
    (
        "Python worker failed to connect back",
        gettext_noop("The Python of the workers, {python}, does not start."),
    ),
    ("SparkContext was shut down", _LOST),
    ("SparkContext has been shut", _LOST),
    ("stopped SparkContext", _LOST),
)


def explained(error: Exception, python: str) -> SparkError:
    """What Spark says, as one sentence. `python` is the program that workers were told to run."""
    text = str(error)
    for sign, sentence in _KNOWN:
        if sign in text:
            return SparkError(_(sentence).format(python=python, line=_line_with(sign, text)))
    return SparkError(_("Spark could not finish: {reason}").format(reason=_essence(text)))


def _line_with(sign: str, text: str) -> str:
    return next(line.strip() for line in text.splitlines() if sign in line)


def _essence(text: str) -> str:
    """The last line of a Python traceback, or else the first line of what Java says."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        if line.startswith("Traceback"):
            after = [each for each in lines[number + 1 :] if not each.startswith("at ")]
            named = [each for each in after if each.partition(":")[0].endswith(("Error", "Exception"))]
            if named:
                return named[0]
    said = [line.removeprefix(": ") for line in lines if not line.startswith(("An error occurred", "at "))]
    return (said or ["it did not say why"])[0]
