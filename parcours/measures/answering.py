"""What every question of Measure does with the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parcours.core.errors import BadInput
from parcours.events.catalogue import label_of
from parcours.measures.drawing import Drawing
from parcours.measures.logs import brand_log, visits
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    from parcours.engine import EventLog


@contextmanager
def askable() -> Iterator[None]:
    """What the engine can't answer is the asker's input."""
    from parcours.engine import EngineError

    try:
        yield
    except EngineError as error:
        raise BadInput(str(error)) from error


def step_of(name: str, drawing: Drawing | None = None) -> Step:
    """A stage or touchpoint of the drawing where `name` is its id; else an event by its name."""
    return (drawing and drawing.steps.get(name)) or Step(label_of(name))


def sequences(question: Question, drawing: Drawing | None) -> "EventLog":
    """Events by name, or stays in the stages or touchpoints of a journey."""
    log = brand_log(question, drawing=drawing)
    return visits(log) if drawing else log
