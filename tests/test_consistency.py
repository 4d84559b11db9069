"""Promises about the whole tree that no single area can keep alone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "parcours"
TEMPLATES = sorted(PACKAGE.glob("web/*/templates/**/*.html"))
LIBRARIES = ("allauth/", "account/", "mfa/", "usersessions/")  # they look these names up themselves
OWN_GUARDS = ("accounts/", "static/")  # sign-in pages guard themselves


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


ROUTES = [
    (path, pattern)
    for path, pattern in routes(get_resolver().url_patterns)
    if not path.startswith(OWN_GUARDS)
]


@pytest.mark.parametrize(("path", "pattern"), ROUTES, ids=[path or "/" for path, _ in ROUTES])
def test_every_route_has_a_door(path: str, pattern: URLPattern) -> None:
    assert getattr(pattern.callback, "door", None), f"/{path} has neither @door nor @open_door"


def test_every_template_is_used() -> None:
    text = "\n".join(
        source.read_text()
        for source in [*PACKAGE.rglob("*.py"), *TEMPLATES]
        if "/migrations/" not in source.as_posix()
    )
    names = {template.as_posix().split("/templates/")[1] for template in TEMPLATES}
    unused = {
        name
        for name in names
        if f'"{name}"' not in text and f"'{name}'" not in text and f",{name}" not in text
    }
    assert {name for name in unused if not name.startswith(LIBRARIES)} - {"standing.html"} == set()


def test_every_setting_from_the_environment_is_in_the_guide() -> None:
    guide = (ROOT / "docs" / "guide" / "settings.md").read_text()
    code = "\n".join(source.read_text() for source in PACKAGE.rglob("*.py"))
    settings = set(re.findall(r"""["'](PARCOURS_[A-Z_]+|DATABASE_URL)["']""", code))
    assert {name for name in settings if f"`{name}`" not in guide} == set()


def test_files_stay_readable() -> None:
    long = {
        source.relative_to(ROOT).as_posix(): lines
        for source in [*PACKAGE.rglob("*.py"), *ROOT.glob("tests/**/*.py")]
        if (lines := source.read_text().count("\n")) > 450
    }
    assert long == {}, "a file beyond a few screens wants to be two"


def test_guides_exist_in_both_languages() -> None:
    guide = ROOT / "docs" / "guide"
    english = {page.stem for page in guide.glob("*.md") if not page.stem.endswith(".fr")}
    french = {page.stem.removesuffix(".fr") for page in guide.glob("*.fr.md")}
    assert english == french
