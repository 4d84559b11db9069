"""The same rows asked for as Chatwoot asks (its search_service.rb and conversation_finder.rb): the words by
ILIKE, the newest first; pages of the list by OFFSET; a count for each view. Plain SQL, without HTTP or page.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.db import connection

_FOUND = """
    SELECT m.* FROM inbox_message m WHERE m.brand_id = %(brand)s AND m.text ILIKE %(like)s {since}
    ORDER BY m.created_at DESC LIMIT 15
"""
_SINCE = "AND m.created_at >= now() - interval '3 months'"
_PEOPLE = """
    SELECT c.* FROM inbox_conversation c JOIN inbox_contact p ON p.id = c.contact_id
    WHERE c.brand_id = %(brand)s
    AND (c.number::text ILIKE %(like)s OR p.name ILIKE %(like)s OR p.handle ILIKE %(like)s)
    ORDER BY c.created_at DESC LIMIT 15
"""
_PAGE = """
    SELECT c.*, p.*, a.* FROM inbox_conversation c
    JOIN inbox_contact p ON p.id = c.contact_id JOIN inbox_channelaccount a ON a.id = c.account_id
    WHERE c.brand_id = %(brand)s AND c.status = %(status)s
    ORDER BY c.last_message_at DESC LIMIT 25 OFFSET %(offset)s
"""
_COUNTS = tuple(
    f"SELECT count(*) FROM inbox_conversation WHERE brand_id = %(brand)s AND status = 'open' {which}"
    for which in ("", "AND assignee_id = %(me)s", "AND assignee_id IS NULL", "AND waiting_since IS NOT NULL")
)

QUERIES: Mapping[str, tuple[str, ...]] = {
    "words": (_FOUND.format(since=""),),
    "words of three months": (_FOUND.format(since=_SINCE),),
    "people": (_PEOPLE,),
    "page": (_PAGE,),
    "counts": _COUNTS,
}


def asked(which: str, given: Mapping[str, Any], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    took = []
    with connection.cursor() as cursor:
        for _round in range(rounds):
            began = time.perf_counter()
            for query in QUERIES[which]:
                cursor.execute(query, given)
                cursor.fetchall()
            took.append((time.perf_counter() - began) * 1000)
    return took
