"""Imports as people run them: large files, killed in the middle, real logs."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.acceptance.product import environment, run, wait_until
from tests.conftest import real_log

pytestmark = pytest.mark.acceptance

ROWS = 150_000
MOST_MEMORY = 600 * 1024 * 1024


def write_log(path: Path, rows: int) -> None:
    names = ("Page Viewed", "Product Viewed", "Cart Viewed", "Order Completed")
    with path.open("w") as file:
        file.write("customer_id,timestamp,event,channel,country,comment\n")
        for row in range(rows):
            day, second = row % 28 + 1, row % 86_400
            time = f"2026-01-{day:02d}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
            comment = f'"row {row}, ""quoted"""'
            file.write(f"{row * 7_919 % 20_011},{time},{names[row % 4]},web,FR,{comment}\n")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "var"
    made = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
    assert made.returncode == 0, made.stderr
    return home


def answer(home: Path, *arguments: str) -> Any:
    done = run(home, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def names(home: Path) -> dict[str, int]:
    return {row["name"]: row["events"] for row in answer(home, "events", "names")}


def killed_when(home: Path, log: Path, moment: Callable[[], bool]) -> int:
    """Begins an import and kills it without warning at the moment; returns how it ended."""
    command = [sys.executable, "-m", "parcours", "import", "events", str(log)]
    process = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    wait_until(lambda: moment() or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    return process.wait()


def test_an_import_killed_at_any_point_and_repeated_comes_to_the_same_as_once(
    home: Path, tmp_path: Path
) -> None:
    log = tmp_path / "events.csv"
    write_log(log, ROWS)
    moments: tuple[Callable[[], bool], ...] = (
        lambda: any(home.glob("lake/*/staging/*/rows/*.arrows")),
        lambda: any(home.glob("lake/*/events/0*.parquet")),
        lambda: any(home.glob("lake/*/events/31-*.parquet")),
    )
    for moment in moments:
        assert killed_when(home, log, moment) == -signal.SIGKILL
        assert answer(home, "events", "count")["events"] == 0

    repeated = answer(home, "import", "events", str(log))
    assert (repeated["stored"], repeated["already_there"], repeated["rejected"]) == (ROWS, 0, 0)
    assert sum(names(home).values()) == ROWS
    assert not list(home.glob("lake/*/staging/*"))

    again = answer(home, "import", "events", str(log))
    assert (again["stored"], again["already_there"]) == (0, ROWS)


def test_memory_stays_bounded_however_long_the_file_is(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "events.csv"
    write_log(log, 8 * ROWS)
    command = [sys.executable, "-m", "parcours", "import", "events", str(log), "--json"]
    process = psutil.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True)
    most = 0

    def ended() -> bool:
        nonlocal most
        try:
            most = max(most, process.memory_info().rss)
        except psutil.Error:
            return True
        return process.poll() is not None

    wait_until(ended)

    assert json.loads(process.stdout.read())["stored"] == 8 * ROWS
    assert most < MOST_MEMORY


def test_what_is_wrong_is_said_and_the_lake_is_unharmed(home: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("customer,time,event\n7,2026-01-01T10:00:00Z,X\n")
    answer(home, "import", "events", str(good))
    rubbish = tmp_path / "rubbish.csv"
    rubbish.write_bytes(bytes(range(256)) * 100)
    rejected = tmp_path / "rejected.csv"
    rejected.write_text("customer,time,event\n,2026-01-01,X\n")
    nowhere = tmp_path / "nowhere.csv"

    for path, sentence in (
        (rubbish, "not text"),
        (nowhere, "no such file"),
        (tmp_path, "not a file"),
        (rejected, "There is no customer."),
    ):
        done = run(home, "import", "events", str(path))
        assert done.returncode == 1
        assert sentence in done.stdout + done.stderr
    missing = run(home, "import", "events", str(good), "--time", "tiem")
    assert missing.returncode == 1
    assert "Did you mean “time”?" in missing.stderr

    assert answer(home, "events", "count")["events"] == 1


def test_a_real_xes_log_comes_in_whole(home: Path) -> None:
    log = real_log("bpic2012/bpic2012.xes.gz")

    report = answer(home, "import", "events", str(log))

    assert (report["read"], report["stored"], report["rejected"]) == (262_200, 262_200, 0)
    assert len(names(home)) == 24
    assert answer(home, "events", "count", "--since", "2012-03-01")["events"] < 262_200


def test_a_real_file_of_orders_becomes_orders(home: Path) -> None:
    import duckdb

    log = real_log("online_retail/online_retail_ii_2009_2010.parquet")
    orders = (
        duckdb.connect()
        .execute(
            f"SELECT count(DISTINCT Invoice) FILTER (WHERE Invoice NOT LIKE 'C%'),"
            f" count(DISTINCT Invoice) FILTER (WHERE Invoice LIKE 'C%') FROM '{log}'"
            ' WHERE "Customer ID" IS NOT NULL'
        )
        .fetchone()
    )

    report = answer(home, "import", "events", str(log), "--orders", "--cancelled-prefix", "C")

    assert orders == (names(home)["Order Completed"], names(home)["Order Cancelled"])
    parts = ("stored", "already_there", "rejected", "combined", "profiles")
    assert report["read"] == sum(report[part] for part in parts)
