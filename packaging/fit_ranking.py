"""How the constants of `hrdesk/documents/ranking.py` and `answering.py` hold on handbooks that were left out.

The constants are coarse and set by hand. Here, for each handbook (and the demo policies), the best setting
of a grid is chosen on the questions of all others and measured on the one left out. Where that differs little
from the constants in force, they fit no single questions. The questions are the answerable English ones of
the shared set and of `tests/data/answerable.jsonl`. The weight of the words is judged by nDCG@10, those of
sentences by the share of questions with a quote that holds at least half of the gold quote.

Run `python packaging/fit_ranking.py`; the first run takes minutes, later ones find the vectors under build/.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hrdesk.core.documents import Filters  # noqa: E402
from hrdesk.documents import answering, embedding, measures, ranking  # noqa: E402
from hrdesk.documents.answering import Candidate  # noqa: E402
from hrdesk.services.choosing import READ  # noqa: E402
from hrdesk.services.encoder import numbers  # noqa: E402
from tests.benchmarks.libraries import MODELS, BenchLibrary, KeptEncoder  # noqa: E402
from tests.benchmarks.questions import QUOTED, SHARED, folder_of  # noqa: E402

S = TypeVar("S")
ONCE = {
    name: lru_cache(None)(getattr(answering, name)) for name in ("stems", "sentences", "amounts", "words")
}
LEXICAL_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
SENTENCE_WEIGHTS = {
    "MATCH_WEIGHT": (0.0, 0.2, 0.4, 0.6),
    "OVERLAP_WEIGHT": (0.15, 0.3, 0.45),
    "PASSAGE_WEIGHT": (0.3, 0.5, 0.7),
    "NUMBER_BONUS": (0.06, 0.12, 0.2),
}


@dataclass(frozen=True)
class Case:
    """An answerable question with all that ranking and choosing sentences need."""

    handbook: str
    own: bool
    question: str
    gold: tuple[str, ...]
    relevant: frozenset[int]
    lexical: list[tuple[int, float]]
    matrix: ranking.Matrix
    cosines: "np.typing.NDArray[np.float32]"
    best: list[Candidate]
    sentence_cosines: list[float]
    matches: list[float]


def cases() -> Iterator[Case]:
    """Search for every answerable question and encode the sentences that may be quoted."""
    encoder = KeptEncoder()
    records = [(one, False) for one in _lines(SHARED / "qa" / "dev.jsonl")]
    records += [(one, True) for one in _lines(ROOT / "tests" / "data" / "answerable.jsonl")]
    for book in sorted({record["handbook"] for record, _ in records}):
        library = BenchLibrary(folder_of(book), encoder)
        matrix = ranking.Matrix(*library.passages.vectors())
        for record, own in records:
            wanted = record["handbook"] == book and record.get("lang", "en") == "en"
            if wanted and record.get("answerable", True):
                yield _case(library, matrix, record, own)
        library.close()


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def _case(library: BenchLibrary, matrix: ranking.Matrix, record: dict[str, Any], own: bool) -> Case:
    encoder, meant = library.encoder, library.search.understood(record["question"])
    question = meant.question
    vector = encoder.now([question])
    looked = library.search.look(meant, Filters(), vector, READ).ranking.results
    best = [Candidate(str(r.passage.id), r.passage.path, r.passage.text, r.score) for r in looked[:READ]]
    rows = np.frombuffer(encoder.now([question, *answering.encodable(best)]), "<f4")
    rows = rows.reshape(-1, embedding.DIMENSIONS)
    stored = library.passages.get(int(number) for number in matrix.ids)
    gold = [(g["file"], g["quote"]) for g in record["gold"]]
    return Case(
        str(record["handbook"]),
        own,
        question,
        tuple(quote for _, quote in gold),
        frozenset(
            number
            for number, passage in stored.items()
            for file, quote in gold
            if passage.file == file and measures.covers(quote, passage.text) >= measures.RELEVANT
        ),
        library.passages.lexical(ranking.match_expression(question)),
        matrix,
        matrix.cosines(vector),
        best,
        [float(cosine) for cosine in rows[1:] @ rows[0]],
        numbers(asyncio.run(encoder.matches(question, answering.matchable(best))) or b""),
    )


@contextmanager
def using(module: ModuleType, constants: Mapping[str, object]) -> Iterator[None]:
    """Try other constants of a module."""
    before = {name: getattr(module, name) for name in constants}
    vars(module).update(constants)
    try:
        yield
    finally:
        vars(module).update(before)


def gain(case: Case, weight: float) -> float:
    """Return the nDCG@10 of one question with a weight for the words."""
    with using(ranking, {"LEXICAL_WEIGHT": weight, "VECTOR_WEIGHT": 1 - weight}):
        fused = ranking.fuse(case.lexical, case.matrix, case.cosines, limit=10)
    ranks = [rank for rank, one in enumerate(fused, 1) if one.passage_id in case.relevant]
    return measures.ndcg([ranks[0] if ranks else None])


def quoted(case: Case, weights: tuple[float, ...]) -> float:
    """Return 1 if one of the quotes holds the gold, else 0."""
    with using(answering, {**ONCE, **dict(zip(SENTENCE_WEIGHTS, weights, strict=True))}):
        quotes = answering.choose(case.question, case.best, case.sentence_cosines, case.matches)
    return float(any(measures.covers(gold, quote.text) >= QUOTED for gold in case.gold for quote in quotes))


def report(
    name: str, found: Sequence[Case], settings: Sequence[S], in_force: S, value: Callable[[Case, S], float]
) -> None:
    """Print the figure of the constants in force, and of those chosen without the handbook they meet."""
    table = np.array([[value(case, setting) for case in found] for setting in settings])
    books = np.array([case.handbook for case in found])
    own = np.array([case.own for case in found])
    force, held_out = table[settings.index(in_force)], np.zeros(len(found))
    print(f"\n{name}: in force {in_force}")
    for book in sorted(set(books)):
        chosen = int(table[:, books != book].mean(axis=1).argmax())
        held_out[books == book] = table[chosen, books == book]
        print(f"  without {book:12} {settings[chosen]}: {held_out[books == book].mean():.3f} there")
    best = int(table.mean(axis=1).argmax())
    for label, figures in (
        ("in force", force),
        ("left out", held_out),
        (f"best on all {settings[best]}", table[best]),
    ):
        print(f"  {label}: shared {figures[~own].mean():.3f}, own {figures[own].mean():.3f}")


def main() -> int:
    """Print both tables."""
    if not SHARED.is_dir() or not embedding.model_available(MODELS):
        print("Needs the shared data and the built model (packaging/build_model.py).")
        return 1
    found = list(cases())
    report("Weight of the words, nDCG@10", found, LEXICAL_WEIGHTS, ranking.LEXICAL_WEIGHT, gain)
    grid = list(itertools.product(*SENTENCE_WEIGHTS.values()))
    force = tuple(getattr(answering, name) for name in SENTENCE_WEIGHTS)
    report(f"{', '.join(SENTENCE_WEIGHTS)}, share quoted", found, grid, force, quoted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
