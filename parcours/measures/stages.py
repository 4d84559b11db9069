"""A log of touchpoints as a log of stages."""

from typing import TYPE_CHECKING

import numpy as np

from parcours.measures.drawing import Drawing

if TYPE_CHECKING:
    from parcours.engine import EventLog


def stages_of(log: "EventLog", drawing: Drawing) -> "EventLog":
    """The log of touchpoints as a log of stages; events in no touchpoint are in no stage."""
    none = len(drawing.stages)
    table = np.full(log.activity.none + 1, -1, dtype=np.int32)
    table[: len(drawing.touchpoints)] = drawing.stage_of_touchpoint
    kind = np.uint8 if none < 255 else np.uint16
    codes = np.where(table < 0, np.iinfo(kind).max, table).astype(kind)[log.activity.codes]
    return log.relabel(codes, drawing.stage_labels)
