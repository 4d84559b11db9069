"""The journey engine: a library of its own for questions about what customers did, in which order.

    from parcours.engine import EventLog, plot

    log = EventLog.read("events.parquet", customer="customer_id", time="time", activity="activity")
    plot(log.funnel(["Cart Viewed", "Checkout Started", "Order Completed"], within="7d"))

Importing it is cheap: what is heavy is imported by the first question that needs it.
"""

from typing import TYPE_CHECKING, Any

from parcours.engine.columns import Column
from parcours.engine.conformance import Step
from parcours.engine.errors import (
    EngineError,
    InvalidLogError,
    MixedZonesError,
    QuestionError,
    TimesError,
    UnknownActivityError,
    UnknownChannelError,
    UnknownColumnError,
    UnknownNameError,
    UnreadableSourceError,
)
from parcours.engine.log import EventLog

if TYPE_CHECKING:
    from parcours.engine.pictures import Picture, plot

__all__ = [
    "Column",
    "EngineError",
    "EventLog",
    "InvalidLogError",
    "MixedZonesError",
    "Picture",
    "QuestionError",
    "Step",
    "TimesError",
    "UnknownActivityError",
    "UnknownChannelError",
    "UnknownColumnError",
    "UnknownNameError",
    "UnreadableSourceError",
    "plot",
]


def __getattr__(name: str) -> Any:
    """What draws is imported by whoever draws."""
    if name in {"Picture", "plot"}:
        from parcours.engine import pictures

        return getattr(pictures, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
