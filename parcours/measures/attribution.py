"""Which channels conversions are owed to: every model beside the others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from parcours.engine.attribution import MODELS, NO_TOUCH
from parcours.measures.answering import askable
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log
from parcours.measures.scope import Question

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.attribution import Model

__all__ = ["MODELS", "NO_TOUCH", "Credit", "Credits", "attribution"]


@dataclass(frozen=True, slots=True)
class Credit:
    """What each model gives one channel, in the order of `models`: conversions and their share."""

    channel: str
    conversions: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def lowest(self) -> float:
        return min(self.shares)

    @property
    def highest(self) -> float:
        return max(self.shares)


@dataclass(frozen=True, slots=True)
class Credits:
    """`untouched` conversions followed no touch at all and are owed to nobody."""

    models: tuple[str, ...]
    conversions: int
    untouched: int
    channels: tuple[Credit, ...]
    tables: "dict[str, pa.Table]"


def attribution(question: Question, conversion: str, *, lookback: str = "", by: str = "") -> Credits:
    """`by` names another property in place of the channel. Raises BadInput."""

    def compute() -> Credits:
        with askable():
            return _attribution(question, conversion, lookback, by)

    return kept(question, None, ("attribution", conversion, lookback, by), compute)


def _attribution(question: Question, conversion: str, lookback: str, by: str) -> Credits:
    log = brand_log(question, by)
    tables = {
        model: log.attribution(conversion, cast("Model", model), lookback or None, by=by or "channel")
        for model in MODELS
    }
    rows = {model: {row["channel"]: row for row in table.to_pylist()} for model, table in tables.items()}
    names = [name for name in rows["linear"] if name != NO_TOUCH]
    names += sorted({name for each in rows.values() for name in each} - {*names, NO_TOUCH})
    none = rows["linear"].get(NO_TOUCH)
    total = sum(row["conversions"] for row in rows["linear"].values())
    return Credits(
        models=MODELS,
        conversions=round(total),
        untouched=round(none["conversions"]) if none else 0,
        channels=tuple(
            Credit(
                name,
                tuple(_of(rows[model], name, "conversions") for model in MODELS),
                tuple(_of(rows[model], name, "share") for model in MODELS),
            )
            for name in names
        ),
        tables=tables,
    )


def _of(rows: dict[str, dict[str, float]], channel: str, what: str) -> float:
    return rows[channel][what] if channel in rows else 0.0
