"""The jobs of the canvas' parts; each part has its own."""

from parcours.canvas.captures import tasks as _captures  # noqa: F401 - the worker finds them with these
from parcours.canvas.reviews import tasks as _reviews  # noqa: F401
