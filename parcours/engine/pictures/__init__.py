"""The pictures of answers: a function for each, from table to drawing, and `plot`, which knows them all."""

from parcours.engine.pictures.common import Names
from parcours.engine.pictures.plotting import Picture, plot

__all__ = ["Names", "Picture", "plot"]
