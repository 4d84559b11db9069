"""Who belongs to a segment: profiles in the database, what customers did in the lake, which stands a floor
above and answers through `core.registry`.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.conditions import Condition
from parcours.core.errors import ParcoursError
from parcours.core.happened import Happened
from parcours.core.registry import customers_who
from parcours.core.rules import Rule
from parcours.customers.segments.rules import MOMENTS, condition_sql

Ids = npt.NDArray[np.int64]
Asked = Happened | Condition
_ROW = np.dtype([("columns", ">i2"), ("length", ">i4"), ("id", ">i8")])
_HEADER, _TRAILER = 19, 2
"""Bytes around the rows of a binary COPY."""


def asks_the_lake(rule: Rule) -> bool:
    """Whether the rule asks what customers did, not only what is known about them."""
    return bool(rule.happened) or any(condition.field in MOMENTS for condition in rule.conditions)


def members_of(brand: Brand, rule: Rule) -> Ids:
    """The ids of a rule's customers, sorted."""
    members: Ids | None = None
    outside: list[Ids] = []
    for asked, holds in _asked(rule):
        found = _who(brand, asked)
        if not holds:
            outside.append(found)
        else:
            members = found if members is None else np.intersect1d(members, found, assume_unique=True)
    if members is None or _asks_profiles(rule):
        known = _by_profile(brand, rule)
        members = known if members is None else np.intersect1d(members, known, assume_unique=True)
    for each in outside:
        members = np.setdiff1d(members, each, assume_unique=True)
    return members


def members_among(brand: Brand, rule: Rule, customers: list[int]) -> Ids:
    """Which of these customers a rule means, sorted. Only they are read, unless it asks the lake."""
    if asks_the_lake(rule):
        return np.intersect1d(members_of(brand, rule), np.array(customers, np.int64))
    return _by_profile(brand, rule, customers) if customers else np.empty(0, np.int64)


def _asked(rule: Rule) -> Iterator[tuple[Asked, bool]]:
    """What to ask the lake, and whether it shall be so. A condition that is true of those without any event
    is asked the other way round.
    """
    for condition in rule.conditions:
        if condition.field in MOMENTS:
            yield condition, True
    for happened in rule.happened:
        if happened.op == "at_most" or (happened.op == "exactly" and not happened.times):
            yield replace(happened, op="at_least", times=happened.times + 1), False
        else:
            yield happened, True


def _asks_profiles(rule: Rule) -> bool:
    return any(condition.field not in MOMENTS for condition in rule.conditions)


def _who(brand: Brand, asked: Asked) -> Ids:
    handler = next(iter(customers_who.all().values()), None)
    if handler is None:
        raise ParcoursError(_("Nobody here knows what customers did."))
    found: Ids = handler(brand, asked)
    return found


def _by_profile(brand: Brand, rule: Rule, among: list[int] | None = None) -> Ids:
    sql, parameters = condition_sql(rule)
    if among is not None:
        sql, parameters = f"({sql}) AND id = ANY(%s)", [*parameters, among]
    with connection.cursor() as cursor:
        copying = cursor.cursor.copy(  # Django's own cursor takes no parameters here when it keeps statements
            "COPY (SELECT id FROM customers_customer"  # noqa: S608 - fixed names and placeholders
            f" WHERE brand_id = %s AND merged_into_id IS NULL AND ({sql}) ORDER BY id)"
            " TO STDOUT (FORMAT BINARY)",
            [brand.pk, *parameters],
        )
        with copying as copy:
            data = b"".join(bytes(block) for block in copy)
    rows = np.frombuffer(data[_HEADER : len(data) - _TRAILER], _ROW)
    return rows["id"].astype(np.int64)
