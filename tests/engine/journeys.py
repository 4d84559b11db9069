"""Small logs, as lists of journeys and as EventLogs, and hypothesis strategies that make them.

A journey is a list of (second, activity or None) in order. Activities are single letters.
"""

import numpy as np
from hypothesis import strategies as st

from parcours.engine import EventLog

Journey = list[tuple[int, str | None]]

LETTERS = "ABCD"
SECOND = 1_000_000


def log_of(
    journeys: list[Journey], labels: str = LETTERS, codes: type[np.unsignedinteger] = np.uint8
) -> EventLog:
    none = np.iinfo(codes).max
    events = [event for journey in journeys for event in journey]
    return EventLog.from_codes(
        customers=np.arange(len(journeys)),
        offsets=np.cumsum([0, *(len(journey) for journey in journeys)]).astype(np.int64),
        time=np.array([second * SECOND for second, _ in events], dtype=np.int64),
        activity=np.array(
            [none if letter is None else labels.index(letter) for _, letter in events], dtype=codes
        ),
        activities=list(labels),
        check=True,
    )


def spelled(*words: str) -> list[Journey]:
    """Each letter one second after the one before; “.” is an event without activity."""
    return [
        [(second, None if letter == "." else letter) for second, letter in enumerate(word)] for word in words
    ]


def journeys(
    letters: str = LETTERS, most: int = 8, with_none: bool = True
) -> st.SearchStrategy[list[Journey]]:
    """A few customers, equal times and customers without events included."""
    activity = st.one_of(st.sampled_from(LETTERS), st.none())
    steps = st.lists(st.tuples(st.integers(0, 3), activity), max_size=most)
    return st.lists(steps.map(_accumulated), max_size=6)


def _accumulated(steps: list[tuple[int, str | None]]) -> Journey:
    second, journey = 0, []
    for pause, activity in steps:
        second += pause
        journey.append((second, activity))
    return journey


def letters_of(journey: Journey) -> str:
    return "".join(letter for _, letter in journey if letter is not None)
