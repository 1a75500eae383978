"""The vectors of passages in memory, for the exact cosine of a question with every one of them.

They stay in int8, as they are stored: 77 MB for 200,000 passages instead of 307. The product turns one block
after the other into float32, in a buffer that stays in the processor's cache; memory is what limits such a
product, so that it takes no longer than one over float32 rows. (float16 is converted one number at a time and
takes ten times as long.)
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hrdesk.documents.embedding import DIMENSIONS, SCALE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vector = npt.NDArray[np.float32]

_BLOCK = 512  # rows, 0.8 MB of float32; BLAS spreads larger products over threads, which is slower
_FIRST_ROOM = 1_024  # rows; room grows by a half


class Matrix:
    """The vectors of passages, in the order of the passages' ids. `ids`, `versions` and rows go together."""

    def __init__(self, ids: Sequence[int] = (), versions: Sequence[int] = (), blob: bytes = b"") -> None:
        """`blob` holds one int8 vector per id, one after the other, as `embedding.pack` made them."""
        import numpy as np

        self.ids = np.zeros(0, np.int64)
        self.versions = np.zeros(0, np.int64)
        self._room = np.zeros((0, DIMENSIONS), np.int8)
        self.add(ids, versions, blob)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def room(self) -> int:
        """How many bytes the vectors take, with room for more."""
        return self._room.nbytes

    def add(self, ids: Sequence[int], versions: Sequence[int], blob: bytes) -> None:
        """Add passages with their versions and vectors; one that is there keeps what it has."""
        import numpy as np

        rows = np.frombuffer(blob, np.int8).reshape(-1, DIMENSIONS)
        new_ids, new_versions = np.asarray(ids, np.int64), np.asarray(versions, np.int64)
        if not len(new_ids) == len(new_versions) == len(rows):
            raise ValueError("ids, versions and vectors do not go together")
        fresh = ~np.isin(new_ids, self.ids)
        if not fresh.any():
            return
        known = len(self)
        self.ids = np.concatenate((self.ids, new_ids[fresh]))
        self.versions = np.concatenate((self.versions, new_versions[fresh]))
        self._make_room(len(self))
        self._room[known : len(self)] = rows[fresh]
        if (np.diff(self.ids[max(0, known - 1) :]) < 0).any():
            self._arrange(np.argsort(self.ids, kind="stable"))

    def keep(self, kept: "npt.NDArray[np.bool_]") -> None:
        """Keep the rows where `kept` is true, drop the others."""
        import numpy as np

        if not kept.all():
            self._arrange(np.flatnonzero(kept))

    def cosines(self, query_vector: "bytes | Vector") -> "Vector":
        """Return the cosine of every passage with a query (384 float32, as an array or as bytes)."""
        import numpy as np

        query = np.frombuffer(query_vector, "<f4") if isinstance(query_vector, bytes) else query_vector
        query = query / np.float32(SCALE)
        result = np.empty(len(self), np.float32)
        buffer = np.empty((min(_BLOCK, len(self)), DIMENSIONS), np.float32)
        for start in range(0, len(self), _BLOCK):
            stop = min(start + _BLOCK, len(self))
            block = buffer[: stop - start]
            block[:] = self._room[start:stop]
            np.dot(block, query, out=result[start:stop])
        return result

    def visible(self, allowed: set[int] | None) -> "npt.NDArray[np.intp]":
        """Return the rows whose version is in `allowed`; all of them for None."""
        import numpy as np

        if allowed is None:
            return np.arange(len(self))
        return np.flatnonzero(np.isin(self.versions, np.fromiter(allowed, np.int64, len(allowed))))

    def rows(self, passage_ids: Sequence[int]) -> "npt.NDArray[np.intp]":
        """Return the row of each passage, -1 for one that has no vector."""
        import numpy as np

        wanted = np.asarray(passage_ids, np.int64)
        places = np.minimum(self.ids.searchsorted(wanted), max(len(self) - 1, 0))
        return np.where(self.ids[places] == wanted, places, -1) if len(self) else np.full(len(wanted), -1)

    def _make_room(self, count: int) -> None:
        import numpy as np

        if count > len(self._room):
            room = np.empty((max(count, len(self._room) * 3 // 2, _FIRST_ROOM), DIMENSIONS), np.int8)
            room[: len(self._room)] = self._room
            self._room = room

    def _arrange(self, rows: "npt.NDArray[np.intp]") -> None:
        """Keep these rows, in this order."""
        self.ids, self.versions, self._room = self.ids[rows], self.versions[rows], self._room[rows]
