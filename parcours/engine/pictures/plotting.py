"""From an answer to its picture."""

from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parcours.engine.answers import facts_of
from parcours.engine.charts import Svg
from parcours.engine.conformance import Conformance
from parcours.engine.errors import QuestionError
from parcours.engine.pictures import shares, times, ways
from parcours.engine.pictures.common import Names
from parcours.engine.progression import Progression
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

_DRAWN: dict[str, Callable[["pa.Table", Names], Svg]] = {
    "transitions": ways.transitions,
    "reach": ways.reach,
    "funnel": ways.funnel,
    "variants": ways.variants,
    "sessions": ways.sessions,
    "conformance": ways.conformance,
    "fitness": ways.fitness,
    "extra": ways.extra,
    "progression": ways.progression,
    "outcomes": ways.outcomes,
    "instead": ways.instead,
    "attribution": shares.attribution,
    "dropoff": shares.dropoff,
    "comparison": shares.comparison,
    "retention": times.retention,
}


class Picture:
    """A drawing that a notebook shows and a file keeps."""

    def __init__(self, drawing: Svg) -> None:
        self.drawing = drawing

    @property
    def title(self) -> str:
        return self.drawing.title

    @property
    def svg(self) -> str:
        """A whole SVG document, with its colours for light and dark."""
        return self.drawing.file()

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"Picture(“{self.title}”, {self.drawing.width:.0f} × {self.drawing.height:.0f})"

    def save(self, path: "str | PathLike[str]") -> Path:
        """Write it to an .svg file, and say where. Raises QuestionError for another ending."""
        file = Path(path)
        if file.suffix.lower() != ".svg":
            raise QuestionError(
                _("A picture is saved as SVG: “{name}” should end with .svg.").format(name=file.name)
            )
        file.write_text(self.svg, encoding="utf-8")
        return file


def plot(*answers: Any, names: Names = None, labels: Sequence[str] | None = None) -> Picture:
    """The picture of an answer of an EventLog; of several attributions or survivals side by side.

    names   what activities are called in the picture: a mapping, or a function from name to name
    labels  what several answers are called; attributions are called by their models

    Raises QuestionError for what is no answer, or cannot be drawn together.
    """
    tables = [_table(each) for each in answers]
    kinds = [_kind(each) for each in tables]
    if len(tables) == 1:
        return Picture(_drawn(tables[0], kinds[0], names))
    if not tables:
        raise QuestionError(_("There is nothing to draw. Give an answer, such as that of `funnel`."))
    called = _labels(tables, labels)
    if set(kinds) == {"attribution"}:
        return Picture(shares.attributions(tables, called))
    if set(kinds) == {"survival"} and not any("segment" in each.column_names for each in tables):
        lapse = facts_of(tables[0]).get("of") == "lapse"
        return Picture(
            times.survivals(
                [(label, times.points(table)) for label, table in zip(called, tables, strict=True)],
                lapse=lapse,
            )
        )
    raise QuestionError(
        _("Only attributions, or survivals without segments, are drawn together; draw the others one by one.")
    )


def _drawn(table: "pa.Table", kind: str, names: Names) -> Svg:
    if kind == "survival":
        return times.survival(table, lapse=facts_of(table).get("of") == "lapse")
    return _DRAWN[kind](table, names)


def _table(answer: Any) -> "pa.Table":
    if isinstance(answer, Conformance):
        return answer.steps
    if isinstance(answer, Progression):
        return answer.groups
    table: pa.Table = answer
    return table


def _kind(table: Any) -> str:
    kind = facts_of(table).get("kind", "")
    if kind in _DRAWN or kind == "survival":
        return kind
    if type(table).__module__.partition(".")[0] in {"pandas", "polars"}:
        raise QuestionError(
            _("A dataframe does not say what it answers. Draw the answer itself, before .to_pandas().")
        )
    raise QuestionError(
        _(
            "This {kind} is no answer of an EventLog, so there is no picture of it. "
            "Draw what `funnel`, `transitions` and the like return, as they return it."
        ).format(kind=type(table).__name__)
    )


def _labels(tables: "Sequence[pa.Table]", labels: Sequence[str] | None) -> list[str]:
    if labels is None:
        return [facts_of(table).get("model") or str(place) for place, table in enumerate(tables, 1)]
    if len(labels) != len(tables):
        raise QuestionError(
            _("{labels} labels do not fit {answers} answers.").format(labels=len(labels), answers=len(tables))
        )
    return list(labels)
