"""The light formatting of a card's text: **bold**, *italic*, [links](https://…), lists, line breaks.

Texts are stored as they were typed. `as_html` is for pages, `as_plain` for where only words fit, `runs` for
slides and other files with their own way of formatting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SCHEMES = ("http", "https", "mailto")
_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
_KEPT = 4_000


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `href` is where a link leads, or empty."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text; `mark` is “•” or “1.” in a list, `level` how deep the list stands, from 0."""

    runs: tuple[Run, ...]
    mark: str = ""
    level: int = 0

    @property
    def words(self) -> str:
        return "".join(run.text for run in self.runs)


@lru_cache(_KEPT)
def as_html(text: str) -> str:
    """Safe to put into a page: nothing but paragraphs, lists, emphasis and links to the web or to mail."""
    import nh3

    if not text:
        return ""
    return nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    ).strip()


def as_plain(text: str) -> str:
    """The words alone, line by line; a link is followed by its address."""
    return "\n".join(_plain(line) for line in runs(text))


def runs(text: str) -> tuple[Line, ...]:
    """The text line by line, as runs of words that look the same."""
    return tuple(_lines(_parser().parse(text))) if text else ()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    class Narrow(MarkdownIt):
        def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
            scheme, colon, rest = url.strip().partition(":")
            return bool(colon and rest) and scheme.casefold() in SCHEMES

    parser = Narrow("zero", {"html": False, "breaks": True, "linkify": False})
    return parser.enable(["list", "emphasis", "link", "newline", "escape"])


def _plain(line: Line) -> str:
    words = "".join(
        f"{run.text} ({run.href.removeprefix('mailto:')})"
        if run.href and run.href.removeprefix("mailto:") != run.text
        else run.text
        for run in line.runs
    )
    return f"{'  ' * line.level}{line.mark} {words}" if line.mark else words


def _lines(tokens: "list[Token]") -> Iterator[Line]:
    """Lists count their own marks: a stack of the next number of each, 0 for bullets."""
    counts: list[int] = []
    mark = ""
    for token in tokens:
        if token.type == "bullet_list_open":
            counts.append(0)
        elif token.type == "ordered_list_open":
            counts.append(int(token.attrGet("start") or 1))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            counts.pop()
        elif token.type == "list_item_open":
            mark = f"{counts[-1]}." if counts[-1] else "•"
            counts[-1] += bool(counts[-1])
        elif token.type == "inline":
            for found in _inline(token.children or []):
                yield Line(found, mark, max(len(counts) - 1, 0))
                mark = ""


def _inline(tokens: "list[Token]") -> Iterator[tuple[Run, ...]]:
    line: list[Run] = []
    bold = italic = 0
    href = ""
    for token in tokens:
        if token.type in {"softbreak", "hardbreak"}:
            yield tuple(line)
            line = []
        elif token.type == "text" and token.content:
            line.append(Run(token.content, bold > 0, italic > 0, href))
        elif token.type in {"strong_open", "strong_close"}:
            bold += token.nesting
        elif token.type in {"em_open", "em_close"}:
            italic += token.nesting
        elif token.type in {"link_open", "link_close"}:
            href = str(token.attrGet("href") or "") if token.nesting > 0 else ""
    yield tuple(line)
