"""Locks that the kernel releases when their holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FolderLock:
    """An advisory lock (flock) on a small file that is never deleted.

    The file's text is for people: whoever holds the lock may write there who it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def share(self) -> None:
        """Holds the lock together with others; waits for an exclusive holder to let go."""
        fcntl.flock(self._open(), fcntl.LOCK_SH)

    def hold(self) -> None:
        """Holds the lock alone; waits for everybody else to let go."""
        fcntl.flock(self._open(), fcntl.LOCK_EX)

    def try_to_hold(self) -> bool:
        """Holds the lock alone if nobody else has it; a share held before is then turned into it.

        When others hold it too the share may be lost: only somebody about to let go asks this.
        """
        descriptor = self._open()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def let_go(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, text: str) -> None:
        """Replaces the file's text."""
        descriptor = self._open()
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)

    def read(self) -> str:
        """The text that the last holder wrote; empty when there is none."""
        try:
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return ""

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()

    def _open(self) -> int:
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if os.geteuid() == 0:
                owner = (
                    self.path.parent.stat()
                )  # made by root in somebody's folder, it must not shut them out
                os.fchown(self._descriptor, owner.st_uid, owner.st_gid)
        return self._descriptor
