"""A Spark cluster of this machine: a master and its workers as processes of their own."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import psutil
import pytest

from tests.acceptance.product import PATIENCE, free_port

HOST = "127.0.0.1"
# Java that lives for a minute need not be optimised.
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SETTINGS = {
    "spark.driver.memory": "512m",
    "spark.driver.extraJavaOptions": QUICK_START,
    "spark.executor.memory": "512m",
    "spark.executor.extraJavaOptions": QUICK_START,
}


def lacking() -> str:
    """What Spark needs and this machine lacks, if anything."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "Spark needs Java, which is not on this machine"
    return "" if find_spec("pyspark") else "requirements/spark.txt is not installed"


class Cluster:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._master = self._start("master", "--port", str(self._port))
        wait_until(lambda: answers(self._port), "the master to answer")
        self.workers: list[psutil.Popen] = []

    @property
    def master(self) -> str:
        return f"spark://{HOST}:{self._port}"

    def add_worker(self) -> None:
        """One core, one gigabyte."""
        work = str(self._folder / f"worker-{len(self.workers)}")
        self.workers.append(
            self._start("worker", "--cores", "1", "--memory", "1g", "--work-dir", work, self.master)
        )

    def kill_worker(self) -> None:
        """As when its machine loses power: the worker, its executor and the tasks' Pythons."""
        worker = self.workers.pop(0)
        for process in [worker, *worker.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        worker.wait()

    def end(self) -> None:
        for process in [*self.workers, self._master]:
            process.terminate()
        for process in [*self.workers, self._master]:
            process.wait()

    def _start(self, part: str, *arguments: str) -> psutil.Popen:
        import pyspark

        home = Path(pyspark.__file__).parent
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": QUICK_START,
            "PYSPARK_PYTHON": sys.executable,
        }
        log = (self._folder / f"{part}-{uuid4()}.log").open("wb")
        return psutil.Popen(
            [
                str(home / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{part}.{part.title()}",
                "--host", HOST, "--webui-port", "0", *arguments,
            ],
            env=environment, cwd=self._folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip


@contextmanager
def started(folder: Path, workers: int) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.end()


def answers(port: int) -> bool:
    with socket.socket() as calling:
        return calling.connect_ex((HOST, port)) == 0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = monotonic() + PATIENCE
    while not condition():
        if monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        sleep(0.05)
