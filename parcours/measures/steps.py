"""A step of a path as pages show it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """`number` is its stage's, from 1; None for an event shown by its own name and for steps left out."""

    name: str
    number: int | None = None

    @property
    def hue(self) -> int | None:
        """Which of the five stage colours it has."""
        return None if self.number is None else (self.number - 1) % 5 + 1
