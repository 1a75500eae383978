"""How the constants of `hrdesk/documents/verdict.py` were fitted, to be run again when retrieval changes.

Positives are the answerable English questions of the shared development set and those of our own in
`tests/data/answerable.jsonl`. Negatives are the unanswerable ones of the shared set and
`tests/data/unanswerable.jsonl`: everyday HR questions, each paired with the handbooks (and the demo
policies) in which a text search finds nothing about the matter. The model is a logistic regression
(standardised features, classes weighted alike, ridge 1/C with C = .5, Newton's method). Printed are the
constants fitted on all handbooks and, what counts, the figures when each handbook in turn is left out of
the fit.

Run `python packaging/fit_verdict.py`; the first run takes minutes, later ones find the vectors under build/.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hrdesk.documents import embedding, measures, verdict  # noqa: E402
from tests.benchmarks.libraries import MODELS, BenchLibrary, KeptEncoder  # noqa: E402
from tests.benchmarks.questions import SHARED, folder_of  # noqa: E402

Array = npt.NDArray[np.float64]
DATA = ROOT / "tests" / "data"
FUSED = ("coverage", "words", "cosine", "gap")
CLOSE = (*FUSED, "match")
LEXICAL = ("coverage", "bm25", "words")
RIDGE_C = 0.5


@dataclass(frozen=True)
class Asked:
    """A question about a handbook; `own` marks those that are not from the shared set."""

    handbook: str
    question: str
    answerable: bool
    own: bool


def questions() -> list[Asked]:
    """Read the shared and our own questions."""
    shared = [r for r in _lines(SHARED / "qa" / "dev.jsonl") if r["lang"] == "en"]
    found = [Asked(r["handbook"], r["question"], r["answerable"], own=False) for r in shared]
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        records = _lines(DATA / f"{name}.jsonl")
        found += [Asked(r["handbook"], r["question"], answerable, own=True) for r in records]
    return found


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def measured(asked: Sequence[Asked]) -> list[verdict.Features]:
    """Search for every question as the program does, and read the best passage closely every time."""
    encoder = KeptEncoder()
    found: dict[Asked, verdict.Features] = {}
    for book in sorted({one.handbook for one in asked}):
        library = BenchLibrary(folder_of(book), encoder)
        for one in asked:
            if one.handbook == book:
                found[one] = asyncio.run(library.features(one.question))
        library.close()
    return [found[one] for one in asked]


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


def report(
    names: Sequence[str], asked: Sequence[Asked], found: Sequence[verdict.Features], title: str
) -> Array:
    """Print the constants fitted on everything, and the figures with each handbook left out; return these."""
    values = np.array([[getattr(features, name) or 0.0 for name in names] for features in found])
    answers = np.array([one.answerable for one in asked], float)
    books = np.array([one.handbook for one in asked])
    bias, weights = fit(values, answers)
    constants = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}
    print(f"\n{title}: bias={bias:.3f}, weights={constants}")
    held_out = np.zeros(len(asked))
    for book in sorted(set(books)):
        rest = books != book
        held_out[~rest] = confidence(fit(values[rest], answers[rest]), values[~rest])
    show(held_out, asked)
    return held_out


def show(scores: Array, asked: Sequence[Asked]) -> None:
    """Print AUROC for each handbook and all, and what thresholds would do."""
    for book in sorted({one.handbook for one in asked}):
        print(f"  left out {book:12} {_areas(scores, asked, book)}")
    print(f"  left out, all          {_areas(scores, asked)}")
    groups = _groups(scores, asked)
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.55, 0.6, 0.65):
        shares = ", ".join(f"{np.mean(np.array(s) < threshold):.0%} {name}" for name, s in groups.items())
        print(f"  below {threshold:.2f}: {shares}")


def _groups(scores: Array, asked: Sequence[Asked], handbook: str = "") -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for score, one in zip(scores, asked, strict=True):
        name = f"{'own' if one.own else 'shared'} {'' if one.answerable else 'un'}answerable"
        if one.handbook == handbook or not handbook:
            groups.setdefault(name, []).append(float(score))
    return groups


def _areas(scores: Array, asked: Sequence[Asked], handbook: str = "") -> str:
    groups = _groups(scores, asked, handbook)
    parts = []
    for name in ("shared", "own"):
        yes, no = groups.get(f"{name} answerable", []), groups.get(f"{name} unanswerable", [])
        area = measures.auroc(yes, no)
        parts.append(f"{name} {len(yes)}/{len(no)} AUROC {'-' if area is None else f'{area:.3f}'}")
    yes = [s for name, group in groups.items() if " ans" in name for s in group]
    no = [s for name, group in groups.items() if " unans" in name for s in group]
    return "; ".join([*parts, f"together {measures.auroc(yes, no) or 0:.3f}"])


def main() -> int:
    """Fit all models and print what belongs into the module."""
    if not SHARED.is_dir() or not embedding.model_available(MODELS):
        print("Needs the shared data and the built model (packaging/build_model.py).")
        return 1
    asked = questions()
    found = measured(asked)
    fused = report(FUSED, asked, found, "FUSED")
    close = report(CLOSE, asked, found, "CLOSE (if every best passage were read closely)")
    low, high = verdict.OPEN
    is_open = (fused >= low) & (fused <= high)
    print(f"\nAs in the program: CLOSE decides where FUSED leaves it open ({low} to {high})")
    for name, group in _groups(is_open.astype(float), asked).items():
        print(f"  open: {np.mean(group):.0%} of {name}")
    show(np.where(is_open, np.clip(close, low, high), fused), asked)
    report(LEXICAL, asked, [replace(one, cosine=None, gap=None) for one in found], "LEXICAL")
    return 0


if __name__ == "__main__":
    sys.exit(main())
