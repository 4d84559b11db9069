"""Parcours in a thread of the test, Chromium before it: what a test stores is what the browser sees."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import add_person
from scripts.browser import find
from tests.canvas.conftest import add_card as add_card  # noqa: PLC0414 - fixtures of the canvas, used here too
from tests.canvas.conftest import journey as journey  # noqa: PLC0414
from tests.canvas.conftest import see as see  # noqa: PLC0414
from tests.conftest import PASSWORD

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}

# Pages for the address bar, which nobody sees: Chromium makes them for each window, half of what that costs.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright switches off; a second list of our own takes the place of its list.
UNWANTED = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)

SECONDS = 30  # that a busy machine may take

SignIn = Callable[..., Page]

# Scripts and styles are read anew each time: what is built while tests run would be cut at its old length.
settings.SERVESTATIC_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _database_beside_the_browser() -> None:
    """Playwright's loop runs in the thread of the test, where Django would refuse to reach the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """What comes from the server, or from another desk, may take a while on a busy machine."""
    expect.set_options(timeout=SECONDS * 1_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = os.environ.get("CHROMIUM") or find()
    own = {"executable_path": path} if path else {}
    without = f"--disable-features={','.join((*UNSEEN, *UNWANTED))}"
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", without]
    return {**browser_type_launch_args, **own, "args": flags}


class _Server(uvicorn.Server):
    """Tells when it listens; leaves the signals to pytest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The address of a running Parcours."""
    from parcours.asgi import application  # it reads the settings when it is imported

    config = uvicorn.Config(
        application, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    running = _Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    assert running.listening.wait(30)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(30)


def until(page: Page, is_so: Callable[[], bool]) -> bool:
    """Waits for what no page shows, while the browser runs on; whether it came to be."""
    ends_at = time.monotonic() + SECONDS
    while not (there := is_so()) and time.monotonic() < ends_at:
        page.wait_for_timeout(50)
    return there


@pytest.fixture
def troubles() -> list[str]:
    """What browsers complained about: script errors, refused styles, answers that failed."""
    return []


@pytest.fixture
def sign_in(server: str, new_context: Callable[..., BrowserContext], troubles: list[str]) -> SignIn:
    """Opens a browser for a person; more arguments describe it (viewport, colours, touch)."""

    def open_for(person: Person | None, **browser: Any) -> Page:
        usual = {"base_url": server, "viewport": WIDE, "reduced_motion": "reduce"}
        context = new_context(**{**usual, **browser})
        if person is not None:
            client = Client()
            client.force_login(person)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        return page

    return open_for


@pytest.fixture
def carol(brand: Brand) -> Person:
    """A second owner, at another desk."""
    acting = system_actor(brand.pk)
    add_person(
        "carol@example.org", brand=brand, role="owner", name="Carol", password=PASSWORD, acting_user=acting
    )
    return Person.objects.get(email="carol@example.org")


@pytest.fixture
def carol_acts(carol: Person, brand: Brand) -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role="owner", id=carol.pk, label="Carol")
