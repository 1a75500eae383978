"""The words for a file's state, and for many files at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from hrdesk.core.documents import FileState, LibraryFile

WORDS = {
    FileState.QUEUED: "Waiting",
    FileState.READING: "Reading",
    FileState.INDEXED: "Ready",
    FileState.PARTLY_INDEXED: "Ready in part",
    FileState.NO_TEXT: "No text",
    FileState.NEEDS_PASSWORD: "Needs password",
    FileState.TOO_LARGE: "Too large",
    FileState.DAMAGED: "Damaged",
    FileState.UNSUPPORTED: "Not supported",
    FileState.STOPPED: "Stopped",
    FileState.DUPLICATE: "Duplicate",
}
_FINE = {FileState.INDEXED, FileState.DUPLICATE}
_DRAWINGS = {
    FileState.QUEUED: "clock",
    FileState.READING: "clock",
    FileState.INDEXED: "circle-check",
    FileState.PARTLY_INDEXED: "triangle-alert",
    FileState.NO_TEXT: "scan-text",
    FileState.NEEDS_PASSWORD: "lock",
    FileState.DUPLICATE: "copy",
}


_ATTENTION = frozenset(set(FileState) - {FileState.QUEUED, FileState.READING} - _FINE)


def drawing(state: FileState) -> str:
    """Return the name of the icon for a state."""
    return _DRAWINGS.get(state, "circle-alert")


def needs_attention(file: LibraryFile) -> bool:
    """Whether somebody should look at the file: it ended, and not as ready."""
    return file.state in _ATTENTION


def can_retry(file: LibraryFile) -> bool:
    """Whether reading the file again may help."""
    return file.state.is_end and file.state not in (FileState.INDEXED, FileState.DUPLICATE)


def can_unlock(file: LibraryFile) -> bool:
    """Whether a password opens the file."""
    return file.state is FileState.NEEDS_PASSWORD and file.reason in ("", "password", "wrong_password")


def title(file: LibraryFile) -> str:
    """Return what a file is called: the policy's title, else the name of the file."""
    return file.title or PurePath(file.file).name


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files are there, ready, waiting or being read, and in need of attention.

    Of the ready ones `known` were in the library before; of those in need of attention `locked` need a
    password.
    """

    files: int = 0
    ready: int = 0
    waiting: int = 0
    attention: int = 0
    known: int = 0
    locked: int = 0

    @classmethod
    def of(cls, files: Iterable[LibraryFile]) -> "Counts":
        """Count files."""
        return cls.by_state(Counter(file.state for file in files))

    @classmethod
    def by_state(cls, states: Counter[FileState]) -> "Counts":
        """Sum up how many files are in which state."""
        return cls(
            states.total(),
            sum(count for state, count in states.items() if state.is_searchable),
            sum(count for state, count in states.items() if not state.is_end),
            sum(count for state, count in states.items() if state in _ATTENTION),
            states[FileState.DUPLICATE],
            states[FileState.NEEDS_PASSWORD],
        )

    @property
    def sentence(self) -> str:
        """All counts that are not zero, in words."""
        parts = [f"{self.ready} ready to be asked"] if self.ready else []
        parts += [f"{self.waiting} waiting"] if self.waiting else []
        verb = "needs" if self.attention == 1 else "need"
        parts += [f"{self.attention} {verb} attention"] if self.attention else []
        return " · ".join([plural(self.files), *parts])


def plural(count: int) -> str:
    """Return "1 file" or "n files"."""
    return "1 file" if count == 1 else f"{count:,} files"


def left_words(seconds: float | None) -> str:
    """Say how long something will take, no more precisely than it is known."""
    if seconds is None:
        return ""
    minutes = seconds / 60
    if minutes < 0.8:
        return "less than a minute left"
    if minutes < 1.5:
        return "about a minute left"
    if minutes < 10:
        return f"about {minutes:.0f} minutes left"
    if minutes < 55:
        return f"about {5 * round(minutes / 5)} minutes left"
    hours = max(1, round(minutes / 60))
    return "about an hour left" if hours == 1 else f"about {hours} hours left"
