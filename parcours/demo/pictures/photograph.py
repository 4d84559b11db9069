"""Photographs the screens of Foulée with Chromium: `python -m parcours.demo.pictures.photograph`.

Needs the packages of requirements/dev.txt; `CHROMIUM` names the browser when it isn't on the path.
"""

import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr")
WIDTH, HEIGHT, SCALE = 400, 250, 2
FACE = 320


def photograph() -> list[Path]:
    """Writes `<screen>.<language>.webp` for every screen; returns the files."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    written = []
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        written += _faces(browser)
        for screen in sorted(FOLDER.glob("*.html")):
            page.goto(screen.as_uri())
            for language in LANGUAGES:
                page.evaluate("language => document.documentElement.lang = language", language)
                target = FOLDER / f"{screen.stem}.{language}.webp"
                with Image.open(io.BytesIO(page.screenshot())) as image:
                    image.convert("RGB").save(target, "WEBP", quality=82, method=6)
                written.append(target)
        browser.close()
    return written


def _faces(browser: "Browser") -> list[Path]:
    """The portraits of personas, drawn rather than photographed: they look like nobody."""
    from PIL import Image

    page = browser.new_page(viewport={"width": FACE, "height": FACE})
    written = []
    for portrait in sorted((FOLDER / "faces").glob("*.svg")):
        page.goto(portrait.as_uri())
        target = portrait.with_suffix(".webp")
        with Image.open(io.BytesIO(page.screenshot())) as image:
            image.convert("RGB").save(target, "WEBP", quality=82, method=6)
        written.append(target)
    page.close()
    return written


if __name__ == "__main__":
    for file in photograph():
        print(file.name, file.stat().st_size)  # noqa: T201
