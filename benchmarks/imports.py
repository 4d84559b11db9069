"""Rows a second and peak memory of an import, by format: `python -m benchmarks.imports [--rows N]`.

Target: memory that does not grow with the file (under 600 MB resident for 2 GB of CSV). Judged against DuckDB
reading the same CSV into a sorted Parquet file, which neither rejects rows, knows customers nor finds what is
there already. The environment is there (`make install`).
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

MB = 1024**2
NAMES = (
    "Page Viewed",
    "Product Viewed",
    "Product Added",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
)


def write_csv(path: Path, rows: int) -> None:
    """A shop's events: 20 a customer, two years, six names, four channels."""
    import duckdb

    names = ", ".join(f"'{name}'" for name in NAMES)
    duckdb.sql("SELECT setseed(0.5)")
    duckdb.sql(
        f"COPY (SELECT (random() * {max(1, rows // 20)})::BIGINT AS customer_id,"
        " strftime(TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * (random() * 63072000)::BIGINT,"
        f" '%Y-%m-%dT%H:%M:%SZ') AS time, [{names}][1 + (random() * 5)::INT] AS event,"
        " ['web', 'app', 'email', 'store'][1 + (random() * 3)::INT] AS channel,"
        " 'SKU-' || (random() * 5000)::INT AS product, round(random() * 200, 2) AS price"
        f" FROM range({rows})) TO '{path}' (HEADER)"
    )


def with_parcours(log: Path, home: Path) -> tuple[dict[str, Any], float, float]:
    """The report, the seconds, and the importing process's peak of resident memory (MB)."""
    command = [sys.executable, "-m", "parcours", "import", "events", str(log), "--json", "--data", str(home)]
    began = time.monotonic()
    process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.05)
    return json.loads(process.stdout.read()), time.monotonic() - began, most / MB


def with_duckdb(log: Path, target: Path) -> float:
    """Seconds in a process of its own."""
    code = (
        'import duckdb, sys; duckdb.sql("COPY (SELECT * FROM read_csv(\'" + sys.argv[1] + "\') ORDER BY'
        ' customer_id, time) TO \'" + sys.argv[2] + "\' (FORMAT parquet, COMPRESSION zstd)")'
    )
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", code, str(log), str(target)], check=True)
    return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, DuckDB {version('duckdb')}, ", end="")
    print(f"pyarrow {version('pyarrow')}; {rows:,} rows of CSV")
    with tempfile.TemporaryDirectory() as folder:
        log, home = Path(folder, "events.csv"), Path(folder, "var")
        write_csv(log, rows)
        print(f"{log.stat().st_size / MB:,.0f} MB")
        owner = ("user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
        subprocess.run(
            [sys.executable, "-m", "parcours", *owner, "--data", str(home)], check=True, capture_output=True
        )
        plain = with_duckdb(log, Path(folder, "events.parquet"))
        print(f"\n{'':<26} {'seconds':>8} {'rows/s':>10} {'peak MB':>8} {'× DuckDB':>9}")
        print(f"{'DuckDB: CSV to Parquet':<26} {plain:8.1f} {rows / plain:10,.0f}")
        for title in ("Parcours: first import", "Parcours: the same again"):
            report, seconds, most = with_parcours(log, home)
            print(
                f"{title:<26} {seconds:8.1f} {rows / seconds:10,.0f} {most:8.0f} {seconds / plain:9.1f}",
                end="",
            )
            print(f"   stored {report['stored']:,}, already there {report['already_there']:,}")


if __name__ == "__main__":
    main()
