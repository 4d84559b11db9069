"""Sessions of people who are signed in: Django’s own, looked up in plain SQL. Every page does so, and putting
the question together took longer than answering it.
"""

from typing import Any, NamedTuple

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db import connection
from django.utils import timezone

_STANDS = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class _Kept(NamedTuple):
    session_data: str


class SessionStore(InDatabase):
    def _get_session_from_db(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(_STANDS, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return _Kept(*found)
