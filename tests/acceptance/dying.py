"""The command `parcours`, killed without warning at a named point of its code.

    python -m tests.acceptance.dying "before parcours.events.lake.manifest:swap" import events log.csv

The point is a function of a module or of a class in it, and the process dies `before` or `after` its call:
the first one, or the nth (“before …:swap 3”).
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from parcours.cli.main import main
from parcours.core import installation


def die_at(point: str) -> None:
    """Makes the point deadly. The module is imported: its installation must be open."""
    when, where, *nth = point.split()
    module, names = where.split(":")
    *owners, name = names.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    setattr(owner, name, _deadly(getattr(owner, name), when, int(nth[0]) if nth else 1))


def _deadly(function: Callable[..., Any], when: str, nth: int) -> Callable[..., Any]:
    calls = 0

    @wraps(function)
    def deadly(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if when == "before" and calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*arguments, **named)
        if when == "after" and calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return deadly


def run(point: str) -> None:
    opened = installation.open_installation

    @contextmanager
    def open_deadly(*arguments: Any, **named: Any) -> Iterator[Any]:
        with opened(*arguments, **named) as what:
            die_at(point)
            yield what

    installation.open_installation = open_deadly
    main()


if __name__ == "__main__":
    run(sys.argv.pop(1))
