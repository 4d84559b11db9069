"""A Chromium of our own: in its own profile, in its own process group, ended with everything it started."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.finding import find_chromium
from parcours.canvas.captures.chromium.wire import Wire
from parcours.canvas.captures.enums import Trouble

MOST_MEMORY = 1_500 * 1024 * 1024
"""Resident bytes of all its processes together."""

FOLDER = "/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108 - a folder of our own in it
"""Of profiles; Chromium's sockets lie in them, and the path of a socket must be short."""

_PREFIX = "parcours-chromium-"
_LOOKS_EVERY = 0.5
_ENDS_WITHIN = 5.0
_PUT_PIPES_IN_PLACE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4);"
    "os.execv(sys.argv[3], sys.argv[3:])"
)
_FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    "--deny-permission-prompts",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-print-preview",
    "--disable-sync",
    "--metrics-recording-only",
    "--safebrowsing-disable-auto-update",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,"
    "InterestFeedContentSuggestions,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
    "--js-flags=--max-old-space-size=384",
    # Nothing leaves but through the proxy: no name is resolved here, this machine is no exception, and what
    # doesn't go over a proxy at all doesn't go.
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-blink-features=WebTransport",
)


@contextmanager
def running_chromium(proxy: str, *, ends_at: float) -> Iterator[Wire]:
    """A browser that reaches the web through `proxy` only. Raises NoPicture without one, or when it grows."""
    path = shutil.which(find_chromium() or "")
    if not path:
        raise NoPicture(Trouble.NO_BROWSER)
    profile = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=FOLDER))
    _remove_leftovers()
    try:
        with _started(path, profile, proxy) as (process, read, write):
            watch = _Watch(process)
            try:
                yield Wire(read, write, ends_at=ends_at)
            except NoPicture as fault:
                raise _explained(fault, watch, process, profile) from fault
            finally:
                watch.end()
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def _remove_leftovers() -> None:
    """Profiles of browsers whose worker died: it ended them by closing the pipe, but couldn't tidy up."""
    for folder in Path(FOLDER).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.stat().st_uid == os.geteuid() and time.time() - folder.stat().st_mtime > 3600:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(path: str, profile: Path, proxy: str) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """Chromium reads its commands from descriptor 3 and answers on 4: the pipes are put there first."""
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    with (profile / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-ISc", _PUT_PIPES_IN_PLACE, str(theirs_in), str(theirs_out)),
                path,
                *_FLAGS,
                *(["--no-sandbox"] if _without_sandbox() else []),
                f"--proxy-server={proxy}",
                f"--user-data-dir={profile}",
                "about:blank",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(theirs_in, theirs_out),
            cwd=profile,
            env={
                "PATH": os.environ.get("PATH", ""),
                "HOME": str(profile),
                "TMPDIR": str(profile),
                "LANG": "C.UTF-8",
            },
            start_new_session=True,
        )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield process, ours_in, ours_out
    finally:
        end_with_group(process)
        os.close(ours_in)
        os.close(ours_out)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are far from 3 and 4, so that neither is overwritten when it is put there."""
    ends = os.pipe()
    far = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return far[0], far[1]


def _without_sandbox() -> bool:
    """Chromium refuses its own sandbox to the administrator of a machine."""
    return not settings.CHROMIUM_SANDBOX or os.geteuid() == 0


def end_with_group(process: subprocess.Popen[bytes]) -> None:
    """Ends the browser and whatever it started, also what left its process group."""
    import psutil

    others = []
    with suppress(psutil.Error):
        others = psutil.Process(process.pid).children(recursive=True)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for other in others:
        with suppress(psutil.Error):
            other.kill()
    process.wait()
    # Until they are gone, they may still write into the profile that is removed next.
    psutil.wait_procs(others, timeout=_ENDS_WITHIN)


class _Watch:
    """Ends a browser whose processes take too much memory together."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.too_large = False
        self._process = process
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join(5)

    def _look(self) -> None:
        while not self._over.wait(_LOOKS_EVERY):
            if self._memory() > MOST_MEMORY:
                self.too_large = True
                end_with_group(self._process)
                return

    def _memory(self) -> int:
        import psutil

        total = 0
        with suppress(psutil.Error):
            root = psutil.Process(self._process.pid)
            for each in [root, *root.children(recursive=True)]:
                with suppress(psutil.Error):
                    total += each.memory_info().rss
        return total


def _explained(fault: NoPicture, watch: _Watch, process: subprocess.Popen[bytes], profile: Path) -> NoPicture:
    """What was behind a browser that stopped talking."""
    if watch.too_large:
        return NoPicture(Trouble.TOO_LARGE)
    if fault.trouble != Trouble.CRASHED:
        return fault
    with suppress(subprocess.TimeoutExpired):
        process.wait(2)
    said = (profile / "log").read_text("utf-8", "replace")[-20_000:]
    return NoPicture(Trouble.NO_SANDBOX) if "sandbox" in said.lower() else fault
