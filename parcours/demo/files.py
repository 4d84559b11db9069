"""The year as files that a real shop would hand over: profiles, messages of its site, the service's log.

`python -m parcours.demo.files FOLDER` writes them, to try an import by hand.
"""

import csv
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from parcours.demo.arrays import Ints
from parcours.demo.log import SERVICE, SHOP, Block
from parcours.demo.simulation import Simulation, simulate

CUSTOMERS, EVENTS, SERVICE_LOG = "customers.csv", "shop.jsonl", "service.csv"

_NEVER = np.iinfo(np.int64).max
_SIGNS_IN = ("Product Viewed", "Checkout Step Completed", "Order Completed")
_NAMED = ("Checkout Step Completed", "Order Completed", "Email Sent", "Email Clicked", "Playbook Entered")


@dataclass(frozen=True, slots=True)
class Files:
    """Where the three files are."""

    customers: Path
    events: Path
    service: Path


def write_files(told: Simulation, folder: Path) -> Files:
    """Writes all three, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = Files(folder / CUSTOMERS, folder / EVENTS, folder / SERVICE_LOG)
    named = named_since(told)
    for path, lines in (
        (files.customers, _customers(told, named)),
        (files.events, _messages(told, named)),
        (files.service, _service_log(told)),
    ):
        part = path.with_suffix(".part")
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        part.replace(path)
    return files


def named_since(told: Simulation) -> Ints:
    """The second from which the shop knows who each customer is; never, for a visitor without a name."""
    log, people = told.log, told.people
    since = np.full(len(people), _NEVER)
    names = log.name.astype(str)
    service = np.isin(names, _NAMED) | np.isin(names, list(_names_of(told, SERVICE)))
    np.minimum.at(since, log.customer[service], log.time[service])
    with_account = people.has_account[log.customer]
    signs_in = with_account & np.isin(names, _SIGNS_IN)
    np.minimum.at(since, log.customer[signs_in], log.time[signs_in])
    # Whoever has an account and only looked around signed up for the newsletter.
    first = np.full(len(people), _NEVER)
    np.minimum.at(first, log.customer[with_account], log.time[with_account] + 90)
    since = np.where(people.has_account & (since == _NEVER), first, since)
    since[people.regular] = told.calendar.start
    return since


def _names_of(told: Simulation, source: str) -> set[str]:
    return {block.name for block in told.log.blocks if block.source == source}


def _customers(told: Simulation, named: Ints) -> Iterator[str]:
    people = told.people
    yield "user_id,email,name,birth_year,country,language,phone,region,newsletter\n"
    rows = csv.writer(_Line())
    columns = (people.first_name, people.last_name, people.country, people.language, people.region)
    ids, mark = people.user_ids, len(people) - 1
    seen = np.zeros(len(people), dtype=bool)
    seen[told.log.customer] = True
    for number in np.flatnonzero(seen & (named < _NEVER)).tolist():
        first, last, country, language, region = (column[number] for column in columns)
        yield rows.writerow(
            (
                ids[number],
                f"{_plain(first)}.{_plain(last)}{number if number != mark else ''}@example.org",
                f"{first} {last}",
                # Not everybody says when they were born.
                "" if number % 14 == 5 else int(people.birth_year[number]),
                country,
                language,
                # 06 39 98 … is a range of numbers that nobody has.
                f"+3363998{number // 3:04d}" if number % 3 == 0 and number < 30_000 else "",
                region,
                "yes" if people.opted_in[number] else "no",
            )
        )


def _messages(told: Simulation, named: Ints) -> Iterator[str]:
    """What the tracking script of the site sends: anonymous at first, with a name as soon as there is one.

    The messages that say who a visitor is stand first, as in an export by type.
    """
    ids, anonymous, since = told.people.user_ids, told.people.anonymous_ids, named.tolist()
    day = told.calendar.today.isoformat()
    encode = msgspec.json.Encoder().encode
    for customer in np.flatnonzero(named < _NEVER).tolist():
        greeting = {
            "type": "identify",
            "messageId": f"foulee-{day}-i{customer}",
            "timestamp": _iso(since[customer]),
        }
        yield (
            encode(
                greeting | {"anonymousId": anonymous[customer], "userId": ids[customer], "traits": {}}
            ).decode()
            + "\n"
        )
    for number, (time, customer, name, channel, properties) in enumerate(_rows(told, SHOP)):
        who: dict[str, Any] = {"anonymousId": anonymous[customer]}
        moment = _iso(time)
        if time >= since[customer]:
            who["userId"] = ids[customer]
        said: dict[str, Any] = {"type": "track", "event": name}
        if name == "Page Viewed":
            said = {"type": "page", "name": properties.pop("page")}
        said |= {"messageId": f"foulee-{day}-{number}", "timestamp": moment, "channel": channel}
        yield encode(said | who | {"properties": properties}).decode() + "\n"


def _service_log(told: Simulation) -> Iterator[str]:
    ids = told.people.user_ids
    keys = sorted({key for block in told.log.blocks if block.source == SERVICE for key in block.properties})
    rows = csv.writer(_Line())
    yield rows.writerow(("user_id", "time", "event", "channel", *keys))
    for time, customer, name, channel, properties in _rows(told, SERVICE):
        values = (_cell(properties.get(key)) for key in keys)
        yield rows.writerow((ids[customer], _iso(time), name, channel, *values))


def _rows(told: Simulation, source: str) -> Iterator[tuple[int, int, str, str, dict[str, Any]]]:
    """Time, customer, name, channel and properties of the events of one source, in order of time."""
    blocks = [block for block in told.log.blocks if block.source == source]
    rows = [row for block in blocks for row in _rows_of(block)]
    times = np.concatenate([block.time for block in blocks])
    for position in np.argsort(times, kind="stable").tolist():
        yield rows[position]


def _rows_of(block: Block) -> Iterator[tuple[int, int, str, str, dict[str, Any]]]:
    columns = zip(
        block.time.tolist(), block.customer.tolist(), block.channel.tolist(), block.rows(), strict=True
    )
    for time, customer, channel, properties in columns:
        yield time, customer, block.name, channel, properties


class _Line:
    """A file for csv.writer that hands back the line, so that lines can be streamed."""

    def write(self, line: str) -> str:
        return line


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(name: str) -> str:
    """Small letters without accents, for an address."""
    bare = unicodedata.normalize("NFKD", name.lower())
    return "".join(character for character in bare if character.isascii() and character.isalpha())


if __name__ == "__main__":
    written = write_files(simulate(date.today()), Path(sys.argv[1]))  # noqa: DTZ011 - the shop's own day
    print(written.customers, written.events, written.service, sep="\n")  # noqa: T201
