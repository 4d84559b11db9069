"""Where the lake's files lie, and what is in them."""

import uuid
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

if TYPE_CHECKING:
    from parcours.events.arrow import ChunkedArray, Schema

BUCKETS = 32
ROW_GROUP = 65_536
LABELLED = ("name", "channel", "source")
"""Columns of few different values, which an index keeps as codes."""


def lake_folder(brand_id: uuid.UUID) -> Path:
    return Path(settings.DATA) / "lake" / str(brand_id)


def bucket_of(customers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The bucket of each customer. Ids are handed out one after the other, so the remainder spreads them
    evenly.
    """
    return customers % BUCKETS


def new_file_name(bucket: int) -> str:
    return f"events/{bucket:02d}-{uuid.uuid4().hex}.parquet"


@cache
def event_schema() -> "Schema":
    """The columns of a bucket's file. `received` is when Parcours took the event in; `properties` is a JSON
    object; `home` is the customer the event came to first, null while it is still his.
    """
    from parcours.events.arrow import pa

    label = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [
            pa.field("customer", pa.int64(), nullable=False),
            pa.field("time", pa.timestamp("us", "UTC"), nullable=False),
            pa.field("seq", pa.int64(), nullable=False),
            pa.field("event_id", pa.binary(16), nullable=False),
            pa.field("name", label, nullable=False),
            pa.field("channel", label),
            pa.field("source", label),
            pa.field("received", pa.timestamp("us", "UTC"), nullable=False),
            pa.field("properties", pa.string()),
            pa.field("home", pa.int64()),
        ]
    )


@cache
def staged_schema() -> "Schema":
    """The columns of rows on their way into the lake.

    `content` is a hash of what makes an event this event and no other; `explicit` says that the sender gave
    it an id, so that the same content again is the same event and not a second one just like it. `home` is
    that of the identity by which it came (see `customers.identities`); null means the customer.
    """
    from parcours.events.arrow import pa

    return pa.schema(
        [
            ("customer", pa.int64()),
            ("time", pa.timestamp("us", "UTC")),
            ("seq", pa.int64()),
            ("content", pa.binary(16)),
            ("explicit", pa.bool_()),
            ("name", pa.string()),
            ("channel", pa.string()),
            ("source", pa.string()),
            ("received", pa.timestamp("us", "UTC")),
            ("properties", pa.string()),
            ("home", pa.int64()),
        ]
    )


def as_int64(column: "ChunkedArray") -> npt.NDArray[Any]:
    """A column of int64 or timestamps without nulls, as an array of int64."""
    from parcours.events.arrow import pa

    array: npt.NDArray[Any] = column.cast(pa.int64()).to_numpy()
    return array
