"""One picture of one page, as a customer with that device and language sees it."""

import base64
import json
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.process import running_chromium
from parcours.canvas.captures.chromium.proxy import FilteringProxy, Origin
from parcours.canvas.captures.chromium.wire import Event, Refused, Wire
from parcours.canvas.captures.enums import Device, Trouble

MOST_SECONDS = 60.0
SECONDS_TO_LOAD = 30.0
SECONDS_TO_REST = 5.0
SECONDS_TO_COME = 10.0
LARGEST_SIDE = 2_000
"""In pixels of the page; larger elements are cut."""

_SCREENS: dict[str, dict[str, Any]] = {
    Device.DESKTOP: {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False},
    Device.PHONE: {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True},
}
_PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) {chrome} "
    "Mobile Safari/537.36"
)
_STILL = (
    "*,*::before,*::after{animation-duration:0s!important;animation-delay:0s!important;"
    "animation-iteration-count:1!important;transition:none!important;caret-color:transparent!important;"
    "scroll-behavior:auto!important}"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to photograph. `own` are hosts and ports of this installation that may be reached."""

    url: str
    device: str = Device.DESKTOP
    language: str = ""
    element: str = ""
    scroll: int = 0
    wait_for: str = ""
    dismiss: str = ""
    own: Collection[Origin] = ()


@dataclass(frozen=True, slots=True)
class Photograph:
    """A PNG image; `refused` are hosts that the page wanted to reach and wasn't let."""

    content: bytes
    refused: tuple[str, ...]


def photograph(wanted: Wanted, *, most_seconds: float = MOST_SECONDS) -> Photograph:
    """Raises NoPicture."""
    ends_at = time.monotonic() + most_seconds
    with FilteringProxy(wanted.own) as proxy, running_chromium(proxy.address, ends_at=ends_at) as wire:
        page = _Page(wire, proxy)
        try:
            page.open_as(wanted)
            page.go(wanted.url)
            page.make_ready(wanted)
            content = page.shoot(wanted)
        except Refused as refused:
            raise NoPicture(Trouble.CRASHED) from refused
        return Photograph(content, tuple(sorted(host for host, _port in proxy.refused)))


class _Page:
    def __init__(self, wire: Wire, proxy: FilteringProxy) -> None:
        self._wire = wire
        self._proxy = proxy
        self._frame = ""
        self._loaded = False
        self._at_rest = False
        self._gone = False
        self._asked = ""
        self._document: dict[str, Any] = {}
        wire.hear = self._hear

    def open_as(self, wanted: Wanted) -> None:
        """A page with the screen, the language and the browser of the customer."""
        call = self._wire.call
        agent = str(call("Browser.getVersion")["userAgent"]).replace("HeadlessChrome", "Chrome")
        call("Browser.setDownloadBehavior", behavior="deny")
        target = call("Target.createTarget", url="about:blank")["targetId"]
        self._wire.attach(call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        self._frame = call("Page.getFrameTree")["frameTree"]["frame"]["id"]
        for method in ("Page.enable", "Network.enable", "Inspector.enable"):
            call(method)
        call("Page.setLifecycleEventsEnabled", enabled=True)
        call("Page.setBypassCSP", enabled=True)
        call("Network.setCacheDisabled", cacheDisabled=True)
        call("Emulation.setDeviceMetricsOverride", **_SCREENS[wanted.device])
        if wanted.device == Device.PHONE:
            chrome = next(part for part in agent.split() if part.startswith("Chrome/"))
            agent = _PHONE_AGENT.format(chrome=chrome)
            call("Emulation.setTouchEmulationEnabled", enabled=True)
        accept = {"acceptLanguage": f"{wanted.language},en;q=0.5"} if wanted.language else {}
        call("Emulation.setUserAgentOverride", userAgent=f"{agent} Parcours", **accept)
        if wanted.language:
            call("Emulation.setLocaleOverride", locale=wanted.language)
        call(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-reduced-motion", "value": "reduce"},
                {"name": "prefers-color-scheme", "value": "light"},
            ],
        )

    def go(self, url: str) -> None:
        """Raises NoPicture for what isn't a page, or one that may not be reached."""
        answer = self._wire.call("Page.navigate", url=url)
        if answer.get("errorText"):
            raise self._why_not(url, str(answer["errorText"]))
        if not self._wire.wait(lambda: self._loaded or self._gone, seconds=SECONDS_TO_LOAD):
            self._wire.call("Page.stopLoading")
        if self._gone:
            raise NoPicture(Trouble.TOO_LARGE)
        self._wire.wait(lambda: self._at_rest, seconds=SECONDS_TO_REST)
        self._check_document(url)

    def make_ready(self, wanted: Wanted) -> None:
        """Waits for what must be there, closes what is in the way, goes where the picture is to be taken."""
        if wanted.wait_for and not self._comes(wanted.wait_for, seconds=SECONDS_TO_COME):
            raise NoPicture(Trouble.NEVER_CAME, selector=wanted.wait_for)
        if wanted.dismiss and self._comes(wanted.dismiss, seconds=2.0):
            self._run(f"document.querySelector({json.dumps(wanted.dismiss)}).click()")
            self._pause(0.6)
        self._run(
            "(() => { const style = document.createElement('style'); style.textContent = "
            f"{json.dumps(_STILL)}; document.head.append(style); }})()"
        )
        if wanted.element and not self._comes(wanted.element, seconds=SECONDS_TO_COME):
            raise NoPicture(Trouble.NO_ELEMENT, selector=wanted.element)
        self._run(f"window.scrollTo(0, {int(wanted.scroll)})")
        self._run("document.fonts.ready.then(() => true)")
        self._pause(0.3)
        if self._proxy.is_full:
            raise NoPicture(Trouble.TOO_LARGE)

    def shoot(self, wanted: Wanted) -> bytes:
        more: dict[str, Any] = {}
        if wanted.element:
            more = {"clip": {**self._box(wanted.element), "scale": 1}, "captureBeyondViewport": True}
        answer = self._wire.call("Page.captureScreenshot", format="png", **more)
        return base64.b64decode(answer["data"])

    def _box(self, selector: str) -> dict[str, float]:
        """Where an element is on the page."""
        found = self._run(
            f"(() => {{ const box = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return {x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height}; })()"
        )
        if not found or found["width"] < 1 or found["height"] < 1:
            raise NoPicture(Trouble.NO_ELEMENT, selector=selector)
        return {**found, **{side: min(found[side], LARGEST_SIDE) for side in ("width", "height")}}

    def _comes(self, selector: str, *, seconds: float) -> bool:
        """Waits for an element that can be seen. Raises NoPicture for a selector that can't be read."""
        look = (
            f"(() => {{ try {{ const found = document.querySelector({json.dumps(selector)});"
            " return found ? found.getClientRects().length > 0 : false; } catch { return null; } })()"
        )
        until = time.monotonic() + seconds
        while (there := self._run(look)) is False and time.monotonic() < until:
            self._pause(0.1)
        if there is None:
            raise NoPicture(Trouble.NO_ELEMENT, selector=selector)
        return bool(there)

    def _run(self, script: str) -> Any:
        """What a script on the page answers; None when it fails."""
        answer = self._wire.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, timeout=5_000
        )
        return answer.get("result", {}).get("value")

    def _pause(self, seconds: float) -> None:
        self._wire.wait(lambda: False, seconds=seconds)

    def _check_document(self, url: str) -> None:
        """The answer that is shown: an error page of the shop is no key moment."""
        reached = str(self._document.get("url") or url)
        origin = _origin(reached)
        if origin in self._proxy.refused:
            raise NoPicture(self._proxy.refused[origin], host=origin[0])
        status = int(self._document.get("status", 0))
        if status >= 400:
            raise NoPicture(Trouble.STATUS, status=status)
        if not status or not str(self._document.get("mimeType", "")).startswith(
            ("text/html", "application/xhtml")
        ):
            raise NoPicture(Trouble.NO_PAGE)

    def _why_not(self, url: str, error: str) -> NoPicture:
        """From Chromium's name of what went wrong; a redirect may have led elsewhere."""
        status = int(self._document.get("status", 0))
        if self._proxy.is_full:
            return NoPicture(Trouble.TOO_LARGE)
        origin = _origin(self._asked or url)
        host = origin[0]
        if origin in self._proxy.refused:
            return NoPicture(self._proxy.refused[origin], host=host)
        if status >= 400:
            return NoPicture(Trouble.STATUS, status=status)
        if "ERR_CERT" in error:
            return NoPicture(Trouble.NO_ANSWER, host=host, reason="certificate")
        if error in {"net::ERR_ABORTED", "net::ERR_INVALID_RESPONSE"}:
            return NoPicture(Trouble.NO_PAGE)
        return NoPicture(Trouble.NO_ANSWER, host=host)

    def _hear(self, event: Event) -> None:
        params = event.get("params", {})
        match event["method"]:
            case "Page.lifecycleEvent" if params["frameId"] == self._frame:
                self._loaded |= params["name"] == "load"
                self._at_rest |= params["name"] == "networkIdle"
                if params["name"] == "init":
                    self._loaded = self._at_rest = False
            case "Network.requestWillBeSent" if (
                params.get("type") == "Document" and params.get("frameId") == self._frame
            ):
                self._asked = params["request"]["url"]
            case "Network.responseReceived" if (
                params.get("type") == "Document" and params.get("frameId") == self._frame
            ):
                self._document = params["response"]
            case "Page.javascriptDialogOpening":
                self._wire.send("Page.handleJavaScriptDialog", accept=False)
            case "Inspector.targetCrashed":
                self._gone = True


def _origin(url: str) -> Origin:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
