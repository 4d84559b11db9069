"""`parcours journeys …`: the engine's questions, asked of a file or of an installation's lake."""

from parcours.cli.journeys import questions
from parcours.cli.journeys.asking import journeys

__all__ = ["journeys", "questions"]
