"""Running a job on the cluster to its end, without waiting for ever for one that cannot run."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from time import monotonic
from typing import Any
from uuid import uuid4

from parcours.engine.spark.errors import Failure, SparkError, explained
from parcours.engine.words import gettext as _

STALLED_SECONDS = 60.0
_GLANCE_SECONDS = 0.5


class StalledError(SparkError):
    """Nobody works on what was asked."""


def collect(context: Any, rdd: Any, purpose: str) -> list[Any]:
    """The elements of an RDD. Raises the engine's errors of its tasks as they were, and SparkError.

    A job of which no task runs for a minute is given up: no worker is there, or all are busy with others.
    """
    group = uuid4().hex

    def job() -> list[Any]:
        context.setJobGroup(group, purpose, interruptOnCancel=True)
        elements: list[Any] = rdd.collect()
        return elements

    with ThreadPoolExecutor(1, thread_name_prefix="parcours-spark") as pool:
        future = pool.submit(job)
        try:
            found = _awaited(context, group, future)
        except (KeyboardInterrupt, StalledError):
            context.cancelJobGroup(group)
            raise
    for element in found:
        if isinstance(element, Failure):
            raise element.error()
    return found


def _awaited(context: Any, group: str, future: "Future[list[Any]]") -> list[Any]:
    last_change, state = monotonic(), (0, 0)
    while True:
        try:
            return future.result(_GLANCE_SECONDS)
        except StillRunning:
            active, completed = _tasks(context, group)
        except Exception as error:
            raise explained(error, context.pythonExec) from error
        if active or (active, completed) != state:
            last_change, state = monotonic(), (active, completed)
        if monotonic() - last_change > STALLED_SECONDS:
            raise StalledError(
                _(
                    "No worker of {master} took up the work within {n} seconds. Are there workers, with a "
                    "free core and the memory asked for (spark.executor.memory)?"
                ).format(master=context.master, n=round(STALLED_SECONDS))
            )


def _tasks(context: Any, group: str) -> tuple[int, int]:
    """How many tasks run, and how many are done."""
    tracker = context.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
    known = [stage for stage in stages if stage]
    return sum(stage.numActiveTasks for stage in known), sum(stage.numCompletedTasks for stage in known)
