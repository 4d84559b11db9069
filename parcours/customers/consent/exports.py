"""The ledger of consents as a table: every word, or only the newest to each purpose."""

import csv
from collections.abc import Iterator
from typing import IO, Any

from django.db import connection, transaction

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.cells import harmless
from parcours.journal.writes import record

COLUMNS = (
    "customer", "user_id", "email", "purpose", "channel", "state", "at", "method", "source", "language",
    "words", "actor",
)  # fmt: skip

_LEDGER = """
SELECT {distinct} c.id,
  (SELECT value FROM customers_identity i WHERE i.customer_id = c.id AND i.kind = 'user_id'
    ORDER BY i.id LIMIT 1),
  c.email, l.purpose, l.channel, l.state, l.at, l.method, l.source, l.language,
  COALESCE(w.texts ->> NULLIF(l.language, ''), l.shown), l.actor_label
FROM customers_consent l
JOIN customers_customer m ON m.id = l.customer_id
JOIN customers_customer c ON c.id = COALESCE(m.merged_into_id, m.id)
LEFT JOIN customers_wording w ON w.id = l.wording_id
WHERE l.brand_id = %s
ORDER BY c.id, l.purpose, l.channel, l.at DESC, l.id DESC
"""


def do_export_consents(brand: Brand, file: IO[str], *, newest_only: bool, acting_user: Actor) -> int:
    """Writes the ledger as CSV; returns how many rows. Raises Forbidden."""
    acting_user.require("customers.import")
    out = csv.writer(file)
    out.writerow(COLUMNS)
    rows = 0
    for row in _rows(brand, newest_only=newest_only):
        out.writerow([harmless(_text(value)) for value in row])
        rows += 1
    with transaction.atomic():
        record(acting_user, "consents exported", "brand", brand.pk, {"rows": rows})
    return rows


def _rows(brand: Brand, *, newest_only: bool) -> Iterator[tuple[Any, ...]]:
    distinct = "DISTINCT ON (c.id, l.purpose, l.channel)" if newest_only else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DECLARE ledger CURSOR FOR " + _LEDGER.format(distinct=distinct), [brand.pk])
        while True:
            cursor.execute("FETCH 5000 FROM ledger")
            batch = cursor.fetchall()
            if not batch:
                cursor.execute("CLOSE ledger")
                return
            yield from batch


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
