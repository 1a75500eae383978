"""Takes files in: finds them under what was given, and copies each into our own folder by its sha256.

The source is opened without following links and without waiting (a FIFO would block for ever), and only an
ordinary file is read. The copy is complete or not there: it is written beside its place, synced and renamed.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import BinaryIO

from hrdesk.core.documents import FileState
from hrdesk.documents.ordinary import open_ordinary
from hrdesk.documents.reading.kinds import SUFFIXES
from hrdesk.documents.sentences import FileRefused

__all__ = ["MAX_BYTES", "PART", "Copied", "FileRefused", "sweep", "take_copy", "walk"]

MAX_BYTES = 100 * 2**20
INCOMING, PART = ".incoming-", ".part"
"""How the names of files begin and end that are being written."""
_CHUNK = 2**20
_MAX_SUFFIX = 10
_LITTER = ("~$", "._", ".~lock.")
_OURS = re.compile(r"(?P<sha256>[0-9a-f]{64})(?:\.|\Z)")


@dataclass(frozen=True, slots=True)
class Copied:
    """Our copy of a file."""

    sha256: str
    size: int
    path: Path


def take_copy(source: Path, folder: Path, max_bytes: int = MAX_BYTES) -> Copied:
    """Copy `source` into `folder` as `<sha256><suffix>` and return the copy; an existing copy is used again.

    Raises `FileRefused`: "too_large", "not_a_file", "unreadable", "changed" where somebody writes it at the
    same time, "empty", or "storage" when our own folder cannot be written.
    """
    with open_ordinary(source) as file:
        before = os.fstat(file.fileno())
        if before.st_size > max_bytes:
            raise FileRefused(FileState.TOO_LARGE, "too_large")
        try:
            handle, name = tempfile.mkstemp(prefix=INCOMING, dir=folder)
        except OSError as error:
            raise FileRefused(FileState.STOPPED, "storage") from error
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as copy:
                sha256, size = _stream(file, copy, max_bytes)
                place = folder / f"{sha256}{_suffix(source)}"
                is_known = place.is_file() and place.stat().st_size == size
                if not is_known:
                    _sync(copy)
            if _written(os.fstat(file.fileno())) != _written(before):
                raise FileRefused(FileState.STOPPED, "changed")
            if not is_known:
                _settle(temporary, place)
            return Copied(sha256, size, place)
        finally:
            temporary.unlink(missing_ok=True)


def _written(state: os.stat_result) -> tuple[int, int]:
    return state.st_size, state.st_mtime_ns


def _stream(file: BinaryIO, copy: BinaryIO, max_bytes: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    while chunk := _read(file):
        size += len(chunk)
        if size > max_bytes:  # the file grows while it is read
            raise FileRefused(FileState.TOO_LARGE, "too_large")
        digest.update(chunk)
        _write(copy, chunk)
    if size == 0:
        raise FileRefused(FileState.DAMAGED, "empty")
    return digest.hexdigest(), size


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError as error:
        raise FileRefused(FileState.STOPPED, "unreadable") from error


def _write(copy: BinaryIO, chunk: bytes) -> None:
    try:
        copy.write(chunk)
        copy.flush()  # closing has nothing left to write, so nothing that could fail
    except OSError as error:
        raise FileRefused(FileState.STOPPED, "storage") from error


def _sync(copy: BinaryIO) -> None:
    try:
        os.fsync(copy.fileno())
    except OSError as error:
        raise FileRefused(FileState.STOPPED, "storage") from error


def _settle(temporary: Path, place: Path) -> None:
    try:
        temporary.chmod(0o400)
        temporary.replace(place)
        _sync_folder(place.parent)
    except OSError as error:
        raise FileRefused(FileState.STOPPED, "storage") from error


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _suffix(source: Path) -> str:
    """Return the lower suffix if it is one that is safe in a file name."""
    suffix = source.suffix.strip().lower()
    plain = suffix[1:].isascii() and suffix[1:].isalnum()
    return suffix if plain and len(suffix) <= _MAX_SUFFIX else ""


def sweep(folder: Path, known: Container[str]) -> int:
    """Delete what an import that was cut short left in our folder, and return how many files that were.

    Those are half-written files, and copies whose sha256 is not among the `known`. Nothing may be imported
    meanwhile. What cannot be deleted stays for the next time.
    """
    deleted = 0
    for path in folder.iterdir():
        half = path.name.startswith(INCOMING) or (path.suffix == PART and path.name.count(".") > 1)
        copy = _OURS.match(path.name)
        if half or (copy is not None and copy["sha256"] not in known):
            with suppress(OSError):
                path.unlink()
                deleted += 1
    return deleted


def walk(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return the files under the given files and folders, each with its name as found below the given path.

    The order is stable. Links are never followed; they are returned, and refused when they are taken in, so
    that nobody wonders where a file went. Inside folders, hidden folders are left out, and hidden files that
    are no documents: those of other programs.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            found.extend((file, file.relative_to(path).as_posix()) for file in _below(path))
        else:
            found.append((path, path.name))
    return found


def _below(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir(), key=_order)
    except OSError:  # a folder that may not be listed holds nothing for us
        return
    for entry in entries:
        if entry.is_symlink():
            yield entry
        elif entry.is_dir():
            yield from () if entry.name.startswith(".") else _below(entry)
        elif not _is_litter(entry):
            yield entry


def _is_litter(file: Path) -> bool:
    """Whether a file is not a person's document but what a program left: locks, ".DS_Store", "._copy.pdf"."""
    if file.name.startswith(_LITTER):
        return True
    return file.name.startswith(".") and file.suffix.lower() not in SUFFIXES


def _order(path: PurePath) -> tuple[str, str]:
    return path.name.casefold(), path.name
