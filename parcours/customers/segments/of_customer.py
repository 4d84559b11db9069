"""The segments that one customer belongs to, as far as the profile decides it."""

from django.db import connection

from parcours.accounts.models import Brand
from parcours.customers.reads import SegmentView, segments
from parcours.customers.segments.members import asks_the_lake
from parcours.customers.segments.rules import condition_sql


def segments_of(brand: Brand, customer_id: int) -> tuple[SegmentView, ...]:
    """The brand's own segments, asked in one query. Those whose rule asks what customers did are left out:
    finding one customer there costs as much as finding everybody.
    """
    asked = [each for each in segments(brand) if not each.builtin and not asks_the_lake(each.rule)]
    if not asked:
        return ()
    rules = [condition_sql(each.rule) for each in asked]
    columns = ", ".join(f"coalesce(({sql}), false)" for sql, _parameters in rules)
    parameters = [value for _sql, values in rules for value in values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM customers_customer WHERE brand_id = %s AND id = %s",  # noqa: S608 - fixed names and placeholders
            [*parameters, brand.pk, customer_id],
        )
        row = cursor.fetchone()
    return tuple(each for each, belongs in zip(asked, row or (), strict=False) if belongs)
