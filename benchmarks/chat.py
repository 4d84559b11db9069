"""Live chat under load: `python -m benchmarks.chat`.

2,000 visitors with the chat open and 12 agents at their desks follow their streams, from two web processes
and one worker; 50 messages a second are written, every other one by an agent. Halfway one web process is
killed (kill -9) and started again a few seconds later. Counts what was lost and what came twice, in the
streams and in the database, and measures the time from the click on “Send” until the words are on the
other's page. The load runs in a process of its own (`chat_parts/driver.py`). Beside it, in the same run: the
same load
with a chat that polls every three seconds, and what PostgreSQL alone takes from an insert to a NOTIFY heard.
Target: 99 of 100 within 300 ms; none lost, none twice.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import psutil
import psycopg

from parcours.core.installation import open_installation
from parcours.core.server_process import find_postmaster

TARGET = 0.3
LOAD = "the load itself"
DISTURBED = 8.0
"""Seconds after the kill that are told apart: streams come back, messages are sent again."""
KILLED_AFTER, BACK_AFTER = 0.5, 3.0


class Parts:
    """Two web processes and a worker."""

    def __init__(self, environment: dict[str, str], ports: list[int], log: Path, database: int) -> None:
        self._environment, self._log = environment, log
        self._database = psutil.Process(database)
        self.ports = ports
        self.running: dict[str, psutil.Process] = {}
        self._ended: dict[str, float] = {}
        for port in ports:
            self.start_web(port)
        self._start("worker", "worker")

    def start_web(self, port: int) -> None:
        self._start(f"web {port}", "web", "--port", str(port))

    def _start(self, name: str, *command: str) -> None:
        log = (self._log / f"{name.replace(' ', '-')}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "parcours", *command], stdout=log, stderr=log, env=self._environment
        )
        self.running[name] = psutil.Process(process.pid)

    def kill(self, name: str) -> None:
        self._ended[name] = sum(self.running[name].cpu_times()[:2])
        self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait()

    def wait_until_ready(self, port: int) -> None:
        import urllib.request

        for _try in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"nothing answers on port {port}")

    def wait_until_idle(self, parameters: dict[str, Any]) -> None:
        """Until the worker has done what the preparation caused: that belongs to no message."""
        waiting = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND "
        waiting += "coalesce(scheduled_at, now()) < now() + interval '15 seconds' AND attempts = 0)"
        with psycopg.connect(**parameters, autocommit=True) as asking:
            for _try in range(120):
                row = asking.execute(waiting).fetchone()
                if row is not None and not row[0]:
                    return
                time.sleep(1)

    def work(self) -> dict[str, float]:
        """Seconds of processor that each has used; of the database also what its ended processes had."""
        used = {
            name: sum(process.cpu_times()[:2]) + self._ended.get(name, 0.0)
            for name, process in self.running.items()
        }
        database = sum(self._database.cpu_times()[:4])
        for each in self._database.children():
            with suppress(psutil.NoSuchProcess):
                database += sum(each.cpu_times()[:2])
        return {**used, "database": database}

    def memory(self) -> dict[str, float]:
        """Megabytes that belong to each alone (USS)."""
        return {name: process.memory_full_info().uss / 2**20 for name, process in self.running.items()}

    def end(self) -> None:
        for process in self.running.values():
            process.terminate()
        psutil.wait_procs(list(self.running.values()), timeout=10)


def prepare(visitors: int, talking: int, agents: int) -> dict[str, Any]:
    """A brand with a chat, agents who are signed in, visitors with a session, some in a conversation."""
    from django.conf import settings
    from django.test import Client

    from parcours.accounts.models import Person
    from parcours.accounts.rights import system_actor
    from parcours.accounts.writes import add_person, create_brand
    from parcours.inbox import writes
    from parcours.inbox.chat import posting, sessions
    from parcours.inbox.chat.reads import newest_conversation

    brand = create_brand("A busy chat")
    actor = system_actor(brand.pk)
    account = writes.add_account(
        brand, "chat", "Chat", {"origins": "https://shop.example"}, acting_user=actor
    )
    cookies, people = [], []
    for n in range(agents):
        email = f"desk-{n}@example.org"
        add_person(email, brand=brand, role="agent", name=f"Desk {n}", acting_user=actor)
        people.append(Person.objects.get(email=email))
        client = Client()
        client.force_login(people[-1])
        name = settings.SESSION_COOKIE_NAME
        cookies.append(f"{name}={client.cookies[name].value}")
    guests = []
    for n in range(visitors):
        session, token = sessions.start(account, language="fr", details={"name": f"Visitor {n}"}, context={})
        talk = ""
        if n < talking:
            posting.post(session, f"first-message-{n}", "Bonjour", [])
            found = newest_conversation(session)
            assert found is not None
            talk = str(found.pk)
            writes.assign(found.pk, people[n % agents].pk, acting_user=actor)
        guests.append({"token": token, "conversation": talk})
    return {"brand": str(brand.pk), "agents": cookies, "visitors": guests}


class Outcome(NamedTuple):
    seen: dict[str, Any]
    killed: float
    work: dict[str, float]
    memory: dict[str, float]
    seconds: float


def play(parts: Parts, plan: dict[str, Any], *, kill: bool) -> Outcome:
    """The load over `plan["seconds"]`; with `kill` the first web process dies halfway and comes back."""
    driver = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.chat_parts.driver"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert driver.stdin is not None
    assert driver.stdout is not None
    print(json.dumps(plan), file=driver.stdin, flush=True)
    opened = json.loads(driver.stdout.readline())["opened"]
    print(f"{opened} streams are open; load {os.getloadavg()[0]:.1f}", flush=True)
    load = psutil.Process(driver.pid)
    before, began = {**parts.work(), LOAD: sum(load.cpu_times()[:2])}, time.time()
    print("go", file=driver.stdin, flush=True)
    killed = 0.0
    memory: dict[str, float] = {}

    def disturb() -> None:
        nonlocal killed
        name = f"web {parts.ports[0]}"
        time.sleep(plan["seconds"] * KILLED_AFTER)
        memory.update(parts.memory())
        if kill:
            killed = time.time()
            parts.kill(name)
            time.sleep(BACK_AFTER)
            parts.start_web(parts.ports[0])

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    seen = json.loads(driver.stdout.readline())
    after = {**parts.work(), LOAD: sum(load.cpu_times()[:2])}
    disturbing.join()
    driver.wait()
    work = {name: after[name] - before.get(name, 0.0) for name in after}
    return Outcome(seen, killed, work, memory, time.time() - began)


def tell(title: str, found: Outcome) -> None:
    seen = found.seen
    sent, shown = seen["sent"], seen["shown"]
    took = {text: shown[text][0] - at for text, at in sent.items() if text in shown}
    calm = sorted(span for text, span in took.items() if not _disturbed(sent[text], found.killed))
    upset = sorted(span for text, span in took.items() if _disturbed(sent[text], found.killed))
    print(f"\n## {title}\n")
    visitors = set(seen["visitors"])
    lost, twice = len(sent) - len(took), sum(len(each) > 1 for each in shown.values())
    print(
        f"- written {len(sent)}, stored {len(seen['stored'])}, shown {len(took)}, lost {lost}, twice {twice};"
    )
    print(f"  sent again {seen['again']} times; refused {seen['refused']}")
    print(f"- from “Send” until shown: {quantiles(calm)}")
    for name, mine in (("to the desk", True), ("to the visitor", False)):
        spans = sorted(span for text, span in took.items() if (text in visitors) == mine)
        print(f"  {name}: {quantiles(spans)}")
    if found.killed:
        back = sorted(at - found.killed for at in seen["back"] if at >= found.killed)
        print(f"- of those written within {DISTURBED:.0f} s after the kill: {quantiles(upset)}")
        if back:
            middle, last = back[len(back) // 2], back[-1]
            print(f"- {len(back)} streams broke; half were back after {middle:.1f} s, all by {last:.1f} s")
    print(f"- a POST is answered after: {quantiles(sorted(seen['answers']))}")
    shares = ", ".join(f"{name} {100 * spent / found.seconds:.0f} %" for name, spent in found.work.items())
    sizes = ", ".join(f"{name} {size:.0f} MB" for name, size in found.memory.items())
    each = {name: 1000 * spent / len(sent) for name, spent in found.work.items()}
    product = sum(spent for name, spent in each.items() if name != LOAD)
    print(f"- processor used: {shares} of a core; memory: {sizes}")
    print(f"- processor for each message: {product:.1f} ms, of these", end=" ")
    print(", ".join(f"{name} {spent:.1f}" for name, spent in each.items() if name != LOAD), end="; ")
    print(f"besides {each[LOAD]:.1f} by the load itself")
    calls = sorted(seen["asked"].items(), key=lambda told: -told[1])
    print("- calls for each message:", ", ".join(f"{name} {n / len(sent):.2f}" for name, n in calls))
    print(f"- told to desks: {seen['told'] / len(sent):.1f} for each message")
    print(f"- load of the machine: {' '.join(f'{value:.1f}' for value in os.getloadavg())}", flush=True)


def _disturbed(at: float, killed: float) -> bool:
    return bool(killed) and killed - 1 <= at <= killed + DISTURBED


def quantiles(spans: list[float]) -> str:
    if not spans:
        return "none"
    at = [spans[min(len(spans) - 1, int(share * len(spans)))] * 1000 for share in (0.5, 0.95, 0.99)]
    return f"p50 {at[0]:.0f} ms, p95 {at[1]:.0f} ms, p99 {at[2]:.0f} ms, longest {spans[-1] * 1000:.0f} ms"


def in_database(texts: list[str]) -> str:
    """Each message once, and each to a visitor handed over once."""
    from parcours.inbox.enums import OutboxStatus
    from parcours.inbox.models import Message, Outgoing

    rows = list(Message.objects.filter(text__in=texts).values_list("text", flat=True))
    left = Outgoing.objects.exclude(status=OutboxStatus.SENT).count()
    there = len(set(rows))
    return f"in the database: {there} of {len(texts)}, twice {len(rows) - there}, not handed over {left}"


def floor(parameters: dict[str, Any], rounds: int = 500) -> list[float]:
    """Seconds from an insert with NOTIFY until a second connection has heard of it and read the row."""
    took = []
    with (
        psycopg.connect(**parameters, autocommit=True) as writing,
        psycopg.connect(**parameters, autocommit=True) as hearing,
    ):
        writing.execute("CREATE TABLE IF NOT EXISTS benchmark_floor (id bigserial PRIMARY KEY, words text)")
        hearing.execute("LISTEN benchmark_floor")
        for _round in range(rounds):
            began = time.perf_counter()
            with writing.transaction():
                row = writing.execute(
                    "INSERT INTO benchmark_floor (words) VALUES ('said') RETURNING id"
                ).fetchone()
                assert row is not None
                writing.execute("SELECT pg_notify('benchmark_floor', %s)", [str(row[0])])
            notice = next(hearing.notifies(stop_after=1, timeout=5))
            hearing.execute("SELECT * FROM benchmark_floor WHERE id = %s", [int(notice.payload)]).fetchone()
            took.append(time.perf_counter() - began)
            time.sleep(0.005)
        writing.execute("DROP TABLE benchmark_floor")
    return sorted(took)


@contextmanager
def parts_of(data: Path, ports: list[int]) -> Iterator[tuple[Parts, dict[str, Any]]]:
    from parcours.core.postgres import database_settings

    named = database_settings(data)
    parameters = {
        "host": named["HOST"],
        "port": named["PORT"],
        "user": named["USER"],
        "dbname": named["NAME"],
    }
    url = f"postgresql://{named['USER']}@localhost:{named['PORT']}/{named['NAME']}?host={quote(str(named['HOST']))}"
    environment = {**os.environ, "PARCOURS_DATA": str(data), "DATABASE_URL": url, "LANG": "C.UTF-8"}
    server = find_postmaster(data / "postgres")
    assert server is not None
    parts = Parts(environment, ports, data / "log", server.pid)
    try:
        for port in ports:
            parts.wait_until_ready(port)
        yield parts, parameters
    finally:
        parts.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=2_000)
    parser.add_argument("--talking", type=int, default=400)
    parser.add_argument("--agents", type=int, default=12)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--port", type=int, default=8105)
    parser.add_argument("--data", type=Path, help="a new folder for the database; else it is removed")
    parser.add_argument("--parts", default="kpf", help="k: with a kill, c: calm, p: polling, f: the floor")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parcours-chat-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - the database server runs as another user
        with open_installation(given.data or Path(folder) / "var") as installation:
            print(
                f"Parcours {version('parcours')}, Python {platform.python_version()}, {os.cpu_count()} cores"
            )
            plan = prepare(given.visitors, given.talking, given.agents)
            ports = [given.port, given.port + 1000]
            plan |= {"ports": ports, "rate": given.rate, "seconds": given.seconds}
            print(f"{given.visitors} visitors, {given.talking} of them talk; {given.agents} agents;", end=" ")
            print(f"{given.rate:.0f} messages a second")
            with parts_of(installation.data, ports) as (parts, parameters):
                parts.wait_until_idle(parameters)
                if "c" in given.parts:
                    tell("Calm", play(parts, plan, kill=False))
                if "k" in given.parts:
                    found = play(parts, plan, kill=True)
                    tell("One web process of two killed halfway", found)
                    print(f"- {in_database(list(found.seen['sent']))}")
                if "p" in given.parts:
                    tell("The same, polled every 3 s", play(parts, {**plan, "polls": 3.0}, kill=False))
                if "f" in given.parts:
                    took = floor(parameters)
                    print(f"\nPostgreSQL alone, from an insert until heard and read: {quantiles(took)}")


if __name__ == "__main__":
    main()
