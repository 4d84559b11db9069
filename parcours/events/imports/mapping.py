"""Which column means what: as somebody said, or as the columns' names suggest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.core.text import quoted
from parcours.customers.profiles import profile_field
from parcours.events.imports.rows import RowSource

CUSTOMER, TIME, ACTIVITY, CHANNEL, ID = "customer", "time", "activity", "channel", "id"
ORDER, QUANTITY, PRICE, AMOUNT = "order", "quantity", "price", "amount"

_USUAL_NAMES = {
    CUSTOMER: (
        "customer", "customerid", "customernumber", "customerkey", "userid", "user", "clientid",
        "client", "memberid", "personid", "contactid", "accountid", "distinctid", "visitorid",
        "anonymousid", "householdid", "householdkey", "caseconceptname", "caseid", "case", "idclient",
        "numeroclient", "email",
    ),
    TIME: (
        "time", "timestamp", "timetimestamp", "eventtime", "eventtimestamp", "datetime", "occurredat",
        "happenedat", "completetimestamp", "ts", "date", "eventdate", "createdat", "invoicedate",
        "orderdate", "purchasedate", "transactiontimestamp", "transactiondate", "horodatage",
        "dateheure", "starttimestamp",
    ),
    ACTIVITY: (
        "activity", "event", "eventname", "activityname", "conceptname", "action", "eventtype", "name",
        "activite", "evenement", "task", "step",
    ),
    ID: ("id",),
    CHANNEL: ("channel", "channelname", "canal"),
    ORDER: (
        "order", "orderid", "ordernumber", "orderno", "invoice", "invoiceid", "invoiceno",
        "invoicenumber", "basketid", "transactionid", "receiptid", "commande", "numerocommande",
        "facture",
    ),
    QUANTITY: ("quantity", "qty", "units", "quantite"),
    PRICE: ("price", "unitprice", "itemprice", "prix", "prixunitaire"),
    AMOUNT: ("amount", "linetotal", "salesvalue", "total", "totalprice", "revenue", "montant"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What somebody said about a file; what is empty is guessed from the columns' names.

    Columns: `customer`, `time`, `activity`, `channel`, and `id` for a column that identifies an event.
    `event` is the name of every event when no column says it. `timezone` says where times without a zone were
    written, `time_format` how they are written (`%d/%m/%Y %H:%M`). `traits` sends columns to the customer's
    profile (field → column).

    With `orders` a row is a line of an order: `order` (its number), and `quantity` and `price` (or `amount`)
    columns; an order becomes one event. Numbers that begin with `cancelled_prefix`, and orders with a
    negative total, are cancelled.
    """

    customer: str = ""
    time: str = ""
    activity: str = ""
    channel: str = ""
    id: str = ""
    event: str = ""
    timezone: str | None = None
    time_format: str | None = None
    traits: Mapping[str, str] = field(default_factory=dict)
    orders: bool = False
    order: str = ""
    quantity: str = ""
    price: str = ""
    amount: str = ""
    cancelled_prefix: str = ""

    def as_json(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: dict(value) if name == "traits" else value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ColumnMapping":
        return cls(**{name: value for name, value in values.items() if name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Roles:
    """The columns of one file that mean something. `columns` is empty for messages: their fields say it."""

    columns: dict[str, str]
    traits: dict[str, str]
    guessed: dict[str, str]
    """The part of `columns` (and of `traits`) that nobody named."""


def find_roles(source: RowSource, mapping: ColumnMapping) -> Roles:
    """Raises BadInput that names the columns there are when one is missing."""
    named = {role: str(getattr(mapping, role)) for role in _USUAL_NAMES if getattr(mapping, role)}
    for role, column in named.items():
        _require(column, role, source)
    for column in mapping.traits.values():
        _require(column, "trait", source)
    if getattr(source, "messages", False) and not named:
        return Roles({}, {}, {})
    guessed = _guess(source, mapping, named)
    traits = dict(mapping.traits)
    if mapping.orders:
        known = _known_traits(source.columns, {*named.values(), *guessed.values(), *traits.values()})
        guessed |= {f"profile: {name}": column for name, column in known.items() if name not in traits}
        traits = known | traits
    columns = named | {role: column for role, column in guessed.items() if role in _USUAL_NAMES}
    return Roles(columns, traits, guessed)


def find_customer(source: RowSource, mapping: ColumnMapping) -> str:
    """The column of the customer alone. Raises BadInput as `find_roles`."""
    if mapping.customer:
        _require(mapping.customer, CUSTOMER, source)
        return mapping.customer
    column = usual_column(CUSTOMER, source.columns, set()) or usual_column(ID, source.columns, set())
    if column is None:
        raise _missing(CUSTOMER, source)
    return column


def _guess(source: RowSource, mapping: ColumnMapping, named: Mapping[str, str]) -> dict[str, str]:
    wanted = [CUSTOMER, TIME]
    if mapping.orders:
        wanted += [ORDER]
        if not named.keys() & {QUANTITY, PRICE, AMOUNT}:
            wanted += _amount_roles(source.columns)
        elif AMOUNT not in named:
            wanted += [QUANTITY, PRICE]
    elif not mapping.event:
        wanted += [ACTIVITY]
    guessed: dict[str, str] = {}
    for role in wanted:
        if role in named:
            continue
        column = usual_column(role, source.columns, {*named.values(), *guessed.values()})
        if column is None:
            raise _missing(role, source)
        guessed[role] = column
    if CHANNEL not in named:
        column = usual_column(CHANNEL, source.columns, {*named.values(), *guessed.values()})
        guessed |= {CHANNEL: column} if column else {}
    return guessed


def _amount_roles(columns: list[str]) -> list[str]:
    """Quantity and price when there are both, else the amount of the line."""
    both = all(usual_column(role, columns, set()) for role in (QUANTITY, PRICE))
    amount = usual_column(AMOUNT, columns, set())
    return [AMOUNT] if amount and not both else [QUANTITY, PRICE]


def usual_column(role: str, columns: list[str], taken: set[str]) -> str | None:
    """The column whose name usually means this role, the more usual name first."""
    by_name: dict[str, str] = {}
    for column in columns:
        if column not in taken:
            by_name.setdefault(_plain(column), column)
    for usual in _USUAL_NAMES.get(role, ()):
        if usual in by_name:
            return by_name[usual]
    if role == TIME:
        like = [column for name, column in by_name.items() if name.endswith(("timestamp", "date", "time"))]
        return like[0] if len(like) == 1 else None
    return None


def _known_traits(columns: list[str], taken: set[str]) -> dict[str, str]:
    """Columns that only a customer can have; a name may be a product's."""
    found: dict[str, str] = {}
    for column in columns:
        known = profile_field(column)
        if known and known != "name" and column not in taken:
            found.setdefault(known, column)
    return found


def _require(column: str, role: str, source: RowSource) -> None:
    if column in source.columns:
        return
    listed = ", ".join(quoted(name) for name in source.columns[:40])
    close = _closest(column, source.columns)
    raise BadInput(
        _("The file has no column “{column}”.").format(column=column),
        where=role,
        remedy=(_("Did you mean “{close}”?").format(close=close) + " " if close else "")
        + _("Its columns are: {listed}.").format(listed=listed),
    )


def _missing(role: str, source: RowSource) -> BadInput:
    listed = ", ".join(quoted(name) for name in source.columns[:40])
    what: dict[str, Callable[[], str]] = {
        CUSTOMER: lambda: _("No column looks like the customer."),
        TIME: lambda: _("No column looks like the time."),
        ACTIVITY: lambda: _("No column looks like the activity."),
        ORDER: lambda: _("No column looks like the order's number."),
        QUANTITY: lambda: _("No column looks like the quantity."),
        PRICE: lambda: _("No column looks like the price."),
    }
    remedy = _("Name the column. There are: {listed}.").format(listed=listed)
    if role == ACTIVITY:
        remedy += " " + _("When all rows are the same event, give the event’s name.")
        if usual_column(ORDER, source.columns, set()):
            remedy += " " + _("When rows are lines of orders, say that they are orders.")
    return BadInput(what[role](), where=role, remedy=remedy)


def _closest(name: str, columns: list[str]) -> str | None:
    by_name = {column.casefold(): column for column in columns}
    found = get_close_matches(name.casefold(), by_name, n=1, cutoff=0.5)
    return by_name[found[0]] if found else None


def _plain(name: str) -> str:
    """Small letters and digits only, accents off: “Customer ID” and “customer_id” are the same name."""
    import unicodedata

    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in bare if character.isascii() and character.isalnum())
