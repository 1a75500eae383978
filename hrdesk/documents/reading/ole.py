"""Compound files (MS-CFB): the container of protected Office files, of which a few streams are read.

A compound file is a small file system: sectors, a table of the chains they form, a directory. Everything in
it is hostile: chains are followed with a bound, and what does not fit raises `ValueError`.
"""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER = struct.Struct("<24xHHHHH6xIIIIIIIII")
_ENTRY = struct.Struct("<64sHB49xIQ")
_ENTRY_SIZE = 128
_STREAM, _ROOT = 2, 5
_IN_HEADER = 109  # sectors of the table that the header itself names
_LAST = 0xFFFFFFFA  # numbers from here on are marks, not sectors
MAX_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class _Entry:
    first: int
    size: int


class CompoundFile:
    """The streams of a compound file, given as bytes. Raises `ValueError` for what is none."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < 512:
            raise ValueError("not a compound file")
        (_, _, _, shift, small_shift, _, self._sectors, directory, _, self._least, small, _, more, _) = (
            _HEADER.unpack_from(data)
        )
        if shift not in (9, 12) or small_shift != 6:
            raise ValueError("sectors of an unknown size")
        self._data, self._size = data, 1 << shift
        self._table = self._read_table(more)
        self._entries = self._read_directory(directory)
        self._small_table = _numbers(self._chain(small)) if small < _LAST else ()
        root = self._entries.get("")
        self._small = self._chain(root.first) if root is not None and root.first < _LAST else b""

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def stream(self, name: str) -> bytes:
        """Return the contents of a stream. Raises `ValueError` where there is none."""
        entry = self._entries.get(name)
        if entry is None:
            raise ValueError("no such stream")
        small = entry.size < self._least
        data = self._small_chain(entry.first) if small else self._chain(entry.first)
        if len(data) < entry.size:
            raise ValueError("a stream is cut short")
        return data[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        data = self._data[start : start + self._size]
        if not data:
            raise ValueError("a sector outside the file")
        return data

    def _read_table(self, more: int) -> tuple[int, ...]:
        """Return the table of chains: for each sector the one that follows it."""
        places = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        for _ in range(len(self._data) // self._size):
            if more >= _LAST:
                break
            *others, more = _numbers(self._sector(more))
            places.extend(others)
        count = min(self._sectors, len(self._data) // self._size)  # else one sector could be named for ever
        sectors = [self._sector(place) for place in places[:count] if place < _LAST]
        return _numbers(b"".join(sectors))

    def _read_directory(self, first: int) -> dict[str, _Entry]:
        data = self._chain(first)
        found: dict[str, _Entry] = {}
        for start in range(0, min(len(data), MAX_ENTRIES * _ENTRY_SIZE) - _ENTRY_SIZE + 1, _ENTRY_SIZE):
            raw, length, kind, sector, size = _ENTRY.unpack_from(data, start)
            if kind in (_STREAM, _ROOT):
                name = raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                found.setdefault("" if kind == _ROOT else name, _Entry(sector, size & 0xFFFFFFFF))
        return found

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _LAST:
            if number >= len(self._table) or len(parts) > len(self._table):
                raise ValueError("a broken chain")
            parts.append(self._sector(number))
            number = self._table[number]
        return b"".join(parts)

    def _small_chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _LAST:
            if number >= len(self._small_table) or len(parts) > len(self._small_table):
                raise ValueError("a broken chain")
            parts.append(self._small[number * 64 : number * 64 + 64])
            number = self._small_table[number]
        return b"".join(parts)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
