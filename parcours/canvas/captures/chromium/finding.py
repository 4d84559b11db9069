"""Where Chromium is on this machine."""

import os
import shutil
from functools import cache
from pathlib import Path

from django.conf import settings

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "headless_shell",
    "microsoft-edge",
)
_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_BUILDS = ("chromium_headless_shell-*/chrome-*/*headless*shell*", "chromium-*/chrome-*/chrome")


def find_chromium() -> str:
    """The path of a Chromium: the one the settings name, one on the path, or one that Playwright brought.

    Empty when there is none.
    """
    if settings.CHROMIUM:
        return settings.CHROMIUM if shutil.which(settings.CHROMIUM) else ""
    return _found()


@cache
def _found() -> str:
    on_path = next((path for name in NAMES if (path := shutil.which(name))), "")
    return on_path or next((path for path in (*_APPLICATIONS, *_brought()) if os.access(path, os.X_OK)), "")


def _brought() -> list[str]:
    """Builds that Playwright downloaded, the newest first."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    folders = [named] if named else ["~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"]
    found = [
        str(path)
        for folder in folders
        for pattern in _BUILDS
        for path in sorted(Path(folder).expanduser().glob(pattern), reverse=True)
    ]
    return [path for path in found if Path(path).is_file()]
