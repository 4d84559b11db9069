"""The engine beyond one machine: the same kernels as tasks of Apache Spark over Parquet that all workers
reach.

A part of the log is a bucket of a lake, or the customers of a share of all hash values; each task answers for
its part, and the answers are put together in the process that asked. See docs/guide/spark.md.
"""

from collections.abc import Mapping
from typing import Any

from parcours.engine.errors import UnknownColumnError
from parcours.engine.spark.errors import SparkError, StaysOnClusterError
from parcours.engine.spark.log import SparkLog

__all__ = ["SparkError", "SparkLog", "StaysOnClusterError", "read"]


def read(
    source: Any,
    *,
    customer: str | None,
    time: str | None,
    activity: str | None,
    channel: str | None,
    timezone: str | None,
    master: str | None,
    settings: Mapping[str, Any] | None,
) -> SparkLog:
    """See `EventLog.read`: the source is a Parquet file, a folder or a list of them."""
    from parcours.engine.reading import names_of
    from parcours.engine.reading.files import FilesSource, find
    from parcours.engine.spark import placing
    from parcours.engine.spark.session import connect
    from parcours.engine.spark.store import PartStore

    files = find(source)
    columns = FilesSource(files)
    names = names_of(columns, customer=customer, time=time, activity=activity, channel=channel)
    for name in names.all():
        if name not in columns.names:
            raise UnknownColumnError(name, columns.names)
    context = connect(master, {name: str(value) for name, value in (settings or {}).items()})
    parts = placing.parts_for(files, context.defaultParallelism)
    plan = placing.Plan(files, names, timezone, (), parts, placing.fingerprint())
    return SparkLog(PartStore(context, plan))
