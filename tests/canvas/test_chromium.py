"""Pages photographed by a real Chromium: what it shows, and where it doesn't get."""

import io
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import LazySettings
from PIL import Image

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.finding import find_chromium
from parcours.canvas.captures.chromium.photographing import Photograph, Wanted, photograph
from parcours.canvas.captures.enums import Trouble

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not find_chromium(), reason="there is no Chromium on this machine"),
]

PAGE = "<!doctype html><meta charset=utf-8><body style='margin:0;background:#fff'>{}</body>"
BLUE = "<div id=part style='width:200px;height:100px;background:#0000ff'></div>"


class Shop:
    """A server on this machine that goes by the name of shop.test, and what it was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/secret": PAGE.format("secret")}
        self.moved: dict[str, str] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.slow = threading.Event()
        shop = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shop.asked.append((self.path, dict(self.headers)))
                if self.path == "/slow":
                    shop.slow.wait(30)
                if self.path in shop.moved:
                    self.send_response(302)
                    self.send_header("Location", shop.moved[self.path])
                    self.end_headers()
                    return
                page = shop.pages.get(self.path)
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, *_words: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_port

    def at(self, path: str) -> str:
        return f"http://shop.test:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _headers in self.asked]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the name server says, answer after answer; the last one stays."""
    known = {"shop.test": ["127.0.0.1"], "inside.test": ["127.0.0.1"]}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        answers = known.get(str(host))
        if answers is None:
            return real(host, port, *more, **named)
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


@pytest.fixture
def shop(settings: LazySettings, names: dict[str, list[str]]) -> Iterator[Shop]:
    settings.PRIVATE_ADDRESSES = ["shop.test"]
    running = Shop()
    thread = threading.Thread(target=running.server.serve_forever, daemon=True)
    thread.start()
    yield running
    running.slow.set()
    running.server.shutdown()
    running.server.server_close()


def colour_at(taken: Photograph, x: int, y: int) -> Any:
    with Image.open(io.BytesIO(taken.content)) as image:
        return image.convert("RGB").getpixel((x, y))


def size_of(taken: Photograph) -> tuple[int, int]:
    with Image.open(io.BytesIO(taken.content)) as image:
        return image.size


def test_a_page_is_seen_as_on_the_customers_device_and_in_their_language(shop: Shop) -> None:
    shop.pages["/"] = PAGE.format(BLUE)
    desk = photograph(Wanted(shop.at("/")))
    assert (size_of(desk), colour_at(desk, 20, 20)) == ((1280, 800), (0, 0, 255))
    phone = photograph(Wanted(shop.at("/"), device="phone", language="fr"))
    assert size_of(phone) == (780, 1688)
    headers = [headers for path, headers in shop.asked if path == "/"]
    assert headers[-1]["Accept-Language"].startswith("fr,en")
    assert "Android" in headers[-1]["User-Agent"]
    assert all("Headless" not in each["User-Agent"] for each in headers)


def test_one_part_of_a_page_is_cut_out(shop: Shop) -> None:
    shop.pages["/"] = PAGE.format(f"<p style='margin:0;height:2000px'></p>{BLUE}")
    taken = photograph(Wanted(shop.at("/"), element="#part"))
    assert (size_of(taken), colour_at(taken, 199, 99)) == ((200, 100), (0, 0, 255))


def test_a_banner_is_closed_and_what_comes_late_is_waited_for(shop: Shop) -> None:
    shop.pages["/"] = PAGE.format(
        "<div id=banner style='position:fixed;inset:0;background:red'>"
        "<button id=no onclick='banner.remove()'>No</button></div>"
        f"<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', `{BLUE}`), 900)</script>"
    )
    taken = photograph(Wanted(shop.at("/"), dismiss="#no", wait_for="#part"))
    assert colour_at(taken, 20, 20) == (0, 0, 255)


def test_a_page_that_asks_questions_is_photographed_all_the_same(shop: Shop) -> None:
    shop.pages["/"] = PAGE.format(f"<script>alert('Sale')</script>{BLUE}")
    assert colour_at(photograph(Wanted(shop.at("/"))), 20, 20) == (0, 0, 255)


@pytest.mark.parametrize(
    ("wanted", "trouble"),
    [
        ({"element": "#nowhere"}, Trouble.NO_ELEMENT),
        ({"element": "<<"}, Trouble.NO_ELEMENT),
        ({"wait_for": "#nowhere"}, Trouble.NEVER_CAME),
    ],
)
def test_what_is_missing_on_the_page_is_named(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, wanted: dict[str, Any], trouble: Trouble
) -> None:
    monkeypatch.setattr("parcours.canvas.captures.chromium.photographing.SECONDS_TO_COME", 0.5)
    shop.pages["/"] = PAGE.format(BLUE)
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/"), **wanted))
    assert refused.value.trouble == trouble


def test_an_error_of_the_shop_is_no_picture(shop: Shop) -> None:
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/gone")))
    assert (refused.value.trouble, refused.value.facts) == (Trouble.STATUS, {"status": 404})
    assert not refused.value.may_pass


INSIDE = [
    "http://127.0.0.1:{port}/secret",
    "http://localhost:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://inside.test:{port}/secret",
]


@pytest.mark.parametrize("target", INSIDE)
def test_a_redirect_into_a_private_network_is_not_followed(shop: Shop, target: str) -> None:
    shop.moved["/"] = target.format(port=shop.port)
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/")))
    assert refused.value.trouble == Trouble.PRIVATE
    assert shop.paths == ["/"]


def test_nothing_on_a_page_reaches_into_a_private_network(shop: Shop) -> None:
    inside = f"http://127.0.0.1:{shop.port}/secret"
    shop.moved["/away"] = inside
    shop.pages["/"] = PAGE.format(
        f"<img src='{inside}?img'><iframe src='{inside}?frame'></iframe>"
        f"<script src='{inside}?script'></script>"
        f"<link rel=stylesheet href='{inside}?style'><img src='/away'>"
        f"<script>fetch('{inside}?fetch', {{mode: 'no-cors'}}).catch(() => 0);"
        f"navigator.sendBeacon('{inside}?beacon'); new WebSocket('ws://127.0.0.1:{shop.port}/secret?socket');"
        f"window.open('{inside}?window'); new Worker(URL.createObjectURL(new Blob(["
        f"`fetch('{inside}?worker', {{mode: 'no-cors'}})`])));</script>{BLUE}"
    )
    taken = photograph(Wanted(shop.at("/")))
    assert "127.0.0.1" in taken.refused
    assert [path for path in shop.paths if path.startswith("/secret")] == []


def test_a_name_that_turns_private_later_is_connected_to_where_it_was_checked(
    shop: Shop, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names["turns.test"] = ["8.8.8.8", "127.0.0.1"]
    real, tried = socket.create_connection, []

    def connect(address: tuple[str, int], *more: Any, **named: Any) -> socket.socket:
        if address[1] == 9:
            tried.append(address[0])
            raise OSError("nobody there")
        return real(address, *more, **named)

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(NoPicture):
        photograph(Wanted("http://turns.test:9/"))
    assert "127.0.0.1" not in tried


@pytest.fixture
def hears_datagrams() -> Iterator[tuple[int, Callable[[], bool]]]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)

        def heard() -> bool:
            try:
                return bool(listening.recv(2048))
            except BlockingIOError:
                return False

        yield listening.getsockname()[1], heard


def test_calls_and_their_helpers_don_t_go_around_the_proxy(
    shop: Shop, hears_datagrams: tuple[int, Callable[[], bool]]
) -> None:
    port, heard = hears_datagrams
    shop.pages["/"] = PAGE.format(
        f"<script>const call = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{port}'}}]}});"
        "call.createDataChannel('x'); call.createOffer().then((offer) => call.setLocalDescription(offer));"
        f"try {{ new WebTransport('https://127.0.0.1:{port}/') }} catch {{}}"
        f"setTimeout(() => document.body.insertAdjacentHTML('beforeend', `{BLUE}`), 1500)</script>"
    )
    photograph(Wanted(shop.at("/"), wait_for="#part"))
    assert not heard()


def test_files_of_this_machine_stay_unseen(shop: Shop) -> None:
    shop.moved["/"] = "file:///etc/hostname"
    with pytest.raises(NoPicture):
        photograph(Wanted(shop.at("/")))


@pytest.fixture
def left_running() -> Callable[[], list[psutil.Process]]:
    """What the test started and didn't end; the browser of other tests runs on beside it."""
    here = psutil.Process()
    before = set(here.children())

    def running() -> list[psutil.Process]:
        started = set(here.children()) - before
        all_of_them = [each for one in started for each in (one, *one.children(recursive=True))]
        return [each for each in all_of_them if each.status() != psutil.STATUS_ZOMBIE]

    return running


def test_a_page_that_takes_too_long_ends_with_its_browser_and_its_profile(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, left_running: Callable[[], list[psutil.Process]]
) -> None:
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    monkeypatch.setattr("parcours.canvas.captures.chromium.process.FOLDER", str(folder))
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/slow")), most_seconds=3)
    assert refused.value.trouble == Trouble.TOO_LONG
    assert refused.value.may_pass
    assert left_running() == []
    assert list(folder.iterdir()) == []
    folder.rmdir()


def test_a_browser_that_grows_is_ended(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, left_running: Callable[[], list[psutil.Process]]
) -> None:
    monkeypatch.setattr("parcours.canvas.captures.chromium.process.MOST_MEMORY", 1024)
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/slow")), most_seconds=20)
    assert refused.value.trouble == Trouble.TOO_LARGE
    assert left_running() == []


def test_a_page_that_loads_without_end_is_cut(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parcours.canvas.captures.chromium.proxy.MOST_BYTES", 50_000)
    shop.pages["/"] = PAGE.format("x" * 200_000)
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted(shop.at("/")))
    assert refused.value.trouble == Trouble.TOO_LARGE


def test_without_a_browser_it_says_so(settings: LazySettings) -> None:
    settings.CHROMIUM = "/nowhere/chromium"
    with pytest.raises(NoPicture) as refused:
        photograph(Wanted("https://shop.example/"))
    assert refused.value.trouble == Trouble.NO_BROWSER
