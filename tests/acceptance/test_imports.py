"""Imports as people run them: large files, killed in the middle, real logs."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.acceptance.product import PATIENCE, environment, run, wait_until
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
def home(home: Path) -> Path:
    made = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
    assert made.returncode == 0, made.stderr
    return home


def answer(home: Path, *arguments: str) -> Any:
    done = run(home, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def names(home: Path) -> dict[str, int]:
    return {row["name"]: row["events"] for row in answer(home, "events", "names")}


LAKE = "parcours.events.lake"
BEFORE_ITS_COMMIT = (
    f"after {LAKE}.spill:Spill.add 2",
    f"after {LAKE}.lake:Lake._change 9",
    f"before {LAKE}.manifest:swap",
    f"after {LAKE}.manifest:publish",
)
AFTER_ITS_COMMIT = (
    f"before {LAKE}.manifest:list_files",
    f"before {LAKE}.index_build:_Arrays.finish",
)


def killed(home: Path, point: str, log: Path) -> None:
    """An import that ends at the point (see `dying`), all of a sudden."""
    command = [sys.executable, "-m", "tests.acceptance.dying", point, "import", "events", str(log)]
    done = subprocess.run(command, env=environment(home), capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == -signal.SIGKILL, f"{point}: {done.stderr.decode()}"


def test_an_import_killed_at_any_point_and_repeated_comes_to_the_same_as_once(
    home: Path, tmp_path: Path
) -> None:
    log = tmp_path / "events.csv"
    write_log(log, ROWS)
    for point in BEFORE_ITS_COMMIT:
        killed(home, point, log)
        assert answer(home, "events", "count")["events"] == 0

    repeated = answer(home, "import", "events", str(log))
    assert (repeated["stored"], repeated["already_there"], repeated["rejected"]) == (ROWS, 0, 0)
    assert sum(names(home).values()) == ROWS
    assert not list(home.glob("lake/*/staging/*"))

    again = answer(home, "import", "events", str(log))
    assert (again["stored"], again["already_there"]) == (0, ROWS)


def test_an_import_killed_just_after_its_commit_is_complete(home: Path, tmp_path: Path) -> None:
    log = tmp_path / "events.csv"
    for times, point in enumerate(AFTER_ITS_COMMIT, start=1):
        write_log(log, times * 1_000)
        killed(home, point, log)
        assert answer(home, "events", "count")["events"] == times * 1_000
        assert sum(names(home).values()) == times * 1_000

    again = answer(home, "import", "events", str(log))
    assert (again["stored"], again["already_there"]) == (0, 2_000)


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
