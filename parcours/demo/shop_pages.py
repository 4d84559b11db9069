"""The pages of Foulée as a shop would serve them, so that moments of the demo can be photographed."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound

FOLDER = Path(__file__).parent / "pictures"
ADDRESS = "/foulee/{screen}/"
NOW = "-now"
"""How the files of screens end that have changed since the canvas was drawn."""


def is_demo() -> bool:
    """Is this installation the simulated shop?"""
    return (Path(settings.DATA) / "demo" / "day").exists()


def screens() -> frozenset[str]:
    names = {path.stem for path in FOLDER.glob("*.html")}
    return frozenset(name for name in names if not name.endswith(NOW))


def page(screen: str, language: str) -> str:
    """A screen as it is today. Raises NotFound, also where nobody simulates a shop."""
    if not is_demo() or screen not in screens():
        raise NotFound(_("There is no such page."))
    changed = FOLDER / f"{screen}{NOW}.html"
    whole = (changed if changed.exists() else FOLDER / f"{screen}.html").read_text("utf-8")
    return whole.replace('<html lang="en">', f'<html lang="{language}">', 1)
