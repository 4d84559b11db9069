"""An SVG drawing as text: escaped, titled, and styled by classes; light and dark are the page’s own."""

from hashlib import blake2b
from xml.sax.saxutils import escape, quoteattr

FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
SIZE = 13
LETTER = 0.56
"""The mean width of a letter, in its size; good enough to keep labels apart."""

# A file stands alone: it brings the colours that a page takes from its own style sheet.
_ALONE = f"""
text {{ font: {SIZE}px {FACE}; fill: #1b1f24; }}
.soft {{ fill: #555b63; }} .strong {{ font-weight: 600; }} .on-mark {{ fill: #ffffff; }}
.paper {{ fill: #ffffff; }}
.line {{ stroke: #dedbd4; stroke-width: 1; fill: none; }}
.interval {{ stroke: #1b1f24; stroke-width: 1.5; fill: none; }}
.mark {{ fill: #0b5b6b; }} .band {{ fill: #0b5b6b; opacity: 0.16; }}
.curve {{ stroke: #0b5b6b; stroke-width: 2; fill: none; }}
.link {{ fill: #85817a; opacity: 0.32; }} .link-end {{ fill: #a1262b; opacity: 0.22; }}
.hue-1 {{ fill: #46549c; }} .hue-2 {{ fill: #4c9dc2; }} .hue-3 {{ fill: #c79f3a; }}
.hue-4 {{ fill: #bb6176; }} .hue-5 {{ fill: #6f3157; }}
.curve.hue-1 {{ stroke: #46549c; fill: none; }} .curve.hue-2 {{ stroke: #4c9dc2; fill: none; }}
.curve.hue-3 {{ stroke: #c79f3a; fill: none; }} .curve.hue-4 {{ stroke: #bb6176; fill: none; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e7e5e0; }} .soft {{ fill: #a6abb2; }} .on-mark {{ fill: #0a1f24; }}
  .paper {{ fill: #1d2024; }} .line {{ stroke: #31363c; }} .interval {{ stroke: #e7e5e0; }}
  .mark, .band {{ fill: #74c5d2; }} .curve {{ stroke: #74c5d2; }}
  .link {{ fill: #a6abb2; }} .link-end {{ fill: #f29a94; }}
}}
"""


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

    def path(self, drawn: str, css: str, tip: str = "") -> None:
        inside = f"<title>{escape(tip)}</title>" if tip else ""
        self._parts.append(f'<path class="{css}" d="{drawn}">{inside}</path>')

    def text(self, x: float, y: float, words: str, css: str = "", anchor: str = "start") -> None:
        self._parts.append(
            f'<text class="{css}" x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def _add(self, name: str, css: str, **attributes: object) -> None:
        words = " ".join(f'{key}="{_short(value)}"' for key, value in attributes.items())
        self._parts.append(f'<{name} class="{css}" {words}/>')

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
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {size}"'
            f' role="img" aria-label={quoteattr(self.title)}><title>{escape(self.title)}</title>'
            f"<desc>{escape(self.description)}</desc><style>{_ALONE}</style>"
            f'<rect class="paper" width="{wide}" height="{high}"/>'
            f'<text class="strong" x="8" y="{_short(1.5 * SIZE)}">{escape(self.title)}</text>'
            f'<g transform="translate(0 {_short(head)})">{"".join(self._parts)}</g></svg>\n'
        )


def room(words: str) -> float:
    """About how wide these words are drawn."""
    return len(words) * SIZE * LETTER


def fitted(words: str, width: float) -> str:
    """The words, shortened to what fits."""
    most = max(1, int(width / (SIZE * LETTER)))
    return words if len(words) <= most else words[: max(1, most - 1)].rstrip() + "…"


def _short(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
