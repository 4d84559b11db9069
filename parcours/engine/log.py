"""The event log: sorted arrays, and the questions one asks of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from parcours.engine import arrays
from parcours.engine.arrays import Int64s, Labelled, Mask
from parcours.engine.arrow import coded, one_array
from parcours.engine.columns import Column
from parcours.engine.errors import InvalidLogError, QuestionError, UnknownActivityError, UnknownColumnError
from parcours.engine.moments import Moment, as_datetime
from parcours.engine.questions import Questions
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    from os import PathLike


CUSTOMER, TIME, ACTIVITY, CHANNEL = "customer", "time", "activity", "channel"


class EventLog(Questions):
    """Events of customers, sorted by customer, time and arrival. Nothing in it ever changes.

    The events of customer c (a position, 0 to n_customers - 1) stand at `offsets[c]` to `offsets[c + 1]`,
    past the end. `time` is in microseconds since 1970 in UTC. An event may have no activity: it then counts
    in `len`, in the span and in sessions, but takes no part in sequences (transitions, funnels, variants,
    progression).

    Results are pyarrow tables; `.to_pandas()` makes them dataframes.
    """

    def __init__(
        self,
        *,
        customers: Any,
        offsets: Int64s,
        time: Int64s,
        activity: Labelled,
        channel: Labelled | Callable[[], Labelled] | None = None,
        columns: Mapping[str, Column] | None = None,
        skipped: Mapping[str, int] | None = None,
    ) -> None:
        """For the engine itself; use `read`, `open` or `from_codes`."""
        self._customers = customers
        self.offsets = offsets
        self.time = time
        self.activity = activity
        self._channel = channel
        self.columns = dict(columns or {})
        self.skipped = dict(skipped or {})

    @property
    def channel(self) -> Labelled | None:
        """Read when first used, where it comes from a file."""
        if callable(self._channel):
            self._channel = self._channel()
        return self._channel

    @channel.setter
    def channel(self, channel: Labelled | Callable[[], Labelled] | None) -> None:
        self._channel = channel

    @classmethod
    def from_codes(
        cls,
        *,
        customers: Any,
        offsets: Any,
        time: Any,
        activity: Any,
        activities: Sequence[str],
        channel: Any = None,
        channels: Sequence[str] | None = None,
        columns: Mapping[str, Column] | None = None,
        check: bool = False,
    ) -> "EventLog":
        """A log over arrays that are already in order; nothing is copied or sorted, memory maps stay memory
        maps.

        customers   ids of the n customers, numpy or arrow
        offsets     int64[n + 1], from 0 to N
        time        int64[N], microseconds since 1970 in UTC, never falling within a customer
        activity    uint8[N] or uint16[N] codes into `activities`; the highest code (255, 65535) means “none”.
                    Other integers are converted, whatever lies outside of `activities` (-1) meaning “none”
        channel     the same for `channels`
        columns     further properties by name, see `Column`

        Only lengths and types are checked; `check=True` reads everything once and checks the order and the
        codes too. Raises InvalidLogError.
        """
        log = cls(
            customers=customers,
            offsets=arrays.as_int64("offsets", offsets),
            time=arrays.as_int64("time", time),
            activity=arrays.labelled("activity", activity, activities),
            channel=None if channel is None else arrays.labelled("channel", channel, channels or ()),
            columns=columns,
        )
        log._check_lengths()
        if check:
            arrays.check(log.offsets, log.time, log.activity)
        return log

    @classmethod
    def read(
        cls,
        source: Any,
        *,
        customer: str | None = None,
        time: str | None = None,
        activity: str | None = None,
        channel: str | None = None,
        timezone: str | None = None,
        runner: str = "local",
        master: str | None = None,
        spark: Mapping[str, Any] | None = None,
    ) -> "EventLog":
        """A log from a file (parquet, csv, jsonl, xes, each also .gz) or a pyarrow, pandas or polars table.

        `customer`, `time`, `activity` and `channel` name the columns, by default “customer”, “time”,
        “activity” and, where there is one, “channel”. All other columns become properties, loaded when first
        used. In an XES file they default to the trace's `concept:name`, and the event's `time:timestamp` and
        `concept:name`.

        Times may be timestamps with or without a zone (without: UTC, or `timezone`), dates, or ISO 8601 text.
        Numbers are refused, for nobody knows their unit. Rows without customer, time or activity are left out
        and counted in `skipped`. Raises UnknownColumnError, TimesError, UnreadableSourceError.

        Many Parquet files are read from a folder, a list, or an address such as “s3://lake/events”. With
        `runner="spark"` they stay where they are: the cluster of `master` (“spark://host:7077”) answers the
        questions, with the settings of `spark` such as {"spark.executor.memory": "4g"}. Raises SparkError.
        """
        names = {"customer": customer, "time": time, "activity": activity, "channel": channel}
        if runner == "spark":
            from parcours.engine import spark as cluster

            return cluster.read(source, **names, timezone=timezone, master=master, settings=spark)
        if runner != "local":
            raise QuestionError(
                _("There is no runner “{runner}”. It is “local” or “spark”.").format(runner=runner)
            )
        from parcours.engine.reading import read

        return read(source, **names, timezone=timezone)

    @classmethod
    def open(cls, directory: "str | PathLike[str]") -> "EventLog":
        """A log that `save` wrote, memory-mapped: only what is used is read. Raises UnreadableSourceError."""
        from parcours.engine.store import open_log

        return open_log(directory)

    def save(self, directory: "str | PathLike[str]") -> None:
        """Write the log to a directory of memory-mappable files, replacing an older one at once."""
        from parcours.engine.store import save_log

        save_log(self, directory)

    def _check_lengths(self) -> None:
        events = len(self.time)
        if len(self.offsets) != len(self._customers) + 1:
            raise InvalidLogError(
                _("{customers} customers need {offsets} offsets.").format(
                    customers=len(self._customers), offsets=len(self._customers) + 1
                )
            )
        if int(self.offsets[0]) != 0 or int(self.offsets[-1]) != events:
            raise InvalidLogError(
                _("`offsets` must begin with 0 and end with {events}, the number of times.").format(
                    events=events
                )
            )
        for name, codes in (("activity", self.activity), ("channel", self.channel)):
            if codes is not None and len(codes.codes) != events:
                raise InvalidLogError(
                    _("`{name}` has {codes} entries for {events} events.").format(
                        name=name, codes=len(codes.codes), events=events
                    )
                )

    # What it is

    def __len__(self) -> int:
        """The number of events."""
        return len(self.time)

    @property
    def n_customers(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def customers(self) -> Any:
        """The ids, by position: a pyarrow array."""
        return one_array(self._customers)

    @property
    def activities(self) -> tuple[str, ...]:
        return self.activity.labels

    @property
    def channels(self) -> tuple[str, ...]:
        return self.channel.labels if self.channel else ()

    @cached_property
    def span(self) -> tuple[datetime, datetime] | None:
        """The moments of the first and the last event, in UTC; None for an empty log."""
        if not len(self):
            return None
        return as_datetime(int(self.time.min())), as_datetime(int(self.time.max()))

    @property
    def nbytes(self) -> int | None:
        """Bytes of the arrays, and of the properties that were used so far; None where they lie elsewhere.

        Of a log that `open` mapped from its files they count too, though the machine may have them on disk.
        """
        labelled = [each.codes for each in (self.activity, self.channel) if each is not None]
        arrays_held = [self.offsets, self.time, *labelled]
        used = [column.held for column in self.columns.values()]
        return sum(each.nbytes for each in arrays_held) + int(self.customers.nbytes) + sum(used)

    def __repr__(self) -> str:
        parts = [
            f"{len(self):,} events",
            f"{self.n_customers:,} customers",
            f"{len(self.activities):,} activities",
        ]
        if self.channel:
            parts.append(f"{len(self.channels):,} channels")
        if self.span:
            parts.append(f"{self.span[0]:%Y-%m-%d} to {self.span[1]:%Y-%m-%d}")
        lines = [f"EventLog({', '.join(parts)})"]
        if self.columns:
            lines.append(f"  properties: {', '.join(self.columns)}")
        lines += [f"  left out: {count:,} {reason}" for reason, count in self.skipped.items()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """For notebooks: what `repr` says, and how large it is, as a small table."""
        from parcours.engine.showing import as_html

        return as_html(self)

    def code_of(self, activity: str) -> int:
        """The code of an activity. Raises UnknownActivityError, which proposes a close one."""
        code = self._code_by_activity.get(activity)
        if code is None:
            raise UnknownActivityError(activity, self.activities)
        return code

    @cached_property
    def _code_by_activity(self) -> dict[str, int]:
        return {label: code for code, label in enumerate(self.activities)}

    def column(self, name: str) -> Column:
        """A property by name, “activity” and “channel” included. Raises UnknownColumnError."""
        if name in self.columns:
            return self.columns[name]
        if name == ACTIVITY:
            return Column.of_codes(self.activity.codes, self.activities)
        if name == CHANNEL and self.channel:
            return Column.of_codes(self.channel.codes, self.channels)
        known = [*self.columns, ACTIVITY, *([CHANNEL] if self.channel else [])]
        raise UnknownColumnError(name, known)

    def labels_at(self, positions: Int64s) -> Any:
        """The activities of the events at these positions, null where there is none: a dictionary array."""
        return coded(self.activity.codes[positions], self.activities)

    # Another log from this one

    def relabel(self, codes: Any, labels: Sequence[str]) -> "EventLog":
        """The same events with other activities: one code into `labels` for each event; all else is shared.

        An event with the highest code of the type (255, 65535; or -1 in a signed array) has no activity any
        more.
        """
        activity = arrays.labelled("activity", codes, labels)
        if len(activity.codes) != len(self):
            raise InvalidLogError(
                _("{codes} codes for {events} events.").format(codes=len(activity.codes), events=len(self))
            )
        return EventLog(
            customers=self._customers,
            offsets=self.offsets,
            time=self.time,
            activity=activity,
            channel=self._channel,
            columns=self.columns,
            skipped=self.skipped,
        )

    def where(
        self,
        condition: "str | Mask | None" = None,
        *,
        time: tuple[Moment | None, Moment | None] | None = None,
        customers: "Mask | Int64s | Sequence[int] | None" = None,
    ) -> "EventLog":
        """The log of the events for which everything given holds; customers without any left are gone too.

        condition   one truth an event, or a DuckDB SQL expression over customer, time, activity, channel and
                    the properties, such as "country = 'FR' and amount > 100"
        time        (from, to): events from the first moment to before the second; None leaves a side open
        customers   one truth a customer, or positions of customers; these customers' events stay

        Raises UnknownColumnError for an expression over a column that is not there, QuestionError for one
        that cannot be understood.
        """
        from parcours.engine.filters import where

        return where(self, condition, time=time, customers=customers)
