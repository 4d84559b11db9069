"""An SVG drawing as text: escaped, titled, and styled by classes; light and dark are the page’s own."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from xml.sax.saxutils import escape, quoteattr

from parcours.engine.words import gettext as _

FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SIZE = 13
HUES = 5
LETTER = 0.62
"""The width of most letters, in their size, in a wide face; good enough to keep labels apart."""
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'|! ·\N{NO-BREAK SPACE}", 0.35),
    **dict.fromkeys("rtf()[]-", 0.43),
    **dict.fromkeys("mwMW%…→—@", 0.95),
}
_CAPITAL = 0.72

_LIGHT = {
    "ink": "#1b1f24", "soft": "#555b63", "paper": "#ffffff", "rule": "#dedbd4", "accent": "#0b5b6b",
    "grey": "#85817a", "bad": "#a1262b",
}  # fmt: skip
_LIGHT_HUES = ("#46549c", "#4c9dc2", "#c79f3a", "#bb6176", "#6f3157")
_DARK = {
    "ink": "#e7e5e0", "soft": "#a6abb2", "paper": "#1d2024", "rule": "#31363c", "accent": "#74c5d2",
    "grey": "#a6abb2", "bad": "#f29a94",
}  # fmt: skip
_DARK_HUES = ("#8f9be0", "#5fb4da", "#e3c66f", "#dd92a3", "#a8638f")


def _colours(named: Mapping[str, str], hues: Sequence[str]) -> list[str]:
    rules = [
        f"text {{ fill: {named['ink']}; }}",
        f".soft {{ fill: {named['soft']}; }}",
        f".paper {{ fill: {named['paper']}; }}",
        f".line {{ stroke: {named['rule']}; }}",
        f".interval {{ stroke: {named['ink']}; }}",
        f".mark {{ fill: {named['accent']}; }}",
        f".band {{ fill: {named['accent']}; }}",
        f".curve {{ stroke: {named['accent']}; }}",
        f".link {{ fill: {named['grey']}; }}",
        f".link-end {{ fill: {named['bad']}; }}",
    ]
    for number, hue in enumerate(hues, 1):
        rules.append(f".hue-{number} {{ fill: {hue}; }}")
        rules.append(f".curve.hue-{number} {{ stroke: {hue}; fill: none; }}")
    return rules


_SHAPES = [
    f"text {{ font: {SIZE}px {FACE}; font-variant-numeric: tabular-nums; }}",
    ".strong { font-weight: 600; }",
    ".line { stroke-width: 1; fill: none; }",
    ".interval { stroke-width: 1.5; fill: none; }",
    ".band { opacity: 0.16; }",
    ".curve { stroke-width: 2; fill: none; }",
    ".link { opacity: 0.32; }",
    ".link-end { opacity: 0.22; }",
]


def _alone() -> str:
    """A file stands alone: it brings the colours that a page takes from its own style sheet.

    Each rule holds inside the drawing only, for a notebook puts many of them into one page.
    """

    def inside(rules: list[str]) -> str:
        return "\n".join(f".chart-alone {rule}" for rule in rules)

    dark = f"@media (prefers-color-scheme: dark) {{\n{inside(_colours(_DARK, _DARK_HUES))}\n}}"
    return f"\n{inside(_SHAPES)}\n{inside(_colours(_LIGHT, _LIGHT_HUES))}\n{dark}\n"


class Svg:
    """A drawing of `width` by `height` units, which a page scales to the room there is."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.width, self.height = width, height
        self.title, self.description = title, description
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, css: str, **more: object) -> None:
        self._add("rect", css, x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), **more)

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        self._add("line", css, x1=x1, y1=y1, x2=x2, y2=y2)

    def path(self, drawn: str, css: str, tip: str = "", **more: object) -> None:
        inside = f"<title>{escape(tip)}</title>" if tip else ""
        self._parts.append(f'<path class="{css}" d="{drawn}"{_attributes(more)}>{inside}</path>')

    def text(
        self, x: float, y: float, words: str, css: str = "", anchor: str = "start", *, turn: int = 0
    ) -> None:
        """`turn` in degrees, clockwise about its anchor."""
        turned = {"transform": f"rotate({turn} {_short(x)} {_short(y)})"} if turn else {}
        self._parts.append(
            f'<text class="{css}" x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}"'
            f"{_attributes(turned)}>{escape(words)}</text>"
        )

    def _add(self, name: str, css: str, **attributes: object) -> None:
        self._parts.append(f'<{name} class="{css}"{_attributes(attributes)}/>')

    def say_nothing_is_here(self) -> None:
        self.text(12, 1.5 * SIZE, _("There is nothing to show."), "soft")

    def markup(self) -> str:
        """For a page, whose style sheet knows the classes."""
        key = blake2b(f"{self.title}{self.description}".encode(), digest_size=4).hexdigest()
        return (
            f'<svg class="chart" role="img" viewBox="0 0 {_short(self.width)} {_short(self.height)}"'
            f' aria-labelledby="chart-{key} chart-{key}-is">'
            f'<title id="chart-{key}">{escape(self.title)}</title>'
            f'<desc id="chart-{key}-is">{escape(self.description)}</desc>{"".join(self._parts)}</svg>'
        )

    def file(self) -> str:
        """A document of its own, with its colours and its title in sight."""
        head = 2.5 * SIZE
        size = f"{_short(self.width)} {_short(self.height + head)}"
        wide, high = size.split()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-alone" width="{wide}" height="{high}"'
            f' viewBox="0 0 {size}" role="img" aria-label={quoteattr(self.title)}>'
            f"<title>{escape(self.title)}</title><desc>{escape(self.description)}</desc>"
            f"<style>{_alone()}</style>"
            f'<rect class="paper" width="{wide}" height="{high}"/>'
            f'<text class="strong" x="8" y="{_short(1.5 * SIZE)}">{escape(self.title)}</text>'
            f'<g transform="translate(0 {_short(head)})">{"".join(self._parts)}</g></svg>\n'
        )


def _attributes(named: Mapping[str, object]) -> str:
    return "".join(f' {name}="{_short(value)}"' for name, value in named.items())


def room(words: str) -> float:
    """About how wide these words are drawn."""
    return SIZE * sum(map(_wide, words))


def _wide(letter: str) -> float:
    return _WIDTHS.get(letter) or (_CAPITAL if letter.isupper() else LETTER)


def fitted(words: str, width: float) -> str:
    """The words, shortened to what fits."""
    if room(words) <= width:
        return words
    kept = words[:-1]
    while len(kept) > 1 and room(kept) + SIZE > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
