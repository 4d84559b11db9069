"""The map in a browser, with 200 cards on 12 stages and living numbers: `python -m benchmarks.board`.

Makes the demo in a folder of its own (or takes one with --data), draws the large map in it, and measures the
server's answers beside the same rows by plain SQL, their queries and their work, what the browser does while
the map opens, scrolls, and is worked on, and how long an edit takes until a second browser shows it.
Targets: the map in under 60 ms at the median, its lens and its comparison in under 150, no query a card, no
task over 50 ms while dragging and scrolling, nothing that shifts. Needs Linux and Chromium (CHROMIUM=path).
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from parcours.core.installation import open_installation

STAGES, CARDS = 12, 200
ROUNDS, EDITS = 60, 100
TARGET_ANSWER, TARGET_TASK = 60.0, 50.0

WATCH = """
    window.tasks = [];
    window.shift = 0;
    new PerformanceObserver(list => {
      for (const task of list.getEntries()) window.tasks.push(task.duration);
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver(list => {
      for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
SEEN = """
    window.seen = {};
    new MutationObserver(() => {
      for (const title of document.querySelectorAll("#board [data-title]")) {
        window.seen[title.textContent] ??= Date.now();
      }
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
"""
CLICKED = """
    document.addEventListener("click", event => {
      if (event.target.closest("#card-drawer [type=submit]")) window.clicked = Date.now();
    }, true);
"""


@contextmanager
def serving(data: Path, port: int) -> Iterator[tuple[str, int]]:
    """The demo at work; its address, and the number of its web process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "parcours", "demo", "--port", str(port), "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("Parcours is ready"):
                break
        else:
            raise SystemExit("the demo ended before it was ready")
        yield f"http://127.0.0.1:{port}", _web_of(process.pid)
    finally:
        process.terminate()
        process.wait()


def _web_of(supervisor: int) -> int:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended meanwhile
        if parent == supervisor and b"web" in command:
            return int(stat.parent.name)
    raise SystemExit("the demo has no web process")


def draw(brand_id: Any, actor: Any) -> str:
    """The demo's map spread over twelve stages, its cards repeated until there are 200; the new map's id."""
    from parcours.canvas import reads
    from parcours.canvas.exports.portable import as_portable
    from parcours.canvas.exports.reading import read_drawing
    from parcours.canvas.writes import draw_journey

    first = max(reads.journeys(brand_id), key=lambda one: sum(one.cards_by_stage)).journey.id
    portable = as_portable(brand_id, reads.board(brand_id, first))
    there = [each for stage in portable["stages"] for each in stage["touchpoints"]]
    share = -(-len(there) // STAGES)
    portable["stages"] = [
        {"name": f"Stage {n + 1}", "touchpoints": there[n * share : (n + 1) * share]} for n in range(STAGES)
    ]
    cards = portable["cards"]
    portable["cards"] = [
        {
            **cards[n % len(cards)],
            "stage": n % STAGES + 1,
            "title": f"{cards[n % len(cards)]['title']} {n}"[:200],
        }
        for n in range(CARDS)
    ]
    for card in portable["cards"]:
        card.get("details", {}).pop("touchpoint", None)
    return str(draw_journey(read_drawing(portable), acting_user=actor, title="Two hundred cards").id)


# The server


def measure_server(base: str, cookie: dict[str, str], journey_id: str, web: int) -> list[tuple[str, ...]]:
    """Each page as it is asked for in turn, with the work of the web process `web`."""
    from parcours.canvas.models import Card, Journey

    path = f"/map/{journey_id}/"
    journey = Journey.objects.get(pk=journey_id)
    card = Card.objects.filter(journey=journey, deleted_at=None).exclude(title="").order_by("order_key")[0].pk
    copies = Journey.objects.filter(brand=journey.brand, deleted_at=None, drawn_from__isnull=False)
    demo = str(copies.order_by("created_at")[0].drawn_from_id)
    empty = str(_empty(journey.brand_id))
    days = iter(range(1, 29))

    def other_days() -> str:
        return f"{path}?from=2026-01-{next(days):02d}&to=2026-11-20"

    plain = _times(lambda: _plain(journey_id), ROUNDS)
    rows = []
    for name, address, rounds in (
        ("the map", lambda: path, ROUNDS),
        ("the map, its numbers counted for the first time", other_days, 20),
        ("an empty map", lambda: f"/map/{empty}/", ROUNDS),
        ("one card", lambda: f"{path}cards/{card}/", ROUNDS),
        ("the demo's map, beside another", lambda: f"/map/{demo}/beside/", 20),
        ("the demo's map, by generations", lambda: f"/map/{demo}/generations/", 20),
    ):
        figures = _asked(base, cookie, address, rounds=rounds, web=web)
        times = float(figures[0]) / statistics.median(plain)
        rows.append((name, *figures, f"{times:.1f}"))
    median, slow = f"{statistics.median(plain):.1f}", f"{_quantile(plain, 0.95):.1f}"
    return [*rows, ("the same rows by plain SQL, as JSON", median, slow, "", str(len(PLAIN)), "", "1.0")]


def _asked(
    base: str, cookie: dict[str, str], address: Callable[[], str], *, rounds: int, web: int
) -> tuple[str, ...]:
    """Median and 95 of 100 in ms, the work of the web process, queries and size."""
    headers = {"Cookie": "; ".join(map("=".join, cookie.items()))}

    def ask() -> int:
        return len(urllib.request.urlopen(urllib.request.Request(base + address(), headers=headers)).read())

    for _warm in range(3):
        size = ask()
    worked = _work_of(web)
    took = _times(ask, rounds)
    work = (_work_of(web) - worked) / rounds
    median = statistics.median(took)
    queries = _queries(cookie, address())
    figures = (f"{median:.0f}", f"{_quantile(took, 0.95):.0f}", f"{work:.0f}", str(queries))
    return (*figures, f"{size / 1024:.0f}")


def _times(do: Callable[[], object], rounds: int) -> list[float]:
    took = []
    for _round in range(rounds):
        began = time.perf_counter()
        do()
        took.append((time.perf_counter() - began) * 1000)
    return took


def _work_of(process: int) -> float:
    """Milliseconds of processor that a process has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _queries(cookie: dict[str, str], path: str) -> int:
    from django.db import connection
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    for name, value in cookie.items():
        client.cookies[name] = value
    client.get(path)
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return len(asked)


PLAIN = (
    "SELECT * FROM canvas_journey WHERE id = %s",
    "SELECT * FROM canvas_stage WHERE journey_id = %s AND deleted_at IS NULL ORDER BY order_key",
    "SELECT * FROM canvas_lane WHERE journey_id = %s AND deleted_at IS NULL ORDER BY order_key",
    "SELECT * FROM canvas_touchpoint WHERE journey_id = %s AND deleted_at IS NULL ORDER BY order_key",
    "SELECT * FROM canvas_card WHERE journey_id = %s AND deleted_at IS NULL ORDER BY order_key",
    "SELECT * FROM canvas_evidence WHERE card_id IN (SELECT id FROM canvas_card WHERE journey_id = %s)",
    "SELECT numbers FROM insights_keptnumbers WHERE journey_id = %s LIMIT 1",
)


def _plain(journey_id: str) -> str:
    """What a page without any drawing would send: no session, no rights, no words, no marks, no tips."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for query in PLAIN:
            cursor.execute(query, [journey_id])
            found.append(cursor.fetchall())
    return json.dumps(found, default=str)


def _empty(brand_id: Any) -> Any:
    from parcours.accounts.rights import system_actor
    from parcours.canvas.writes import create_journey

    return create_journey("Nothing on it", acting_user=system_actor(brand_id)).id


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * len(values)))]


# The browser


def measure_browser(page: Any, path: str) -> list[tuple[str, str]]:
    """Each movement with the longest task while it lasted."""
    rows = []
    page.goto(path)
    page.locator('[data-card-open][tabindex="-1"]').first.wait_for(state="attached")
    page.wait_for_timeout(2500)
    rows.append(("open it", _longest(page)))
    drawn = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
    rows.append(("first drawn after", f"{drawn:.0f} ms"))
    for name, movement in MOVEMENTS:
        page.evaluate("window.tasks = []")
        movement(page)
        page.wait_for_timeout(400)
        rows.append((name, _longest(page)))
    rows.append(("shifted in all (CLS)", f"{page.evaluate('window.shift'):.4f}"))
    return rows


def measure_zoom(page: Any, path: str) -> list[tuple[str, str]]:
    """By the processor's time of the page's main thread, so that waiting for the processor doesn't count."""
    page.goto(path)
    page.locator('[data-card-open][tabindex="-1"]').first.wait_for(state="attached")
    page.wait_for_timeout(2500)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent(*names: str) -> float:
        told = session.send("Performance.getMetrics")["metrics"]
        return sum(float(each["value"]) * 1000 for each in told if each["name"] in names)

    layout = ("LayoutDuration", "RecalcStyleDuration")
    steps, laid_out = [], []
    for key in "-----+++++":
        before, was = spent("TaskDuration"), spent(*layout)
        page.keyboard.press(key)
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        steps.append(spent("TaskDuration") - before)
        laid_out.append(spent(*layout) - was)
    before = spent("TaskDuration")
    page.keyboard.press("-")
    page.wait_for_timeout(1500)
    return [
        ("zoom, a step: all work, median", f"{statistics.median(steps):.0f} ms of processor"),
        ("zoom, a step: style and layout, median", f"{statistics.median(laid_out):.1f} ms of processor"),
        (
            "zoom, one step and the layout when it rests",
            f"{spent('TaskDuration') - before:.0f} ms of processor",
        ),
    ]


def _longest(page: Any) -> str:
    tasks = page.evaluate("window.tasks")
    return f"longest task {max(tasks):.0f} ms, {len(tasks)} over 50 ms" if tasks else "no task over 50 ms"


def _scroll(page: Any) -> None:
    box = page.locator("#board").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for across, down in [(0, 240)] * 20 + [(240, 0)] * 12 + [(0, -240)] * 20 + [(-240, 0)] * 12:
        page.mouse.wheel(across, down)
        page.wait_for_timeout(16)


def _drag(page: Any) -> None:
    card = page.locator("[data-kind=need] [data-card-open]").first
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    x, y = box["x"] + 8, box["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    for n in range(90):
        page.mouse.move(x + 10 + n * 7, y + 10 + (n % 30) * 6)
    page.keyboard.press("Escape")
    page.mouse.up()


def _type(page: Any) -> None:
    page.locator("[data-kind=need] [data-add]").first.click()
    page.keyboard.type("Sixty characters, typed one after the other, into a new card")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Escape")


def _select(page: Any) -> None:
    box = page.locator("#board").bounding_box()
    cell = page.locator("[data-kind=need][data-cell]").last
    cell.scroll_into_view_if_needed()
    start = cell.bounding_box()
    page.mouse.move(start["x"] + 3, start["y"] + 3)
    page.mouse.down()
    for n in range(60):
        page.mouse.move(start["x"] - n * 10, min(start["y"] + n * 6, box["y"] + box["height"] - 4))
    page.mouse.up()
    page.keyboard.press("Escape")


def _zoom(page: Any) -> None:
    for key in "-----+++++":
        page.keyboard.press(key)
        page.wait_for_timeout(60)


def _search(page: Any) -> None:
    page.keyboard.press("/")
    page.keyboard.type("livraison", delay=30)
    page.keyboard.press("Escape")


MOVEMENTS: tuple[tuple[str, Callable[[Any], None]], ...] = (
    ("scroll it", _scroll),
    ("drag a card", _drag),
    ("write a card", _type),
    ("select with a frame", _select),
    ("zoom, ten steps", _zoom),
    ("search", _search),
)


# Two browsers


def measure_latency(here: Any, there: Any, path: str) -> list[tuple[str, str]]:
    """From the click on “Save” until the other browser shows the words."""
    for page in (here, there):
        page.goto(path)
        page.wait_for_timeout(1500)
    here.evaluate(CLICKED)
    there.evaluate(SEEN)
    took = []
    for n in range(EDITS):
        card = here.locator("[data-kind=need] [data-card-open]").nth(n % 20)
        card.focus()
        here.keyboard.press("Enter")
        here.locator("#card-drawer [name=title]").fill(f"Edited {n}")
        here.locator("#card-drawer [type=submit]").click()
        there.locator(f'#board [data-title]:text-is("Edited {n}")').wait_for()
        took.append(there.evaluate(f"window.seen['Edited {n}']") - here.evaluate("window.clicked"))
    return [
        ("edit until seen, median", f"{statistics.median(took):.0f} ms"),
        ("edit until seen, 95 of 100", f"{_quantile(took, 0.95):.0f} ms"),
    ]


def show(title: str, rows: Sequence[tuple[str, ...]], *heads: str) -> None:
    heads = heads or ("what", "measured")
    print(f"\n## {title}\n\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)
    print(f"\nLoad of the machine now: {' '.join(f'{value:.1f}' for value in os.getloadavg())}")


def measure(base: str, web: int, parts: str) -> None:
    from django.conf import settings
    from django.test import Client
    from playwright.sync_api import sync_playwright

    from parcours.accounts.models import Person
    from parcours.accounts.reads import actor_of_person
    from scripts.browser import find

    person = Person.objects.get(email="demo@parcours.example")
    found = actor_of_person(person)
    assert found is not None
    actor, brand = found
    journey_id = draw(brand.pk, actor)
    path = f"/map/{journey_id}/"
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    cookie = {name: client.cookies[name].value}
    if "s" in parts:
        heads = ("page", "ms, median", "ms, 95 of 100", "work, ms", "queries", "KB", "of plain SQL")
        show("The server", measure_server(base, cookie, journey_id, web), *heads)
    chromium = os.environ.get("CHROMIUM") or find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium or None, args=["--no-sandbox", "--disable-gpu"]
        )

        def desk() -> Any:
            context = browser.new_context(base_url=base, viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": cookie[name], "url": base}])
            context.add_init_script(WATCH)
            return context.new_page()

        if "b" in parts:
            show("The browser", measure_browser(desk(), path))
            show("Zoom", measure_zoom(desk(), path))
        if "l" in parts:
            show("Two browsers", measure_latency(desk(), desk(), path))
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8148)
    parser.add_argument(
        "--data", type=Path, help="a demo's folder to measure in; else one is made and removed"
    )
    parser.add_argument("--parts", default="sbl", help="s: server, b: browser, l: two browsers")
    given = parser.parse_args()
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"Parcours {version('parcours')}, Python {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{CARDS} cards on {STAGES} stages; load of the machine: {load}")
    with tempfile.TemporaryDirectory(prefix="parcours-board-") as folder:
        data = given.data or Path(folder) / "var"
        with serving(data, given.port) as (base, web), open_installation(data):
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            measure(base, web, given.parts)


if __name__ == "__main__":
    main()
