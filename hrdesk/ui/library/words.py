"""The words for a file's state, and for many files at once."""

from collections.abc import Sequence
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
_DRAWINGS = {
    FileState.QUEUED: "clock",
    FileState.READING: "clock",
    FileState.INDEXED: "circle-check",
    FileState.PARTLY_INDEXED: "triangle-alert",
    FileState.NO_TEXT: "scan-text",
    FileState.NEEDS_PASSWORD: "lock",
    FileState.DUPLICATE: "copy",
}


def drawing(state: FileState) -> str:
    """Return the name of the icon for a state."""
    return _DRAWINGS.get(state, "circle-alert")


def needs_attention(file: LibraryFile) -> bool:
    """Whether somebody should look at the file: it ended, and not as ready."""
    return file.state.is_end and file.state not in (FileState.INDEXED, FileState.DUPLICATE)


def can_retry(file: LibraryFile) -> bool:
    """Whether reading the file again may help."""
    return file.state.is_end and file.state not in (FileState.INDEXED, FileState.DUPLICATE)


def title(file: LibraryFile) -> str:
    """Return what a file is called: the policy's title, else the name of the file."""
    return file.title or PurePath(file.file).name


@dataclass(frozen=True, slots=True)
class Counts:
    """How many files are there, ready, waiting or being read, and in need of attention."""

    files: int = 0
    ready: int = 0
    waiting: int = 0
    attention: int = 0

    @classmethod
    def of(cls, files: Sequence[LibraryFile]) -> "Counts":
        """Count files."""
        return cls(
            len(files),
            sum(file.state.is_searchable for file in files),
            sum(not file.state.is_end for file in files),
            sum(needs_attention(file) for file in files),
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
