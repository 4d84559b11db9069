"""Finds or installs the Chromium that the browser tests drive; prints its path. Empty: Playwright's own."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str:
    return next((path for name in NAMES if (path := shutil.which(name))), "")


def install() -> None:
    """Takes Debian's package where that is possible, else the build that Playwright brings."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=sys.stderr)
        packages = [
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ]
        subprocess.run(packages, check=False, stdout=sys.stderr, env=quiet)
        if find():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    if not find():
        install()
    print(find())
