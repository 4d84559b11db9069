"""How a log is shown to people."""

from html import escape
from typing import TYPE_CHECKING

from parcours.engine.words import gettext as _
from parcours.engine.words import number

if TYPE_CHECKING:
    from parcours.engine.log import EventLog

MOST_NAMES = 12


def as_html(log: "EventLog") -> str:
    rows = [
        (_("customers"), number(log.n_customers)),
        (_("events"), number(len(log))),
        (_("activities"), _listed(log.activities)),
    ]
    if log.channel:
        rows.append((_("channels"), _listed(log.channels)))
    if log.span:
        first, last = (f"{moment:%Y-%m-%d %H:%M}" for moment in log.span)
        rows.append((_("first event"), f"{first} UTC"))
        rows.append((_("last event"), f"{last} UTC"))
    if log.columns:
        rows.append((_("properties"), _listed(tuple(log.columns))))
    rows += [(_("left out"), left_out(reason, count)) for reason, count in log.skipped.items()]
    if (held := log.nbytes) is not None:
        rows.append((_("memory"), _size(held)))
    cells = "".join(
        f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for name, text in rows
    )
    return f"<table><caption>{escape(type(log).__name__)}</caption>{cells}</table>"


def left_out(reason: str, rows: int) -> str:
    """An entry of `log.skipped` in words."""
    words = {
        "without customer": _("{n} rows without a customer"),
        "without time": _("{n} rows without a time"),
        "without activity": _("{n} rows without an activity"),
    }
    return words.get(reason, "{n} " + reason).format(n=number(rows))


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{number(len(names))}: {shown}{', …' if more > 0 else ''}" if names else "0"


def _size(held: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if held >= size:
            return f"{number(held / size, 1)} {unit}"
    return f"{number(held)} B"
