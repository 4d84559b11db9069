"""The journey engine: a library of its own for questions about what customers did, in which order.

    from parcours.engine import EventLog

    log = EventLog.read("events.parquet", customer="customer_id", time="time", activity="activity")
    log.funnel(["Cart Viewed", "Checkout Started", "Order Completed"], within="7d")

Importing it is cheap: what is heavy is imported by the first question that needs it.
"""

from parcours.engine.columns import Column
from parcours.engine.conformance import Step
from parcours.engine.errors import (
    EngineError,
    InvalidLogError,
    QuestionError,
    TimesError,
    UnknownActivityError,
    UnknownChannelError,
    UnknownColumnError,
    UnknownNameError,
    UnreadableSourceError,
)
from parcours.engine.log import EventLog

__all__ = [
    "Column",
    "EngineError",
    "EventLog",
    "InvalidLogError",
    "QuestionError",
    "Step",
    "TimesError",
    "UnknownActivityError",
    "UnknownChannelError",
    "UnknownColumnError",
    "UnknownNameError",
    "UnreadableSourceError",
]
