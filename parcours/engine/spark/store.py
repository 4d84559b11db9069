"""The parts of a log on the cluster: made when first asked for, kept there, made again where a worker is
lost.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from parcours.engine.log import ACTIVITY, CUSTOMER, TIME
from parcours.engine.spark import jobs
from parcours.engine.spark.asking import Labels, labels
from parcours.engine.spark.errors import explained
from parcours.engine.spark.placing import Plan, parts_of


class PartStore:
    """The parts, with what is known of all of them together."""

    def __init__(self, context: Any, plan: Plan) -> None:
        """Reads everything once. Raises what reading raises."""
        self.context = context
        self._plan = plan
        self._kept: dict[frozenset[str], Any] = {}
        found: list[Labels] = jobs.collect(context, self.parts(()).mapPartitions(labels), "reading the log")
        self.activities = tuple(sorted({label for each in found for label in each.activities}))
        self.channels = (
            None
            if plan.names.channel is None
            else tuple(sorted({label for each in found for label in each.channels}))
        )
        self.skipped = _added_up([each.skipped for each in found])
        schema = plan.files.schema
        self.ids = found[0].ids if found else schema.field(plan.names.customer).type
        self.properties = {field.name: field.type for field in schema if field.name not in plan.names.all()}

    def parts(self, columns: Collection[str]) -> Any:
        """An RDD of Parts that carry these properties."""
        wanted = frozenset(columns)
        if wanted not in self._kept:
            self._kept[wanted] = self._made(replace(self._plan, columns=tuple(sorted(wanted))))
        return self._kept[wanted]

    def _made(self, plan: Plan) -> Any:
        from pyspark import StorageLevel

        try:
            return parts_of(self.context, plan).persist(StorageLevel.MEMORY_AND_DISK)
        except Exception as error:
            raise explained(error, self.context.pythonExec) from error

    def forget(self) -> None:
        for parts in self._kept.values():
            parts.unpersist()
        self._kept.clear()


def _added_up(skipped: list[dict[str, int]]) -> dict[str, int]:
    """How many rows lack what, in the order in which `build` looks for it."""
    reasons = [f"without {name}" for name in (CUSTOMER, TIME, ACTIVITY)]
    return {
        reason: sum(each.get(reason, 0) for each in skipped)
        for reason in reasons
        if any(reason in each for each in skipped)
    }
