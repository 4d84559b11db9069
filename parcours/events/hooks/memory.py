"""What the shop's objects were when they were last told of, in the database."""

from datetime import datetime
from typing import Any

from django.db import connection

from parcours.events.hooks.models import HookAccount, ShopObject
from parcours.events.hooks.telling import Who, person


class StoredMemory:
    """The memory of one connection. Of two deliveries about the same object, one waits for the other."""

    def __init__(self, account: HookAccount) -> None:
        self._account = account

    def recall(self, key: str) -> dict[str, Any] | None:
        found = self._locked(key)
        return found.state if found else None

    def keep(self, key: str, version: datetime, state: dict[str, Any], who: Who) -> bool:
        """False when what is kept already is as new, or newer."""
        kept = self._locked(key)
        if kept is not None and kept.version >= version:
            return False
        named = {"user_id": who.user_id, **who.contacts}
        people = [person(kind, value) for kind, value in named.items() if value]
        people += [person("anonymous_id", visitor) for visitor in who.visitors]
        ShopObject.objects.update_or_create(
            account=self._account,
            key=key[:200],
            defaults={"version": version, "state": state, "people": people},
        )
        return True

    def _locked(self, key: str) -> ShopObject | None:
        """What is kept, for nobody else until the transaction ends; also when nothing is kept yet."""
        with connection.cursor() as cursor:
            lock = f"{self._account.pk} {key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
        return ShopObject.objects.filter(account=self._account, key=key[:200]).first()
