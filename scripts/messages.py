"""The catalogues of translations: `python -m scripts.messages update|compile|check`.

`update` brings every catalogue up to what the code and templates say, `compile` writes what programs read,
and `check` fails when the French one lacks a sentence, is unsure of one, or lost a placeholder.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("fr", "en")
COMPLETE = ("fr",)
KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_noop": (1, 2),
    "ngettext": (1, 2),
    "_n": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# The sentences of Parcours; `make messages` keeps this file up to date."
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def extract() -> Catalog:
    """Every sentence of the Python code and the templates."""
    catalog = Catalog(project="Parcours", charset="utf-8")
    for path in sorted((ROOT / "parcours").rglob("*.py")):
        if "migrations" not in path.parts:
            _add(catalog, path.read_bytes())
    for path in sorted((ROOT / "parcours").rglob("templates/**/*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            _add(catalog, _as_python(path))
    return catalog


def _as_python(template: Path) -> bytes:
    """A template as Django rewrites it for extraction; inside parentheses its indentation means nothing."""
    from django.utils.translation.template import templatize

    return f"({templatize(template.read_text('utf-8'), origin=str(template))}\n)".encode()


def _add(catalog: Catalog, source: bytes) -> None:
    found = extract_messages("python", io.BytesIO(source), KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        catalog.add(message, context=context)


def read(language: str) -> Catalog:
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(
            locale=language, header_comment=HEADER, project="Parcours", version="", charset="utf-8"
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    template = extract()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(language, catalog)
        missing = sum(1 for message in _sentences(catalog) if not _translated(message))
        print(f"{language}: {len(catalog)} sentences, {missing} without translation")


def write(language: str, catalog: Catalog) -> None:
    """Sorted, without line numbers and dates: a change of the code changes only its own sentences."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, no_location=True, sort_output=True, omit_header=False)
    lines = [line for line in out.getvalue().decode().split("\n") if not _changes_by_itself(line)]
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")


def _changes_by_itself(line: str) -> bool:
    dated = (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Generated-By",
        "Report-Msgid-Bugs-To",
        "Last-Translator",
        "Language-Team",
    )
    return line.startswith((*(f'"{name}' for name in dated), "#, fuzzy"))


def compile_all() -> None:
    for language in LANGUAGES:
        target = catalogue_path(language).with_suffix(".mo")
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, read(language))


def check() -> int:
    template, faults = extract(), 0
    for language in COMPLETE:
        catalog = read(language)
        for wanted in _sentences(template):
            found = catalog.get(wanted.id if isinstance(wanted.id, str) else wanted.id[0], wanted.context)
            for fault in _faults(wanted, found):
                print(f"{language}: {fault}: {wanted.id!r}")
                faults += 1
    if faults:
        print(f"{faults} to do: `make messages`, then complete {catalogue_path('fr').relative_to(ROOT)}")
    return 1 if faults else 0


def _faults(wanted: Message, found: Message | None) -> Iterator[str]:
    if found is None or not _translated(found):
        yield "missing"
        return
    if found.fuzzy:
        yield "unsure (fuzzy)"
    source = set(PLACEHOLDER.findall(wanted.id if isinstance(wanted.id, str) else wanted.id[1]))
    forms = _forms(found)
    if any(set(PLACEHOLDER.findall(form)) - source for form in forms) or source - set(
        PLACEHOLDER.findall(forms[-1])
    ):
        yield "placeholders differ"


def _sentences(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _translated(message: Message) -> bool:
    return all(_forms(message))


def _forms(message: Message) -> list[str]:
    """The translation in each plural form; one empty form when there is none."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def main() -> int:
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case ["check"]:
            return check()
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
