"""How the constants of `hrdesk/documents/verdict.py` were fitted, to be run again when retrieval changes.

Positives are the answerable English questions of the shared development set. Negatives are its unanswerable
ones and `tests/data/unanswerable.jsonl`: everyday HR questions of our own, each paired with the handbooks in
which a text search finds nothing about the matter. The model is a logistic regression (standardised features,
classes weighted alike, ridge 1/C with C = .5, Newton's method). Printed are the constants fitted on all
handbooks and, what counts, the figures when each handbook in turn is left out of the fit.

Run `python packaging/fit_verdict.py [FOLDER OF THE SHARED DATA]`; it takes about three minutes.
"""

import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hrdesk.core.documents import PassageText  # noqa: E402
from hrdesk.documents import embedding, measures, passages, ranking, verdict  # noqa: E402
from hrdesk.documents.reading import read  # noqa: E402
from hrdesk.documents.sentences import FileRefused  # noqa: E402
from hrdesk.documents.words import query_words  # noqa: E402

Array = npt.NDArray[np.float64]
MODELS = ROOT / "resources" / "models"
OWN = ROOT / "tests" / "data" / "unanswerable.jsonl"
FUSED = ("coverage", "bm25", "words", "cosine", "gap")
LEXICAL = ("coverage", "bm25", "words")
RIDGE_C = 0.5


@dataclass(frozen=True)
class Asked:
    """A question about a handbook; `own` marks those that are not from the shared set."""

    handbook: str
    question: str
    answerable: bool
    own: bool


class Library:
    """One handbook as the program would hold it: full-text index and vectors."""

    def __init__(self, folder: Path) -> None:
        found = [one for file in sorted(folder.rglob("*.md")) for one in _passages(file)]
        self.texts = [f"{one.path}\n{one.text}" for one in found]
        self.words = sqlite3.connect(":memory:")
        self.words.execute("CREATE VIRTUAL TABLE f USING fts5(path, body, tokenize='porter unicode61')")
        rows = [(number, one.path, one.text) for number, one in enumerate(found)]
        self.words.executemany("INSERT INTO f(rowid, path, body) VALUES (?, ?, ?)", rows)
        blob = b"".join(embedding.pack(encode(self.texts)))
        self.matrix = ranking.Matrix(range(len(found)), [1] * len(found), blob)

    def features(self, question: str, vector: bytes | None) -> verdict.Features:
        """Search as the program does and measure the result."""
        expression = ranking.match_expression(question)
        sql = "SELECT rowid, -bm25(f, 2.0, 1.0) AS r FROM f WHERE f MATCH ? ORDER BY r DESC LIMIT 100"
        lexical = self.words.execute(sql, [expression]).fetchall() if expression else []
        cosines = None if vector is None else self.matrix.cosines(vector)
        fused = ranking.fuse(lexical, self.matrix, cosines)
        best = [self.texts[one.passage_id] for one in fused[: verdict.READ]]
        count = "SELECT count(*) FROM f WHERE f MATCH ?"
        frequencies = {
            word: self.words.execute(count, [f'"{word}"']).fetchone()[0] for word in query_words(question)
        }
        return verdict.features(question, lexical, fused, best, frequencies, len(self.texts))


def _passages(file: Path) -> list[PassageText]:
    try:
        return passages.cut(read(file, file.name))
    except FileRefused:  # no text in it
        return []


def encode(texts: Sequence[str]) -> bytes:
    """Return the vectors of `texts` from the built encoder."""
    return embedding.handle({"texts": list(texts), "folder": str(MODELS)}, b"")[1]


def questions(shared: Path) -> list[Asked]:
    """Read both sets of questions."""
    lines = (shared / "qa" / "dev.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    found = [
        Asked(r["handbook"], r["question"], r["answerable"], own=False) for r in records if r["lang"] == "en"
    ]
    own = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
    return found + [Asked(r["handbook"], r["question"], answerable=False, own=True) for r in own]


def fit(values: Array, answers: Array) -> tuple[float, Array]:
    """Return bias and weights for the raw features (n x k) of questions with `answers` 0 or 1."""
    weight = np.where(answers == 1, 1 / (answers == 1).sum(), 1 / (answers == 0).sum()) * len(answers) / 2
    middle = np.average(values, axis=0, weights=weight)
    spread = values.std(axis=0)
    design = np.column_stack([np.ones(len(values)), (values - middle) / spread])
    ridge = np.r_[0.0, np.full(values.shape[1], 1 / RIDGE_C)]
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        gradient = design.T @ (weight * (p - answers)) + ridge * beta
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        beta -= np.linalg.solve(curvature, gradient)
    weights = beta[1:] / spread
    return float(beta[0] - weights @ middle), weights


def confidence(model: tuple[float, Array], values: Array) -> Array:
    """Return the fitted probability of each row."""
    result: Array = 1 / (1 + np.exp(-(model[0] + values @ model[1])))
    return result


def report(names: Sequence[str], asked: Sequence[Asked], found: Sequence[verdict.Features]) -> None:
    """Print the constants fitted on everything, and the figures with each handbook left out."""
    values = np.array([[getattr(features, name) or 0.0 for name in names] for features in found])
    answers = np.array([one.answerable for one in asked], float)
    books = np.array([one.handbook for one in asked])
    bias, weights = fit(values, answers)
    constants = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    print(f"\nbias={bias:.3f}, weights={constants}")
    held_out = np.zeros(len(asked))
    for book in sorted(set(books)):
        rest = books != book
        held_out[~rest] = confidence(fit(values[rest], answers[rest]), values[~rest])
        print(f"  left out {book:12}", _figures(held_out, asked, [one.handbook == book for one in asked]))
    print("  left out, all      ", _figures(held_out, asked, [True] * len(asked)))
    _operating_points(held_out, asked)


def _figures(scores: Array, asked: Sequence[Asked], keep: Sequence[bool]) -> str:
    groups = {
        name: [s for s, one, kept in zip(scores, asked, keep, strict=True) if kept and test(one)]
        for name, test in (
            ("answerable", lambda one: one.answerable),
            ("shared", lambda one: not one.answerable and not one.own),
            ("own", lambda one: one.own),
        )
    }
    parts = []
    for name in ("shared", "own"):
        area = measures.auroc(groups["answerable"], groups[name])
        parts.append(f"AUROC against {name} ({len(groups[name])}) {'-' if area is None else f'{area:.3f}'}")
    return "; ".join(parts)


def _operating_points(scores: Array, asked: Sequence[Asked]) -> None:
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
        below = {
            name: np.mean([s < threshold for s, one in zip(scores, asked, strict=True) if test(one)])
            for name, test in (
                ("answerable", lambda one: one.answerable),
                ("shared", lambda one: not one.answerable and not one.own),
                ("own", lambda one: one.own),
            )
        }
        print(
            f"  below {threshold:.2f}: {below['answerable']:.0%} of the answerable, "
            f"{below['shared']:.0%} and {below['own']:.0%} of the unanswerable (shared, own)"
        )


def main() -> int:
    """Fit both models and print what belongs into the module."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "data"
    if not shared.is_dir() or not embedding.model_available(MODELS):
        print("Needs the shared data and the built model (packaging/build_model.py).")
        return 1
    asked = questions(shared)
    libraries = {name: Library(shared / "handbooks" / name) for name in {one.handbook for one in asked}}
    rows = encode([one.question for one in asked])
    size = embedding.DIMENSIONS * 4
    vectors = [rows[start : start + size] for start in range(0, len(rows), size)]
    pairs = list(zip(asked, vectors, strict=True))
    report(FUSED, asked, [libraries[one.handbook].features(one.question, v) for one, v in pairs])
    report(LEXICAL, asked, [libraries[one.handbook].features(one.question, None) for one, _ in pairs])
    return 0


if __name__ == "__main__":
    sys.exit(main())
