"""How far an import is and how long it will take: pure, no widgets.

The estimate goes by bytes, because files differ: what was read in the last minute tells how fast the rest
will be read. Where pages are recognised, that file's own pages tell. Nothing is said before that means
something.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hrdesk.core.documents import FileState, LibraryFile
from hrdesk.ui.library.words import left_words, plural

A_FILE = 30_000  # bytes that could be read in the time that a file costs besides
WINDOW = 60.0  # seconds that are looked back
LEAST_SECONDS = 4.0
LEAST_FILES = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """An import under way: `done` of `total` files, the one being read, and what is left.

    Total 0: there is none. `share` is how much of the work is done, `seconds` how long the rest will take,
    None while nobody can know. `detail` says which page is being recognised.
    """

    done: int = 0
    total: int = 0
    current: str = ""
    detail: str = ""
    share: float = 0.0
    seconds: float | None = None
    is_paused: bool = False
    is_full: bool = False

    @property
    def sentence(self) -> str:
        """Where the import is, in words."""
        return self.naming(self.current)

    def naming(self, file: str) -> str:
        """Where the import is, with the file being read called `file`."""
        if self.is_paused:
            why = "Paused, as the disk is full or refuses to write" if self.is_full else "Paused"
            return f"{why}: {self.done:,} of {plural(self.total)} read"
        words = f"Reading {min(self.done + 1, self.total):,} of {plural(self.total)}"
        named = f"{words}: {file}" if file else words
        return " · ".join(part for part in (named, self.detail, left_words(self.seconds)) if part)


class Estimate:
    """Takes in every state of the files of an import and tells how long the rest will take."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._weights: dict[str, int] = {}
        self._all = self._finished = 0
        self._reading: dict[str, tuple[float, float]] = {}  # since when, and the share that is done
        self._ended: set[str] = set()
        self._marks: deque[tuple[float, int, int]] = deque()  # when, bytes and files finished by then
        self._paused: float | None = None

    def put(self, file: LibraryFile) -> None:
        """Take in a state of a file."""
        now = self._clock()
        if file.id not in self._weights:
            self._weights[file.id] = file.size + A_FILE
            self._all += self._weights[file.id]
        if file.state.is_end:
            self._end(file.id, now)
        elif file.id in self._reading:
            self._reading[file.id] = (self._reading[file.id][0], file.done)
        elif file.state is FileState.READING:
            if not self._marks:
                self._marks.append((now, 0, 0))
            self._reading[file.id] = (now, 0.0)

    def drop(self, name: str) -> None:
        """Leave out a file that will not be read."""
        self._reading.pop(name, None)
        if name not in self._ended:
            self._all -= self._weights.pop(name, 0)

    def pause(self, *, paused: bool) -> None:
        """Leave out the time in which nothing was to be read."""
        if paused and self._paused is None:
            self._paused = self._clock()
        elif not paused and self._paused is not None:
            gone, self._paused = self._clock() - self._paused, None
            self._marks = deque((then + gone, size, files) for then, size, files in self._marks)
            self._reading = {name: (then + gone, share) for name, (then, share) in self._reading.items()}

    @property
    def share(self) -> float:
        """How much of the work is done, 0..1."""
        begun = sum(self._weights[name] * share for name, (_, share) in self._reading.items())
        return (self._finished + begun) / self._all if self._all else 0.0

    def seconds(self) -> float | None:
        """Return how long the rest will take; None while nothing can be said."""
        now = self._clock()
        slow = {name: work for name, work in self._reading.items() if work[1] > 0}
        waiting = self._all - self._finished - sum(self._weights[name] for name in slow)
        own = max(((now - begun) / share * (1 - share) for begun, share in slow.values()), default=0.0)
        if waiting <= 0:
            return own if slow else None
        rate = self._rate(now)
        return None if rate is None else max(own, waiting / rate)

    def _end(self, name: str, now: float) -> None:
        self._reading.pop(name, None)
        if name in self._ended:
            return
        self._ended.add(name)
        self._finished += self._weights[name]
        self._marks.append((now, self._finished, len(self._ended)))
        while len(self._marks) > 2 and self._marks[1][0] < now - WINDOW:
            self._marks.popleft()

    def _rate(self, now: float) -> float | None:
        """Return the bytes a second of the last minute, None before that means something."""
        if not self._marks:
            return None
        begun, before, files = self._marks[0]
        known = now - begun >= LEAST_SECONDS and len(self._ended) - files >= LEAST_FILES
        return (self._finished - before) / (now - begun) if known else None
