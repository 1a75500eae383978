"""Whether another hrdesk works on the same data folder right now, such as the window beside a command.

Every process holds a shared lock on one file for as long as it lives; who can have it alone is alone. The
system lets go of the lock when a process ends, however it ends. Windows has no such lock: there a process
takes itself to be alone.
"""

import contextlib
import os
from pathlib import Path


class Presence:
    """This process's share of the lock file at `path`."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._lock(alone=False)

    def is_alone(self) -> bool:
        """Whether no other process has the data folder open."""
        alone = self._lock(alone=True)
        self._lock(alone=False)  # a lock that could not be widened is lost, so it is always taken anew
        return alone

    def close(self) -> None:
        """Let go of the lock."""
        with contextlib.suppress(OSError):  # closed before
            os.close(self._file)

    def _lock(self, *, alone: bool) -> bool:
        try:
            import fcntl
        except ImportError:
            return True
        try:
            fcntl.flock(self._file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError:  # somebody else is there, or the file system knows no locks
            return False
        return True
