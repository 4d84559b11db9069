"""Tracking clients as published, over a bad line, to a server that is killed twice: exactly once."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import duckdb
import psutil
import pytest
from playwright.sync_api import sync_playwright

from tests.acceptance.faulty import BadLine
from tests.acceptance.product import PATIENCE, Served, run, served, wait_until
from tests.clients import node, python

pytestmark = [pytest.mark.acceptance, pytest.mark.alone]

EVENTS = 1_000
PROGRAMS = Path(python.__file__).parent / "programs"
PYTHON = ("segment_python", "rudder_python", "posthog_python")
NODE = ("segment_node", "rudder_node", "posthog_node")
BROWSER = "analytics_next"
CLIENTS = (*PYTHON, *NODE, BROWSER)


class Kills:
    """Kills the web process when every client got so far; whoever is further waits, with posts in hand."""

    def __init__(self, product: Served, at: tuple[int, ...]) -> None:
        self.lines: dict[str, BadLine] = {}
        self.ended: set[str] = set()
        self.killed: list[int] = []
        self._product = product
        self._at = at
        self._done = [threading.Event() for _ in at]

    def wait(self, name: str) -> None:
        """Until the kills are done that come before as much as this client has sent."""
        for taken, done in zip(self._at, self._done, strict=True):
            if len(self.lines[name].taken) >= taken:
                done.wait(PATIENCE)

    def run(self) -> None:
        for taken, done in zip(self._at, self._done, strict=True):
            wait_until(partial(self._all_have, taken))
            web = self._product.part("web")
            done.set()
            web.kill()
            self.killed.append(web.pid)
            wait_until(partial(self._another_than, web.pid))

    def _all_have(self, taken: int) -> bool:
        return all(len(line.taken) >= taken or name in self.ended for name, line in self.lines.items())

    def _another_than(self, pid: int) -> bool:
        try:
            return self._product.part("web").pid != pid
        except (AssertionError, psutil.Error):
            return False  # not there yet


def program(name: str, url: str, key: str) -> "subprocess.Popen[str]":
    if name in PYTHON:
        command, environment = [sys.executable, str(PROGRAMS / f"{name}.py")], python.environment()
    else:
        # From the folder of the packages, for that is where Node looks for them.
        node.installed()
        command = [str(node.NODE / "bin" / "node"), str(PROGRAMS / f"{name}.mjs")]
        environment = node.environment()
    return subprocess.Popen(
        [*command, url, key, name],
        env={**environment, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def page_of_a_shop() -> Iterator[str]:
    """The address of a folder that holds analytics.js as it is published, and a page that can load it."""
    folder = node.installed() / "node_modules" / "@segment" / "analytics-next" / "dist" / "umd"

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:
            if self.path != "/":
                super().do_GET()
                return
            page = (PROGRAMS / "analytics_next.html").read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def in_chromium(line: BadLine, key: str, name: str) -> None:
    """Has a page send with analytics.js; it stays open until everything was taken, for it sends again."""
    options = {"args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]}
    if chromium := os.environ.get("CHROMIUM") or _system_chromium():
        options["executable_path"] = chromium  # type: ignore[assignment]
    with page_of_a_shop() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)  # type: ignore[arg-type]
        try:
            page = browser.new_page()
            page.goto(address)
            page.evaluate("([url, key, name]) => window.send(url, key, name)", [line.url, key, name])
            deadline = monotonic() + PATIENCE
            while len(line.taken) < EVENTS and monotonic() < deadline:
                page.wait_for_timeout(100)
        finally:
            browser.close()


def _system_chromium() -> str:
    return shutil.which("chromium") or shutil.which("chromium-browser") or ""


def test_every_client_is_heard_exactly_once(home: Path) -> None:
    assert (
        run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée").returncode == 0
    )
    keys = {name: json.loads(run(home, "source", "add", name, "--json").stdout)["key"] for name in CLIENTS}
    python.environment()
    node.installed()
    with served(home, "serve") as product, ExitStack() as stack:
        kills = Kills(product, at=(EVENTS // 4, EVENTS * 5 // 8))
        for name in CLIENTS:
            kills.lines[name] = stack.enter_context(BadLine(product.port, partial(kills.wait, name)))
        threads = [threading.Thread(target=kills.run, daemon=True)]
        outputs: dict[str, str] = {}
        for name in CLIENTS:
            work: Callable[[], None] = partial(_send, kills, name, keys[name], outputs)
            threads.append(threading.Thread(target=work, daemon=True))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert len(kills.killed) == 2, outputs
        for name, line in kills.lines.items():
            assert {429, 500} <= set(line.answers), name
            assert len(line.taken) == EVENTS, (name, len(line.taken), outputs[name])
        wait_until(lambda: sum(names(home).values()) == EVENTS * len(CLIENTS))
        assert names(home) == dict.fromkeys(CLIENTS, EVENTS)
        for name in CLIENTS:
            assert numbers(home, name) == list(range(EVENTS)), name


def _send(kills: Kills, name: str, key: str, outputs: dict[str, str]) -> None:
    line = kills.lines[name]
    try:
        if name == BROWSER:
            in_chromium(line, key, name)
            outputs[name] = ""
        else:
            outputs[name] = program(name, line.url, key).communicate(timeout=PATIENCE)[0][-2_000:]
    except Exception as error:
        outputs[name] = repr(error)
        raise
    finally:
        kills.ended.add(name)


def names(home: Path) -> dict[str, int]:
    counted = run(home, "events", "names", "--json")
    return {row["name"]: row["events"] for row in json.loads(counted.stdout)}


def numbers(home: Path, name: str) -> list[int]:
    """The `n` of every event of that name in the lake, sorted."""
    (folder,) = (home / "lake").glob("*/events")
    listed = json.loads((folder / "_manifest.json").read_text())["files"]
    rows = duckdb.execute(
        "SELECT CAST(properties->>'n' AS INTEGER) AS n FROM read_parquet(?) WHERE name = ? ORDER BY n",
        [[str(folder / file) for file in listed], name],
    ).fetchall()
    return [row[0] for row in rows]
