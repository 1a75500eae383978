"""A large library that is the same everywhere: words by Zipf's law, vectors in clusters, seeded.

It is made once a size and kept in `build/`, because 200,000 passages take minutes to write. Words are drawn
as words of a language are (the frequency of a word is about 1 over its rank); the forty most frequent stand
for stop words, which no question keeps.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hrdesk.core.documents import (
    Block,
    BlockKind,
    FileState,
    LibraryFile,
    Page,
    PassageText,
    ReadDocument,
    Span,
)
from hrdesk.documents.embedding import DIMENSIONS, pack
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.system.paths import Paths

BUILD = Path(__file__).parents[2] / "build" / "benchmarks"
FORMAT = 1  # counted up when the contents change
A_DOCUMENT = 40  # passages
A_PASSAGE = 110  # words, about 700 characters
STOP_WORDS = 40
_VOCABULARY = 30_000
_CENTRES = 2_000
_AT_ONCE = 100  # documents in one transaction


def library(passages: int) -> Paths:
    """Return a data folder with that many passages; made if it is not there (two minutes for 200,000)."""
    folder = BUILD / f"library-{FORMAT}-{passages}"
    if not (folder / "done").exists():
        paths = Paths.at(folder)
        paths.create()
        paths.database.unlink(missing_ok=True)
        database = Database.open(paths.database)
        try:
            fill(database, passages)
        finally:
            database.close()
        (folder / "done").touch()
    return Paths.at(folder)


def fill(database: Database, passages: int) -> None:
    """Publish documents of forty passages until there are `passages`."""
    documents = DocumentStore(database)
    made = _documents(passages // A_DOCUMENT)
    while some := list(islice(made, _AT_ONCE)):
        with database.transaction():
            for file, read, cut, vectors in some:
                documents.publish(file, read, cut, vectors, None)


def questions(count: int, seed: int = 2) -> list[str]:
    """Return questions of three to eight words, drawn like the words of the passages but for stop words."""
    chance = random.Random(seed)
    words, weights = vocabulary(), _weights()
    return [
        " ".join(chance.choices(words[STOP_WORDS:], weights[STOP_WORDS:].tolist(), k=chance.randint(3, 8)))
        + "?"
        for _ in range(count)
    ]


def query_vectors(count: int, seed: int = 3) -> list[bytes]:
    """Return vectors of questions, each near one of the clusters."""
    chance = np.random.default_rng(seed)
    return [row.tobytes() for row in _near(chance, _centres(), count)]


def vocabulary() -> list[str]:
    """Return the words, most frequent first."""
    chance = random.Random(4)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "il")]
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        words["".join(chance.choices(syllables, k=chance.randint(2, 4)))] = None
    return list(words)


def _weights() -> npt.NDArray[np.float64]:
    return 1 / (np.arange(_VOCABULARY) + 2.7)


def _documents(
    count: int,
) -> Iterator[tuple[LibraryFile, ReadDocument, list[PassageText], list[bytes]]]:
    words, weights = np.array(vocabulary()), _weights().cumsum()
    chance, centres = np.random.default_rng(5), _centres()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        drawn = words[np.searchsorted(weights, chance.random((A_DOCUMENT, A_PASSAGE)) * weights[-1])]
        texts = [" ".join(row) + "." for row in drawn]
        pages = tuple(Page(place, 595, 842, text) for place, text in enumerate(texts, 1))
        passages = [
            PassageText(f"Policy {number} > {row[0]} {row[1]}", text, (Span(place, 0, len(text)),))
            for place, (row, text) in enumerate(zip(drawn, texts, strict=True), 1)
        ]
        name = f"policy-{number}.pdf"
        file = LibraryFile(
            f"file_{number}", name, name, FileState.INDEXED, "ok", "", sha256=f"{number:064x}", added_at=now
        )
        read = ReadDocument(f"Policy {number}", (Block(BlockKind.PARAGRAPH, texts[0]),), pages)
        yield file, read, passages, pack(_near(chance, centres, A_DOCUMENT).tobytes())


def _centres() -> npt.NDArray[np.float32]:
    return np.random.default_rng(6).normal(size=(_CENTRES, DIMENSIONS)).astype("<f4")


def _near(
    chance: np.random.Generator, centres: npt.NDArray[np.float32], count: int
) -> npt.NDArray[np.float32]:
    chosen = centres[chance.integers(0, len(centres), count)]
    rows = (chosen + 0.7 * chance.normal(size=chosen.shape)).astype("<f4")
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), "<f4")
