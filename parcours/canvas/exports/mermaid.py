"""The canvas as a Mermaid user journey: text that wikis and READMEs draw."""

from parcours.canvas.exports.cjml import rating_of
from parcours.canvas.exports.sheet import Sheet, SheetCard

_MIDDLE = 3
"""The mood of a stage, 1 to 5, where no emotion is drawn in it."""


def as_mermaid(sheet: Sheet) -> bytes:
    """A section a stage; a task a touchpoint, or a key moment where no touchpoint is drawn, in the mood of
    the stage; and one an emotion.
    """
    lines = ["journey", f"  title {_words(sheet.title)}"]
    who = _words(sheet.persona.name if sheet.persona else "") or "Customer"
    for place, stage in enumerate(sheet.stages):
        mood = _mood(sheet, place)
        lines.append(f"  section {_words(stage.name)}")
        names = [each.name for each in stage.touchpoints] or [
            card.title for row in sheet.rows if row.kind == "moment" for card in row.cells[place]
        ]
        tasks = [(name, mood) for name in names]
        tasks += [(card.title, rating_of(card.level or 0)) for card in _feelings(sheet, place)]
        lines += [f"    {_words(name)}: {score}: {who}" for name, score in tasks if _words(name)]
    return ("\n".join(lines) + "\n").encode()


def _mood(sheet: Sheet, place: int) -> int:
    """How the customer feels in a stage, from the levels of its emotions: 1 to 5, as Mermaid scores."""
    levels = [card.level or 0 for card in _feelings(sheet, place)]
    return rating_of(round(sum(levels) / len(levels))) if levels else _MIDDLE


def _feelings(sheet: Sheet, place: int) -> list[SheetCard]:
    return [card for row in sheet.rows for stage, card in row.points if stage == place]


def _words(text: str) -> str:
    """Without Mermaid's own signs: a colon ends a task's name, a semicolon a line, # begins a code."""
    return " ".join(text.translate({ord(":"): " –", ord(";"): ",", ord("#"): ""}).split())
