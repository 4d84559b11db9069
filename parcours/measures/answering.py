"""What every question of Measure does with the engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parcours.core.errors import BadInput
from parcours.events.catalogue import label_of
from parcours.measures.drawing import Drawing
from parcours.measures.logs import brand_log, visits
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    from parcours.canvas.shapes import StageView
    from parcours.engine import EventLog


@contextmanager
def askable() -> Iterator[None]:
    """What the engine can't answer is the asker's input."""
    from parcours.engine import EngineError

    try:
        yield
    except EngineError as error:
        raise BadInput(str(error)) from error


def drawing_of(stages: "Sequence[StageView]") -> Drawing | None:
    return Drawing(tuple(stages)) if stages else None


def step_of(name: str, stages: "Sequence[StageView]" = ()) -> Step:
    """An event by its name; a stage by its name and number where `name` is its id."""
    found = next((stage for stage in stages if str(stage.id) == name), None)
    return Step(found.name, found.number) if found else Step(label_of(name))


def sequences(question: Question, stages: "Sequence[StageView]") -> "EventLog":
    """Events by name, or stays in the stages of a journey."""
    log = brand_log(question, drawing=drawing_of(stages))
    return visits(log) if stages else log
