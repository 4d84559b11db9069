"""The engine's log of a brand, for questions about events by their names."""

from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput, NotFound
from parcours.customers.reads import segment_members, segments
from parcours.events.lake import Lake
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Question, filtered, open_index, touchpoints_of
from parcours.measures.stages import stages_of

if TYPE_CHECKING:
    from parcours.accounts.models import Brand
    from parcours.engine import Column, EventLog
    from parcours.events.lake import LakeIndex

GENERATION = "generation"
OF_EVENTS = ("channel", "source", "activity")
MOST_KEYS = 48
MOST_EVENTS_AHEAD = 2_000_000
MOST_LABELS = 500
"""A property with more values is a name of its own for each event, not something that events share."""


def brand_log(question: Question, by: str = "", drawing: Drawing | None = None) -> "EventLog":
    """The question's events by name; with a drawing by the ids of its steps.

    `by` becomes a column of that name: channel, source, activity, generation, or a property of the events
    (`country` is `properties.country`). Raises BadInput for one that no event has, NotFound for a segment
    that isn't there.
    """
    index = open_index(question.brand.pk)
    log = _with_column(index, question, by)
    if drawing is not None:
        log = by_steps(index, log, drawing)
    return filtered(index, question, log)


def read_properties_ahead(brand: "Brand") -> None:
    """Makes what `rich_log` will look at, so that whoever asks first needn't wait; not for a huge lake."""
    if not Lake(brand.pk).generation:
        return
    index = open_index(brand.pk)
    if len(index) <= MOST_EVENTS_AHEAD:
        index.read_ahead(index.property_keys()[:MOST_KEYS])


def telling_keys(index: "LakeIndex") -> tuple[str, ...]:
    """The properties that may tell groups of customers apart, read ahead; none of a huge lake."""
    if len(index) > MOST_EVENTS_AHEAD:
        return ()
    keys = index.property_keys()[:MOST_KEYS]
    index.read_ahead(keys)
    return tuple(key for key in keys if len(index.column(f"properties.{key}").labels) <= MOST_LABELS)


def rich_log(question: Question, drawing: Drawing | None = None) -> "EventLog":
    """As `brand_log`, with every property that tells groups apart, and the customers' generation."""
    index = open_index(question.brand.pk)
    keys = index.property_keys()[:MOST_KEYS]
    index.read_ahead(keys)
    names = [f"properties.{key}" for key in keys]
    names = [name for name in names if len(index.column(name).labels) <= MOST_LABELS]
    log = index.log(tuple(names))
    for name in names:
        log.columns[name.removeprefix("properties.")] = log.columns.pop(name)
    log.columns[GENERATION] = _generations(index, question)
    if drawing is not None:
        log = by_steps(index, log, drawing)
    return filtered(index, question, log)


def by_steps(index: "LakeIndex", log: "EventLog", drawing: Drawing) -> "EventLog":
    """The events of `log`, which are those of the index, with the steps of the drawing as activities."""
    touchpoints = touchpoints_of(index, log, drawing)
    return touchpoints if drawing.single else stages_of(touchpoints, drawing)


def visits(log: "EventLog") -> "EventLog":
    """The log in which the same activity several times in a row counts once, as a stay in a stage does."""
    codes, none = log.activity.codes, log.activity.none
    mapped = np.flatnonzero(codes != none)
    owner = np.searchsorted(log.offsets, mapped, side="right")
    again = (codes[mapped][1:] == codes[mapped][:-1]) & (owner[1:] == owner[:-1])
    once = codes.copy()
    once[mapped[1:][again]] = none
    return log.relabel(once, log.activities)


def _with_column(index: "LakeIndex", question: Question, by: str) -> "EventLog":
    if not by or by in OF_EVENTS:
        return index.log()
    if by == GENERATION:
        log = index.log(("source",))
        log.columns[GENERATION] = _generations(index, question)
    else:
        name = _property(index, by)
        log = index.log((name,))
        log.columns[by] = log.columns[name]
    return log


def _property(index: "LakeIndex", by: str) -> str:
    name = by if by.startswith("properties.") else f"properties.{by}"
    if len(index) and not index.column(name).labels:
        raise BadInput(
            _("No event has a property “{name}”.").format(name=by),
            remedy=_("Use channel, source, generation, or a property that events have."),
        )
    return name


def _generations(index: "LakeIndex", question: Question) -> "Column":
    """Each customer's generation by name; nothing where the birth year isn't known."""
    from parcours.engine import Column

    built_in = [each for each in segments(question.brand) if each.builtin]
    codes = np.full(index.n_customers, -1, dtype=np.int32)
    for code, segment in enumerate(built_in):
        codes[np.isin(index.customers, segment_members(question.brand, segment))] = code
    return Column.of_codes(codes, [segment.name for segment in built_in], per="customer")


def segment_key(brand: "Brand", key_or_name: str) -> str:
    """The key of the segment with that key or name; empty for an empty one. Raises NotFound."""
    wanted = key_or_name.strip().casefold()
    known = segments(brand)
    for segment in known if wanted else ():
        if wanted in {segment.key.casefold(), segment.name.casefold()}:
            return segment.key
    if wanted:
        raise NotFound(
            _("There is no segment “{name}”.").format(name=key_or_name),
            remedy=_("Known segments: {known}.").format(known=", ".join(each.name for each in known)),
        )
    return ""
