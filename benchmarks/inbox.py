"""The inbox with a million messages: `python -m benchmarks.inbox`.

Fills a database of its own with 150,000 conversations, serves it, and asks as browsers do, signed in: each
view of the list, filters, pages far down, counts, searches, a conversation, the whole desk. Beside the
searches, the pages and the counts stands what Chatwoot's queries take on the same rows by plain SQL
(`inbox_parts/beside.py`). Target: list and search under 80 ms at the median, the desk under 150, with HTTP,
session, rights and page. With --data the database is kept, and used again when it is there.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from parcours.core.installation import open_installation

TARGET = 80.0


class Asked(NamedTuple):
    """`beside` names what of `inbox_parts.beside` answers the same, `given` what that is asked for."""

    name: str
    path: str
    beside: str = ""
    given: tuple[tuple[str, Any], ...] = ()


def questions(brand_id: Any) -> list[Asked]:
    from django.db.models import Count

    from parcours.inbox.models import Contact, Conversation

    rows = Conversation.objects.filter(brand_id=brand_id)
    closed = rows.filter(status="closed").order_by("-last_message_at", "-id")
    far = closed[closed.count() * 2 // 3]
    middle = rows.filter(message_count__range=(6, 20)).order_by("-last_message_at")[100]
    long = rows.order_by("-message_count")[0]
    account = rows.values("account_id").annotate(n=Count("pk")).order_by("n")[0]["account_id"]
    person = Contact.objects.filter(brand_id=brand_id).order_by("-id")[77]
    stage = rows.exclude(stage_id=None)[5].stage_id
    touchpoint = rows.exclude(touchpoint_id=None)[5].touchpoint_id
    cursor = quote(f"{far.last_message_at.isoformat()}~{far.pk}")

    def search(name: str, words: str, beside: str = "words") -> Asked:
        like = (("like", f"%{words.removeprefix('#')}%"),)
        return Asked(name, f"/inbox/rows/?q={quote(words)}", beside, like)

    def page(status: str, offset: int) -> tuple[str, tuple[tuple[str, Any], ...]]:
        return "page", (("status", status), ("offset", offset))

    views = ("mine", "unassigned", "waiting", "late", "snoozed", "nohome")
    return [
        Asked("list: open", "/inbox/rows/", *page("open", 0)),
        *(Asked(f"list: {view}", f"/inbox/rows/?view={view}") for view in views),
        Asked("list: closed", "/inbox/rows/?view=closed", *page("closed", 0)),
        Asked(
            "list: closed, two thirds down",
            f"/inbox/rows/?view=closed&cursor={cursor}",
            *page("closed", 92_000),
        ),
        Asked("list: one account, open", f"/inbox/rows/?account={account}"),
        Asked("list: one account, closed", f"/inbox/rows/?view=closed&account={account}"),
        Asked("list: a rare tag, closed", "/inbox/rows/?view=closed&tag=press"),
        Asked("list: a frequent tag, closed", "/inbox/rows/?view=closed&tag=refund"),
        Asked("list: a stage of the map", f"/inbox/rows/?stage={stage}"),
        Asked("list: a touchpoint", f"/inbox/rows/?touchpoint={touchpoint}"),
        Asked("counts", "/inbox/counts/", "counts"),
        search("search: a word in every third message", "livraison"),
        search("search: the same, of three months there", "livraison", "words of three months"),
        search("search: a word in one of 200", RARER["one of 200"]),
        search("search: a word in 30 messages", RARER["30"]),
        search("search: a word that nobody wrote", "hippopotame"),
        search("search: two frequent words", "remboursement retard"),
        search("search: a frequent and a rare one", f"livraison {RARER['30']}"),
        Asked("search: frequent, closed, far down", f"/inbox/rows/?view=closed&q=livraison&cursor={cursor}"),
        Asked("search: frequent, one account, mine", f"/inbox/rows/?view=mine&account={account}&q=livraison"),
        search("search: a name", person.name, "people"),
        search("search: a first name", person.name.split()[0], "people"),
        search("search: an address", person.handle, "people"),
        search("search: a number", f"#{far.number}", "people"),
        Asked("conversation: its column", f"/inbox/{middle.pk}/?fragment"),
        Asked(f"conversation: one of {long.message_count} messages", f"/inbox/{long.pk}/?fragment"),
        Asked("desk", "/inbox/"),
        Asked("desk with a conversation", f"/inbox/{middle.pk}/"),
    ]


RARER: dict[str, str] = {}


def rarer_words(brand_id: Any) -> dict[str, str]:
    """Words of the tail that so many messages have."""
    from django.contrib.postgres.search import SearchQuery

    from benchmarks.inbox_parts.filling import tail_words
    from parcours.inbox.models import Message

    rows = Message.objects.filter(brand_id=brand_id)
    share = rows.count() / 1_000_000
    wanted = {"one of 200": 5_000 * share, "30": 30 * share}
    chosen = {}
    words = tail_words()
    for name, number in wanted.items():
        low, high = 0, len(words) - 1
        while low < high:  # the tail is in the order of how frequent its words are
            middle = (low + high) // 2
            query = SearchQuery(words[middle], config="english")
            if rows.filter(search=query).count() > number:
                low = middle + 1
            else:
                high = middle
        chosen[name] = words[low]
    return chosen


@contextmanager
def serving(data: Path, port: int) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "parcours", "serve", "--port", str(port), "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    try:
        assert process.stdout is not None
        if not any(line.startswith("Parcours is ready") for line in process.stdout):
            raise SystemExit("the server ended before it was ready")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def ask(base: str, cookie: str, path: str, rounds: int) -> tuple[list[float], int, int]:
    """Milliseconds of each round, without the first two; how many rows and how many bytes came."""
    headers = {"Cookie": cookie} | ({} if path.endswith("?fragment") else {"Accept": "text/html"})
    took = []
    for _round in range(rounds + 2):
        began = time.perf_counter()
        with urllib.request.urlopen(urllib.request.Request(base + path, headers=headers)) as answer:
            body = answer.read()
        took.append((time.perf_counter() - began) * 1000)
    return took[2:], body.count(b"data-row="), len(body)


def measure(base: str, rounds: int) -> None:
    from django.conf import settings
    from django.test import Client

    from benchmarks.inbox_parts import beside
    from benchmarks.inbox_parts.filling import BRAND
    from parcours.accounts.models import Brand, Person

    brand = Brand.objects.get(name=BRAND)
    person = Person.objects.get(email="agent-3@example.org")
    client = Client()
    client.force_login(person)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    RARER.update(rarer_words(brand.pk))
    print("| what | rows | ms, median | ms, 95 of 100 | Chatwoot's query, ms | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for each in questions(brand.pk):
        took, rows, _size = ask(base, cookie, each.path, rounds)
        middle = statistics.median(took)
        cells = [each.name, str(rows), f"{middle:.0f}", f"{quantile(took, 0.95):.0f}", "", ""]
        if each.beside:
            given = {"brand": brand.pk, "me": person.pk, **dict(each.given)}
            theirs = statistics.median(beside.asked(each.beside, given, 5))
            cells[4:] = [f"{theirs:.0f}", f"{middle / theirs:.2f}"]
        late = " (over the target)" if middle > TARGET and not each.name.startswith("desk") else ""
        print(f"| {' | '.join(cells)} |{late}", flush=True)


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * len(values)))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=150_000)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--port", type=int, default=8105)
    parser.add_argument("--data", type=Path, help="a folder to keep the database in; else it is removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parcours-inbox-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - the database server runs as another user
        with open_installation(given.data or Path(folder) / "var") as installation:
            from benchmarks.inbox_parts.filling import BRAND, fill
            from parcours.accounts.models import Brand

            began = time.perf_counter()
            if not Brand.objects.filter(name=BRAND).exists():
                fill(given.conversations, given.messages)
                print(f"filled in {time.perf_counter() - began:.0f} s")
            heading(given.messages)
            with serving(installation.data, given.port) as base:
                measure(base, given.rounds)
    print(f"\nLoad of the machine at the end: {' '.join(f'{value:.1f}' for value in os.getloadavg())}")


def heading(messages: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()
    print(
        f"Parcours {version('parcours')}, Python {platform.python_version()},"
        f" PostgreSQL {(server or '?')[0]}, {os.cpu_count()} cores; {messages:,} messages"
    )
    print(f"Load of the machine at the start: {' '.join(f'{value:.1f}' for value in os.getloadavg())}\n")


if __name__ == "__main__":
    main()
