"""Whether another hrdesk works on the same data folder right now, and whose turn some work is.

The other may be the window beside a command. Every process holds a shared lock on one file for as long as it
lives; who can have it alone is alone. The system lets go of the lock when a process ends, however it ends.
Windows has no such lock: there a process takes itself to be alone.
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


class Turn:
    """The right to do some work for a data folder, which one process has at a time; a lock on `path`.

    Where the system has no such locks everybody has it at once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the turn and return whether it is ours now; it may be ours already."""
        if self._file is not None:
            return True
        try:
            import fcntl
        except ImportError:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        except OSError:  # the file system knows no locks
            pass
        self._file = file
        return True

    def give(self) -> None:
        """Leave the turn to others; also if it was not ours."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
