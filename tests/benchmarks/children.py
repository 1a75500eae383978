"""Watches the child processes of a measurement: how much memory each took at most, and which are left over.

Linux only: what the kernel says about processes is read from /proc.
"""

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

EVERY_SECONDS = 0.05


class ChildWatch:
    """Looks at all processes below this one, twenty times a second, in a thread of its own."""

    def __init__(self) -> None:
        self.peaks: dict[tuple[int, str], int] = {}
        """(process id, what it does) -> the most bytes it had in memory."""
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, name="child watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def largest_of_all(self) -> dict[str, int]:
        """Return for each kind of child the most bytes that one of them had in memory."""
        largest: dict[str, int] = {}
        for (_, what), most in self.peaks.items():
            largest[what] = max(most, largest.get(what, 0))
        return largest

    def _look(self) -> None:
        while not self._end.wait(EVERY_SECONDS):
            for process in descendants():
                most = _peak(process)
                what = _command(process)
                if most and what:
                    self.peaks[process, what] = max(most, self.peaks.get((process, what), 0))


def descendants(root: int | None = None) -> list[int]:
    """Return the ids of all running processes below `root` (this process)."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        parent = _parent(int(entry.name)) if entry.name.isdecimal() else None
        if parent is not None:
            parents.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [root or os.getpid()]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found.extend(below)
        waiting.extend(below)
    return found


def _parent(process: int) -> int | None:
    """Return the parent of a running process; zombies do not count, they only wait to be asked."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[1])


def _peak(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    sizes = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(sizes[0]) * 1024 if sizes else 0


def _command(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    handler = words[words.index("--child") + 1] if "--child" in words[:-1] else ""
    return handler or words[0].rpartition("/")[2]
