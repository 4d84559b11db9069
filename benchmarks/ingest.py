"""Events a second over HTTP, durable before the answer, beside raw COPY: `python -m benchmarks.ingest`.

Batches of 100 events, as tracking clients send them, to one web process, with the worker at rest and with the
worker taking them into the lake; then COPY of the same rows into the same table and index, in transactions of
100 rows and in one piece.
Target: at least half of COPY and 10,000 events a second. At last the seconds from the 200 of one event until
open canvases are told of new numbers (target: 15).
"""

import argparse
import asyncio
import base64
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import psycopg

BATCH = 100
CONNECTIONS = 8
TARGET_RATE, TARGET_SHARE, TARGET_LAG = 10_000, 0.5, 15.0
COLUMNS = "brand_id, source_id, message_id, dialect, body, received_at, sent_at"
SETUP = """
import json
from parcours.core.installation import open_installation
with open_installation():
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import create_brand
    from parcours.canvas.writes import create_journey
    from parcours.events.writes import add_source
    brand = create_brand("Benchmark")
    actor = system_actor(brand.pk)
    create_journey("A journey", acting_user=actor, language="en")
    source, key = add_source(brand, "HTTP", acting_user=actor)
    other, _key = add_source(brand, "COPY", acting_user=actor)
    print(json.dumps({"brand": str(brand.pk), "source": str(source.pk), "other": str(other.pk), "key": key}))
"""


def event(number: int) -> dict[str, Any]:
    """What a client on a server sends for a page of a product, 600 bytes."""
    moment = datetime.now(UTC).isoformat()
    return {
        "anonymousId": None,
        "context": {"library": {"name": "analytics-python", "version": "2.4.0"}, "locale": "fr-FR"},
        "event": "Product Viewed",
        "integrations": {},
        "messageId": str(uuid.uuid4()),
        "originalTimestamp": moment,
        "properties": {
            "product_id": f"shoe-{number % 400}",
            "name": "Foulée Légère 3",
            "category": "Trail running shoes",
            "price": 129.9,
            "currency": "EUR",
            "url": f"https://shop.example/shoes/{number % 400}",
            "position": 3,
        },
        "timestamp": moment,
        "type": "track",
        "userId": f"customer-{number % 20_000}",
    }


@contextmanager
def serving(data: Path, port: int) -> Iterator[None]:
    environment = {**os.environ, "PARCOURS_DATA": str(data), "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "parcours", "serve", "--port", str(port)],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        if not any(line.startswith("Parcours is ready") for line in process.stdout):
            raise SystemExit("the server ended before it was ready")
        yield
    finally:
        process.terminate()
        process.wait()


async def post_all(port: int, key: str, bodies: list[bytes]) -> list[float]:
    """Posts the bodies over so many connections; returns the seconds that each answer took."""
    waiting = iter(bodies)
    took: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            began = time.perf_counter()
            writer.write(_head(key, len(body)) + body)
            status = await reader.readline()
            if b" 200 " not in status:
                raise SystemExit(f"answered {status!r}")
            length = 0
            while (line := await reader.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            await reader.readexactly(length)
            took.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return took


def _head(key: str, length: int) -> bytes:
    authorization = base64.b64encode(f"{key}:".encode()).decode()
    return (
        f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {authorization}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def copy_all(parameters: dict[str, Any], rows: list[tuple[Any, ...]], at_a_time: int) -> float:
    """Seconds for COPY of the rows, so many a transaction, over the same number of connections."""
    pieces = [rows[start : start + at_a_time] for start in range(0, len(rows), at_a_time)]
    shares = [pieces[place::CONNECTIONS] for place in range(CONNECTIONS)]

    def copy(share: list[list[tuple[Any, ...]]]) -> None:
        with psycopg.connect(**parameters, autocommit=True) as connection:
            for piece in share:
                with connection.cursor().copy(f"COPY events_receivedevent ({COLUMNS}) FROM STDIN") as into:
                    for row in piece:
                        into.write_row(row)

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(copy, [share for share in shares if share]))
    return time.perf_counter() - began


def copied_rows(bodies: list[bytes], ids: dict[str, str]) -> list[tuple[Any, ...]]:
    now = datetime.now(UTC)
    return [
        (ids["brand"], ids["other"], one["messageId"], "segment", json.dumps(one).encode(), now, now)
        for body in bodies
        for one in json.loads(body)["batch"]
    ]


def http(name: str, port: int, key: str, bodies: list[bytes]) -> float:
    began = time.perf_counter()
    took = sorted(asyncio.run(post_all(port, key, bodies)))
    found = rate(name, BATCH * len(took), time.perf_counter() - began)
    middle, late = took[len(took) // 2], took[len(took) * 99 // 100]
    print(f"{'':<44} p50 {1e3 * middle:.1f} ms, p99 {1e3 * late:.1f} ms a batch")
    return found


def part(parent: int, name: str) -> psutil.Process:
    for process in psutil.Process(parent).children(recursive=True):
        if name in process.cmdline()[3:4]:
            return process
    raise SystemExit(f"there is no part {name}")


def lag(parameters: dict[str, Any], port: int, key: str) -> float:
    """Seconds from the answer to one event until its brand's canvases are told of new numbers."""
    with psycopg.connect(**parameters, autocommit=True) as connection:
        asked = (
            "SELECT coalesce(max(id), 0) FROM live_update"
            " WHERE topic LIKE 'journey:%' AND name = 'numbers.changed'"
        )
        before = connection.execute(asked).fetchone()
        asyncio.run(post_all(port, key, [json.dumps({"batch": [event(0)]}).encode()]))
        began = time.perf_counter()
        while connection.execute(asked).fetchone() == before:
            time.sleep(0.02)
        return time.perf_counter() - began


def waiting_in_inbox(parameters: dict[str, Any]) -> int:
    with psycopg.connect(**parameters, autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM events_receivedevent WHERE handed_at IS NULL"
        ).fetchone()
        return int(row[0]) if row else 0


def parameters_of(data: Path) -> dict[str, Any]:
    from parcours.core.postgres import database_settings

    named = database_settings(data)
    return {"host": named["HOST"], "port": named["PORT"], "user": named["USER"], "dbname": named["NAME"]}


def rate(name: str, events: int, seconds: float) -> float:
    print(f"{name:<44} {events / seconds:>10,.0f} events/s")
    return events / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--port", type=int, default=9181)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parcours-ingest-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - the database server runs as another user
        measure(Path(folder) / "var", options.port, options.events)


def measure(data: Path, port: int, events: int) -> None:
    environment = {**os.environ, "PARCOURS_DATA": str(data)}
    made = subprocess.run(
        [sys.executable, "-c", SETUP], env=environment, capture_output=True, text=True, check=True
    )
    ids = json.loads(made.stdout.splitlines()[-1])
    bodies = [
        json.dumps(
            {"batch": [event(start + n) for n in range(BATCH)], "sentAt": datetime.now(UTC).isoformat()}
        ).encode()
        for start in range(0, events, BATCH)
    ]
    parameters = parameters_of(data)
    with serving(data, port):
        with psycopg.connect(**parameters) as connection:
            server = connection.execute("SHOW server_version").fetchone()
        print(
            f"Parcours {version('parcours')}, Python {platform.python_version()},"
            f" PostgreSQL {(server or '?')[0]}, {os.cpu_count()} cores; {events:,} events"
            f" of {len(bodies[0]) // BATCH} bytes, {CONNECTIONS} connections"
        )
        asyncio.run(post_all(port, ids["key"], bodies[:20]))
        middle_one = len(bodies) // 2
        worker = part(os.getpid(), "worker")
        worker.suspend()
        sent = http("HTTP, batches of 100", port, ids["key"], bodies[20:middle_one])
        worker.resume()
        http("HTTP, taken into the lake meanwhile", port, ids["key"], bodies[middle_one:])
        began = time.perf_counter()
        while waiting_in_inbox(parameters):
            time.sleep(0.1)
        print(f"{'in the lake after the last answer':<44} {time.perf_counter() - began:>10.1f} s")
        lags = sorted(lag(parameters, port, ids["key"]) for _ in range(5))
        print(f"{'from the 200 to new numbers, 5 times':<44} {lags[2]:>10.1f} s (worst {lags[-1]:.1f})")
        rows = copied_rows(bodies, ids)
        # The worker is not to take part: these rows count as handed over from the start.
        with psycopg.connect(**parameters, autocommit=True) as connection:
            connection.execute("ALTER TABLE events_receivedevent ALTER handed_at SET DEFAULT now()")
        half = len(rows) // 2
        small = rate("COPY, 100 rows a transaction", half, copy_all(parameters, rows[:half], BATCH))
        large = rate(
            "COPY, in one piece a connection", half, copy_all(parameters, rows[half:], half // CONNECTIONS)
        )
    print(
        f"HTTP is {sent / small:.0%} of COPY by 100 and {sent / large:.0%} of COPY in one piece; targets:"
        f" {TARGET_SHARE:.0%}, {TARGET_RATE:,} events/s, {TARGET_LAG:.0f} s"
    )


if __name__ == "__main__":
    main()
