"""One import from beginning to end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.text import quoted
from parcours.customers.reads import merges_not_in_lake
from parcours.customers.writes import note_merges_in_lake
from parcours.events.arrow import pa, pc
from parcours.events.catalogue import EVENTS
from parcours.events.imports.kept_away import KeptAway
from parcours.events.imports.mapping import ColumnMapping, find_roles
from parcours.events.imports.opening import open_rows
from parcours.events.imports.orders import OrderLines
from parcours.events.imports.people import Directory
from parcours.events.imports.rejects import RejectsFile
from parcours.events.imports.rows import Rows, RowSource
from parcours.events.imports.shaping import Shaped, Shaper
from parcours.events.imports.times import MixedZonesError, TimeReader
from parcours.events.lake import Lake
from parcours.events.lake.layout import BUCKETS, staged_schema
from parcours.events.lake.manifest import take_seq
from parcours.events.lake.staging import Staging
from parcours.events.memory import give_back_memory

Tell = Callable[[str, int, int], None]
"""Told of progress: phase (`reading`, `storing`), done, total (0 when it isn't known)."""


CHUNKS_BETWEEN_RETURNS = 16


class Run:
    """The state of one import while its lake is held."""

    def __init__(
        self,
        brand: Brand,
        path: Path,
        *,
        mapping: ColumnMapping,
        source_name: str,
        rejects: RejectsFile,
        tell: Tell,
    ) -> None:
        self.brand = brand
        self.mapping = mapping
        self.rejects = rejects
        self._source_name = source_name
        self._tell = tell
        self._path = path
        self._lake = Lake(brand.pk)
        self._directory = Directory(brand)
        self._database = duckdb.connect(config={"threads": "1"})
        self.read = self.profiles = self.combined = 0
        self.notices: list[str] = []
        self._staging: Staging
        self._seq = 0

    def prepare(self, format_name: str | None) -> RowSource:
        """Opens the file and settles what its columns mean. Raises BadInput; nothing was touched then."""
        self._rows = open_rows(self._path, format_name)
        self._roles = find_roles(self._rows, self.mapping)
        self._times = TimeReader(self.mapping.timezone, self.mapping.time_format)
        return self._rows

    def execute(self, finish: Callable[[int, int], None]) -> tuple[int, int, int]:
        """Stages the rows and puts them in effect; `finish(stored, already there)` writes into the same
        transaction.

        Returns stored, already there and the generation. The caller holds the lake.
        """
        with self._lake.staging() as staging:
            self._staging = staging
            try:
                self._stage()
            except MixedZonesError:
                self._start_over()
                self._stage()
            self.rejects.close()
            if not self.read:
                raise BadInput(_("The file has no rows; nothing was stored."), where=str(self._path))
            self._note_guesses()
            self._directory.forget()
            give_back_memory()
            return self._put_in_effect(staging, finish)

    def _start_over(self) -> None:
        """Reads the file again, now knowing that times without a zone mean nothing in it."""
        self._staging.restart()
        self.rejects.start_over()
        self.read = self.profiles = self.combined = 0
        self._times = TimeReader(self.mapping.timezone, self.mapping.time_format, mixed=True)

    def _stage(self) -> None:
        self._seq = take_seq(self.brand.pk)
        self._kept_away = KeptAway(self.brand)
        shaper = Shaper(self._times, self.mapping.event, self._kept_away)
        lines = (
            OrderLines(self._staging.folder / "orders", self.mapping.cancelled_prefix)
            if self.mapping.orders
            else None
        )
        for number, rows in enumerate(self._rows.chunks(self._roles.columns, self._roles.traits)):
            self._take(rows, shaper, lines)
            if number % CHUNKS_BETWEEN_RETURNS == 0:
                give_back_memory()
            self._tell("reading", *self._rows.progress())
        if lines is not None:
            for shaped in lines.shaped():
                self._add(shaped, *self._directory.owners(shaped))
            self.combined = lines.lines - lines.orders
        self._times.finish()

    def _take(self, rows: Rows, shaper: Shaper, lines: OrderLines | None) -> None:
        self.read += rows.read
        self.rejects.add(rows.rejects)
        if rows.people is not None:
            self.profiles += rows.people.messages
            self._directory.note_people(self._kept_away.people(rows.people))
        if not len(rows.lines):
            return
        shaped = shaper.shape(rows)
        self.rejects.add(shaped.rejects)
        if not len(shaped.good):
            return
        if lines is not None:
            self.rejects.add(lines.add(rows, shaped))
        customers, homes = self._directory.owners(shaped)
        self._directory.note_traits(rows, shaped, customers)
        if lines is None:
            self._add(shaped, customers, homes)

    def _add(self, shaped: Shaped, customers: Any, homes: Any) -> None:
        """Sends events on their way into the lake."""
        count = len(customers)
        received = pa.scalar(now(), pa.timestamp("us", "UTC"))
        content, explicit = self._contents(shaped)
        table = pa.Table.from_arrays(
            [
                pa.array(customers),
                pa.array(shaped.time).cast(pa.timestamp("us", "UTC")),
                pa.array(np.arange(self._seq, self._seq + count)),
                content,
                explicit,
                shaped.names,
                with_usual_channels(shaped.names, shaped.channels),
                pa.repeat(pa.scalar(self._source_name), count),
                pa.repeat(received, count),
                shaped.properties,
                pa.array(homes),
            ],
            schema=staged_schema(),
        )
        self._seq += count
        self._staging.rows.add(table)

    def _contents(self, shaped: Shaped) -> tuple[Any, Any]:
        """A hash of what makes each event itself: its id where the sender gave one, else everything it says.

        The customer counts as the file names him, so that a later merge changes nothing about what is known.
        """
        table = pa.table(
            {
                "id": shaped.ids,
                "kind": shaped.kinds,
                "key": shaped.keys,
                "time": shaped.time,
                "name": shaped.names,
                "channel": shaped.channels,
                "properties": shaped.properties,
            }
        )
        self._database.register("events", table)
        hashed = self._database.sql(
            "SELECT unhex(md5(CASE WHEN id IS NOT NULL THEN concat_ws(chr(31), 'id', ?, id)"
            " ELSE concat_ws(chr(31), kind, key, time, name, coalesce(channel, ''), properties) END))"
            " AS content,"
            " id IS NOT NULL AS explicit FROM events",
            params=[self._source_name],
        ).to_arrow_table()
        return hashed["content"].combine_chunks().cast(pa.binary(16)), hashed["explicit"].combine_chunks()

    def _note_guesses(self) -> None:
        guessed = self._roles.guessed
        if guessed:
            listed = ", ".join(f"{role} = {quoted(column)}" for role, column in guessed.items())
            self.notices.append(_("Guessed from the names of the columns: {listed}.").format(listed=listed))
        self.notices += [*self._rows.notices, *self._times.notices]
        if left_out := self._kept_away.left_out:
            self.notices.append(
                ngettext(
                    "{n} row is about somebody who was erased; it was left out.",
                    "{n} rows are about people who were erased; they were left out.",
                    left_out,
                ).format(n=left_out)
            )

    def _put_in_effect(self, staging: Staging, finish: Callable[[int, int], None]) -> tuple[int, int, int]:
        moves = merges_not_in_lake(self.brand)

        def beside(stored: int, already_there: int) -> None:
            note_merges_in_lake(self.brand, moves)
            self._kept_away.note()
            finish(stored, already_there)

        appended = self._lake.take_in(
            staging,
            next_seq=self._seq,
            moves=moves,
            beside=beside,
            progress=lambda bucket: self._tell("storing", bucket, BUCKETS),
        )
        return appended.stored, appended.already_there, appended.generation


def with_usual_channels(names: Any, channels: Any) -> Any:
    """The channels, and where an event names none the one in which such an event usually happens."""
    if not channels.null_count:
        return channels
    encoded = names.dictionary_encode()
    known = [EVENTS[name].channel if name in EVENTS else "" for name in encoded.dictionary.to_pylist()]
    usual = pa.array([channel or None for channel in known], pa.string())
    return pc.coalesce(channels, usual.take(encoded.indices))


def warm_up(brand: Brand) -> None:
    """Builds the index of the new generation, so that the first page after an import needn't."""
    Lake(brand.pk).index()
