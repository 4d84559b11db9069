"""The ledger of consents: what customers said to a purpose. The newest word counts, by (time, arrival).

Nothing said is `unknown`, and unknown is not a yes: no individual tracking of opens, no marketing.
A customer's ledger holds what was said by everybody who was merged into them.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.recent import Recent
from parcours.customers.privacy_enums import ConsentMethod, ConsentState
from parcours.customers.privacy_models import Consent
from parcours.customers.revision import raise_revision, revision_of

_STATEMENTS = frozenset({ConsentMethod.PAGE, ConsentMethod.ONE_CLICK, ConsentMethod.AGENT, ConsentMethod.API})
"""Methods by which a person speaks each time; the others repeat what they know with every message."""


class Said(NamedTuple):
    """What a customer said. `at` is when, by default now; `shown` are the words, when `wording_id` isn't one
    of the brand's own. Not `dated` is what a program says as it stands, whenever it was said.
    """

    customer_id: int
    purpose: str
    state: str
    channel: str = ""
    at: datetime | None = None
    wording_id: UUID | None = None
    shown: str = ""
    language: str = ""
    source: str = ""
    dated: bool = True


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A row of the ledger."""

    id: int
    purpose: str
    channel: str
    state: str
    state_label: str
    at: datetime
    method: str
    method_label: str
    source: str
    words: dict[str, str]
    language: str
    actor: str


def clean_purpose(name: str) -> str:
    """How a purpose's key is kept: `Marketing E-mail` → `marketing_e_mail`."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")[:40]


@transaction.atomic
def record_consents(brand: Brand, rows: Iterable[Said], *, method: str, acting_user: Actor) -> int:
    """Adds what was said to the ledger; returns how many rows are new.

    The same row again adds nothing. A tracking client, shop or import that repeats what the same source said
    last says nothing new either: it must not win over a customer who has changed their mind since. Nor does
    its yes without a date win over a no of the customer's own, unless it has said no itself since then.
    Raises BadInput for a state or purpose that can't be.
    """
    acting_user.require("consent.edit")
    said = [_checked(row) for row in rows]
    if not said:
        return 0
    if method not in ConsentMethod.values:
        raise BadInput(_("There is no method “{method}”.").format(method=method), where="method")
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(_SAYING)
        with cursor.copy("COPY saying FROM STDIN") as copy:
            for number, row in enumerate(said):
                at = min(row.at or moment, moment)
                copy.write_row((number, row.customer_id, row.purpose, row.channel, row.state, at, row.source,
                                row.wording_id, row.shown, row.language, row.dated and row.at is not None,
                                ))  # fmt: skip
        cursor.execute(
            _INSERT,
            {
                "brand": brand.pk,
                "now": moment,
                "method": method,
                "actor": acting_user.label[:160],
                "always": method in _STATEMENTS,
                "own": sorted(_STATEMENTS),
            },
        )
        added = int(cursor.rowcount)
        cursor.execute("DROP TABLE saying")
    if added:
        raise_revision(brand)
    return added


_SAYING = """
CREATE TEMP TABLE saying (n integer, customer_id bigint, purpose text, channel text, state text,
  at timestamptz, source text, wording_id uuid, shown text, language text, dated boolean) ON COMMIT DROP
"""
_INSERT = """
WITH said AS (
  SELECT *, lag(state) OVER (PARTITION BY customer_id, purpose, channel, source ORDER BY at, n) AS before
  FROM saying
)
INSERT INTO customers_consent (brand_id, customer_id, purpose, channel, state, at, received_at, method,
  source, wording_id, shown, language, actor_label)
SELECT %(brand)s, s.customer_id, s.purpose, s.channel, s.state, s.at, %(now)s, %(method)s, s.source,
  s.wording_id, s.shown, s.language, %(actor)s
FROM said s JOIN customers_customer c ON c.id = s.customer_id AND c.brand_id = %(brand)s
WHERE %(always)s OR (s.state IS DISTINCT FROM COALESCE(s.before, (
  SELECT l.state FROM customers_consent l
  WHERE l.customer_id = s.customer_id AND l.purpose = s.purpose AND l.channel = s.channel
    AND l.method = %(method)s AND l.source = s.source
  ORDER BY l.at DESC, l.id DESC LIMIT 1))
AND CASE WHEN s.state <> 'granted' OR s.dated THEN TRUE ELSE NOT EXISTS (
  SELECT FROM (
    SELECT l.state, l.at FROM customers_customer m
    JOIN customers_consent l ON l.customer_id = m.id AND l.purpose = s.purpose AND l.channel = s.channel
    WHERE (m.id = s.customer_id OR m.merged_into_id = s.customer_id) AND l.method = ANY(%(own)s)
    ORDER BY l.at DESC, l.id DESC LIMIT 1) own
  WHERE own.state = 'denied' AND own.at <= s.at AND NOT EXISTS (
    SELECT FROM customers_consent l
    WHERE l.customer_id = s.customer_id AND l.purpose = s.purpose AND l.channel = s.channel
      AND l.method = %(method)s AND l.source = s.source AND l.at >= own.at)) END)
ORDER BY s.n
ON CONFLICT (customer_id, purpose, channel, at, state) DO NOTHING
"""


def state(brand: Brand, customer_id: int, purpose: str, channel: str = "") -> str:
    """`granted`, `denied` or `unknown`."""
    return states(brand, [customer_id], purpose, channel)[customer_id]


def states(brand: Brand, customer_ids: Collection[int], purpose: str, channel: str = "") -> dict[int, str]:
    """The state of each customer, in one query."""
    ids = list(customer_ids)
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"brand": brand.pk, "purpose": purpose, "channel": channel, "ids": ids})
        found: dict[int, str] = dict(cursor.fetchall())
    return {each: found.get(each, ConsentState.UNKNOWN.value) for each in ids}


_STATES = """
SELECT DISTINCT ON (m.owner) m.owner, l.state
FROM (
  SELECT id AS owner, id FROM customers_customer
  WHERE id = ANY(%(ids)s::bigint[]) AND brand_id = %(brand)s
  UNION ALL
  SELECT merged_into_id, id FROM customers_customer
  WHERE merged_into_id = ANY(%(ids)s::bigint[]) AND brand_id = %(brand)s
) m
JOIN customers_consent l ON l.customer_id = m.id AND l.purpose = %(purpose)s AND l.channel = %(channel)s
ORDER BY m.owner, l.at DESC, l.id DESC
"""


def consents_of(brand: Brand, customer_id: int) -> list[ConsentView]:
    """A customer's whole ledger, the newest first."""
    rows = (
        Consent.objects.filter(Q(customer=customer_id) | Q(customer__merged_into=customer_id), brand=brand)
        .select_related("wording")
        .order_by("-at", "-id")
    )
    return [_view(row) for row in rows]


def current_consents(brand: Brand, customer_id: int) -> dict[tuple[str, str], ConsentView]:
    """The newest word to each (purpose, channel) that the customer ever spoke about."""
    newest: dict[tuple[str, str], ConsentView] = {}
    for row in consents_of(brand, customer_id):
        newest.setdefault((row.purpose, row.channel), row)
    return newest


def consent_sql(code: str) -> tuple[str, list[Any]]:
    """What somebody said to `marketing.email` as SQL of text over a row of `customers_customer`.

    Without a channel (`marketing`) it is `granted` when any channel is, else `denied` when any channel is.
    To be put where `id` names the customer: rows come as (customer_id, state).
    """
    purpose, _dot, channel = code.partition(".")
    one_channel = " AND l.channel = %s" if channel else ""
    sql = (
        "SELECT owner, max(state) FROM (SELECT DISTINCT ON (owner, l.channel)"  # noqa: S608 - fixed names
        " COALESCE(m.merged_into_id, m.id) AS owner, l.state FROM customers_consent l"
        " JOIN customers_customer m ON m.id = l.customer_id"
        f" WHERE l.purpose = %s{one_channel} ORDER BY owner, l.channel, l.at DESC, l.id DESC) newest"
        " WHERE state <> 'unknown' GROUP BY owner"
    )
    return sql, [purpose, *([channel] if channel else [])]


Counts = dict[tuple[str, str], dict[str, int]]
_counted: Recent[tuple[UUID, int], Counts] = Recent(32)


def counts(brand: Brand) -> Counts:
    """How many customers stand where, by (purpose, channel); those who never spoke aren't counted.

    A second for 150,000 rows of the ledger; kept until somebody says something new.
    """
    kept = kept_counts(brand)
    if kept is not None:
        return kept
    revision = revision_of(brand)
    found: Counts = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [brand.pk])
        for purpose, channel, said, customers in cursor.fetchall():
            found.setdefault((purpose, channel), {})[said] = customers
    return _counted.keep((brand.pk, revision), found)


def kept_counts(brand: Brand) -> Counts | None:
    """What was counted lately, when it still holds."""
    return _counted.get((brand.pk, revision_of(brand)))


_COUNTS = """
SELECT purpose, channel, state, count(*) FROM (
  SELECT DISTINCT ON (l.purpose, l.channel, owner)
    l.purpose, l.channel, COALESCE(m.merged_into_id, m.id) AS owner, l.state
  FROM customers_consent l JOIN customers_customer m ON m.id = l.customer_id
  WHERE l.brand_id = %s
  ORDER BY l.purpose, l.channel, owner, l.at DESC, l.id DESC) newest
GROUP BY purpose, channel, state
"""


def _checked(row: Said) -> Said:
    purpose, channel = clean_purpose(row.purpose), row.channel.strip().lower()
    if not purpose:
        raise BadInput(_("A consent needs a purpose."), where="purpose")
    if row.state not in ConsentState.values:
        raise BadInput(
            _("“{state}” is no state of a consent.").format(state=row.state),
            where=row.purpose,
            remedy=_("Write one of: {known}.").format(known=", ".join(ConsentState.values)),
        )
    return row._replace(
        purpose=purpose,
        channel=_text(channel, 16),
        shown=_text(row.shown, 2_000),
        language=_text(row.language, 16),
        source=_text(row.source, 80),
    )


def _text(text: str, most: int) -> str:
    # PostgreSQL's text can't hold the character NUL.
    return text.replace("\0", "")[:most]


def _view(row: Consent) -> ConsentView:
    words = row.wording.texts if row.wording else {row.language or "": row.shown} if row.shown else {}
    return ConsentView(
        id=row.pk,
        purpose=row.purpose,
        channel=row.channel,
        state=row.state,
        state_label=str(row.get_state_display()),
        at=row.at,
        method=row.method,
        method_label=str(row.get_method_display()),
        source=row.source,
        words=words,
        language=row.language,
        actor=row.actor_label,
    )
