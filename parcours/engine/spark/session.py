"""A connection to a Spark cluster, or a sentence why there is none."""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parcours.engine.spark.errors import SparkError
from parcours.engine.words import gettext as _

STANDALONE = "spark://"
PATIENCE_SECONDS = 5.0

# The engine cuts no threads within a task: Spark runs as many tasks as a worker has cores.
_SETTINGS = {
    "spark.app.name": "Parcours",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.maxResultSize": "0",
    "spark.executorEnv.PARCOURS_THREADS": "1",
}


def connect(master: str | None, settings: Mapping[str, str] | None = None) -> Any:
    """The SparkContext of this process for `master`, started if there is none.

    Without `master` the one that runs, or what spark-submit names. `settings` are Spark's own, such as
    “spark.executor.memory”. Raises SparkError.
    """
    spark = _pyspark()
    running = _running(spark)
    if running is not None:
        if master is not None and running.master != master:
            raise SparkError(
                _(
                    "This process is connected to the Spark master {running}, not {master}. It can be "
                    "connected to one only: end that connection first, with `log.spark.stop()`."
                ).format(running=running.master, master=master)
            )
        return running
    _check_java()
    if master is not None:
        _check_master(master)
    configuration = spark.SparkConf()
    for name, value in (_SETTINGS | _loopback(master) | dict(settings or {})).items():
        configuration.set(name, value)
    if master is not None:
        configuration.setMaster(master)
    return _started(spark, configuration, master)


def _pyspark() -> Any:
    try:
        import pyspark
    except ModuleNotFoundError as error:
        raise SparkError(
            _("Spark needs PySpark, which is not installed here: pip install “parcours[spark]”.")
        ) from error
    return pyspark


def _running(spark: Any) -> Any | None:
    # There is no public way to ask without starting one.
    context = spark.SparkContext._active_spark_context  # noqa: SLF001
    if context is None or context._jsc is None:  # noqa: SLF001
        return None
    if context._jsc.sc().isStopped():  # noqa: SLF001 — its master went away
        context.stop()
        return None
    return context


def _check_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if (home and (Path(home) / "bin" / "java").exists()) or (not home and shutil.which("java")):
        return
    missing = (
        _("Spark needs Java 17 or later, and there is no `java` in JAVA_HOME, {home}.").format(home=home)
        if home
        else _("Spark needs Java 17 or later, and there is no `java` on the PATH.")
    )
    raise SparkError(missing + " " + _("On Debian and Ubuntu: apt install openjdk-17-jre-headless"))


def _check_master(master: str) -> None:
    """Spark itself would try for a minute and say little."""
    if not master.startswith(STANDALONE):
        return
    reasons = []
    for address in master.removeprefix(STANDALONE).split(","):
        host, _colon, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise SparkError(
                _("{master} is not the address of a Spark master. Write it like spark://host:7077.").format(
                    master=master
                )
            )
        try:
            socket.create_connection((host, int(port)), PATIENCE_SECONDS).close()
        except OSError as error:
            reasons.append(f"{address}: {error}")
        else:
            return
    raise SparkError(
        _("No Spark master answers at {master} ({reasons}). Is it running, and is the port right?").format(
            master=master, reasons="; ".join(reasons)
        )
    )


def _loopback(master: str | None) -> dict[str, str]:
    """A master on this machine alone reaches this process by the same address, whatever the machine is
    called.
    """
    if master is None or not master.startswith((f"{STANDALONE}127.", f"{STANDALONE}localhost:")):
        return {}
    return {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def _started(spark: Any, configuration: Any, master: str | None) -> Any:
    try:
        context = spark.SparkContext(conf=configuration)
    except Exception as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise SparkError(
                _(
                    "Java does not start Spark {version}, which needs Java 17 or later. "
                    "What it said stands above."
                ).format(version=spark.__version__)
            ) from error
        raise SparkError(
            _(
                "Spark {version} could not connect to {master}. Does the cluster run the same version, and "
                "is this its port for applications (7077) rather than that of its page?"
            ).format(version=spark.__version__, master=master or _("its master"))
        ) from error
    if "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = sys.executable
    return context
