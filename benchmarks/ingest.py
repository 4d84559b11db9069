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
from typing import Any, NamedTuple

import psutil
import psycopg

BATCH = 100
CONNECTIONS = 8
TARGET_RATE, TARGET_SHARE, TARGET_LAG = 10_000, 0.5, 15.0
COLUMNS = "brand_id, source_id, message_id, dialect, body, received_at, sent_at"
ROUNDS = 7


class Speed(NamedTuple):
    """Events a second, and the seconds that a batch took."""

    rate: float
    p50: float = 0.0
    p99: float = 0.0


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


def copy_all(parameters: dict[str, Any], rows: list[bytes], at_a_time: int) -> Speed:
    """COPY of lines of text, so many a transaction, over the same number of connections."""
    pieces = [b"".join(rows[start : start + at_a_time]) for start in range(0, len(rows), at_a_time)]
    shares = [pieces[place::CONNECTIONS] for place in range(CONNECTIONS)]

    def copy(share: list[bytes]) -> None:
        with psycopg.connect(**parameters, autocommit=True) as connection:
            for piece in share:
                with connection.cursor().copy(f"COPY events_receivedevent ({COLUMNS}) FROM STDIN") as into:
                    into.write(piece)

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(copy, [share for share in shares if share]))
    return Speed(len(rows) / (time.perf_counter() - began))


def lines_to_copy(bodies: list[bytes], ids: dict[str, str]) -> list[bytes]:
    """The same events as COPY reads them, ready before the clock starts, as the bodies are."""
    now = datetime.now(UTC).isoformat()
    return [
        "\t".join(
            (
                *(ids["brand"], ids["other"], one["messageId"], "segment"),
                *("\\\\x" + json.dumps(one).encode().hex(), now, now),
            )
        ).encode()
        + b"\n"
        for body in bodies
        for one in json.loads(body)["batch"]
    ]


def http(port: int, key: str, bodies: list[bytes]) -> Speed:
    began = time.perf_counter()
    took = sorted(asyncio.run(post_all(port, key, bodies)))
    rate = BATCH * len(took) / (time.perf_counter() - began)
    return Speed(rate, took[len(took) // 2], took[len(took) * 99 // 100])


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


def show(name: str, speeds: list[Speed]) -> None:
    """The middle one of several rounds, and from the slowest to the fastest."""
    speeds = sorted(speeds)
    middle = speeds[len(speeds) // 2]
    span = f" ({speeds[0].rate:,.0f} to {speeds[-1].rate:,.0f})" if len(speeds) > 1 else ""
    times = f"; p50 {1e3 * middle.p50:.1f} ms, p99 {1e3 * middle.p99:.1f} ms a batch" if middle.p50 else ""
    print(f"{name:<38} {middle.rate:>10,.0f} events/s{span}{times}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=300_000)
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
        beside_copy = bodies[20 : len(bodies) * 2 // 3]
        side_by_side(data, port, ids, beside_copy)
        rest = bodies[len(bodies) * 2 // 3 :]
        found = http(port, ids["key"], rest)
        show("HTTP, taken into the lake meanwhile", [found])
        began = time.perf_counter()
        while waiting_in_inbox(parameters):
            time.sleep(0.1)
        print(f"{'in the lake after the last answer':<38} {time.perf_counter() - began:>10.1f} s")
        lags = sorted(lag(parameters, port, ids["key"]) for _ in range(5))
        print(f"{'from the 200 to new numbers, 5 times':<38} {lags[2]:>10.1f} s (worst {lags[-1]:.1f})")
    print(f"targets: {TARGET_SHARE:.0%} of COPY, {TARGET_RATE:,} events/s, {TARGET_LAG:.0f} s")


def side_by_side(data: Path, port: int, ids: dict[str, str], bodies: list[bytes]) -> None:
    """HTTP and COPY in turn, with the worker at rest: whatever else the machine does, it does to each."""
    parameters = parameters_of(data)
    rows = lines_to_copy(bodies, ids)
    worker = part(os.getpid(), "worker")
    worker.suspend()
    rounds: dict[str, list[Speed]] = {"HTTP": [], "by 100": [], "in one piece": []}
    for turn in range(ROUNDS):
        share = bodies[turn::ROUNDS]
        rounds["HTTP"].append(http(port, ids["key"], share))
        copied = rows[turn::ROUNDS]
        half = len(copied) // 2
        rounds["by 100"].append(copy_all(parameters, copied[:half], BATCH))
        rounds["in one piece"].append(copy_all(parameters, copied[half:], half // CONNECTIONS))
    with psycopg.connect(**parameters, autocommit=True) as connection:
        connection.execute("DELETE FROM events_receivedevent WHERE source_id = %s", [ids["other"]])
    worker.resume()
    show("HTTP, batches of 100", rounds["HTTP"])
    show("COPY, 100 rows a transaction", rounds["by 100"])
    show("COPY, in one piece a connection", rounds["in one piece"])
    for name in ("by 100", "in one piece"):
        shares = sorted(
            http.rate / copy.rate for http, copy in zip(rounds["HTTP"], rounds[name], strict=True)
        )
        print(f"HTTP is {shares[ROUNDS // 2]:.0%} of COPY {name} ({shares[0]:.0%} to {shares[-1]:.0%})")


if __name__ == "__main__":
    main()
