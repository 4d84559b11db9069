"""Write keys, looked up once and remembered for a while."""

from time import monotonic

from parcours.accounts.reads import digest_of
from parcours.api.ingest.store import KnownSource, Store

KNOWN_SECONDS = 60.0
UNKNOWN_SECONDS = 5.0
MOST = 10_000


class WriteKeys:
    """Remembering a key that was removed does no harm: storing looks whether its source is still there."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, tuple[float, KnownSource | None]] = {}

    async def source_of(self, key: str) -> KnownSource | None:
        """The source that the key opens. Raises NotStoredError when the database can't be asked."""
        digest = digest_of(key)
        until, source = self._found.get(digest, (0.0, None))
        if until > monotonic():
            return source
        source = await self._store.source_of(digest)
        if len(self._found) >= MOST:
            self._found.clear()
        self._found[digest] = (monotonic() + (KNOWN_SECONDS if source else UNKNOWN_SECONDS), source)
        return source

    async def still_opens(self, key: str) -> bool:
        """Asks again: nothing of what was sent with this key was stored."""
        self._found.pop(digest_of(key), None)
        return await self.source_of(key) is not None
