"""The parts of the search together, on two small real handbooks: figures below which nothing may fall."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from hrdesk.core.documents import Outcome
from hrdesk.documents import embedding, measures, ranking, verdict
from hrdesk.documents.answering import Candidate, choose, encodable, matchable
from hrdesk.documents.passages import cut
from hrdesk.documents.reading import read
from tests.shared_data import shared

MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
BOOKS = ("clef", "opengov")
QUOTED = "opengov"  # sentences of the other one take too long to encode
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not embedding.model_available(MODELS),
        reason="The encoder is not built: run packaging/build_model.py.",
    ),
]


def _encode(texts: list[str]) -> bytes:
    return embedding.handle({"texts": texts, "folder": str(MODELS)}, b"")[1]


class _Library:
    def __init__(self, folder: Path) -> None:
        self.passages = [
            (str(file.relative_to(folder)), one.path, one.text)
            for file in sorted(folder.rglob("*.md"))
            for one in cut(read(file, file.name))
        ]
        blob = b"".join(embedding.pack(_encode([f"{path}\n{text}" for _, path, text in self.passages])))
        self.matrix = ranking.Matrix(range(len(self.passages)), [1] * len(self.passages), blob)
        self.words = sqlite3.connect(":memory:")
        self.words.execute("CREATE VIRTUAL TABLE f USING fts5(path, body, tokenize='porter unicode61')")
        rows = [(number, path, text) for number, (_, path, text) in enumerate(self.passages)]
        self.words.executemany("INSERT INTO f(rowid, path, body) VALUES (?, ?, ?)", rows)

    def search(self, question: str, vector: bytes | None) -> tuple[list[ranking.Fused], Outcome, float]:
        sql = "SELECT rowid, -bm25(f, 2.0, 1.0) AS r FROM f WHERE f MATCH ? ORDER BY r DESC LIMIT 100"
        hits = self.words.execute(sql, [ranking.match_expression(question)]).fetchall()
        fused = ranking.fuse(hits, self.matrix, None if vector is None else self.matrix.cosines(vector))
        texts = ["\n".join(self.passages[one.passage_id][1:]) for one in fused[: verdict.READ]]
        count = "SELECT count(*) FROM f WHERE f MATCH ?"
        frequencies = {
            word: self.words.execute(count, [f'"{word}"']).fetchone()[0]
            for word in ranking.query_words(question)
        }
        found = verdict.features(question, hits, fused, texts, frequencies, len(self.passages))
        return fused, *verdict.judge(found, found=bool(fused))


@dataclass
class _Result:
    ranks: list[int | None]
    sure: list[float]
    unsure: list[float]
    outcomes: list[Outcome]
    quoted: list[bool]


def _run(libraries: dict[str, _Library], *, encoded: bool) -> _Result:
    result = _Result([], [], [], [], [])
    for line in (shared("qa") / "dev.jsonl").read_text("utf-8").splitlines():
        record = json.loads(line)
        if record["handbook"] not in BOOKS or record["lang"] != "en":
            continue
        library, question = libraries[record["handbook"]], record["question"]
        vector = _encode([question]) if encoded else None
        fused, outcome, confidence = library.search(question, vector)
        if not record["answerable"]:
            result.unsure.append(confidence)
            continue
        result.sure.append(confidence)
        result.outcomes.append(outcome)
        result.ranks.append(_rank(library, fused, record["gold"]))
        if record["handbook"] == QUOTED:
            result.quoted.append(_is_quoted(library, fused, question, vector, record["gold"]))
    return result


def _rank(library: _Library, fused: list[ranking.Fused], gold: list[dict[str, str]]) -> int | None:
    for rank, one in enumerate(fused, 1):
        file, _, text = library.passages[one.passage_id]
        if any(file == g["file"] and measures.covers(g["quote"], text) >= measures.RELEVANT for g in gold):
            return rank
    return None


def _is_quoted(
    library: _Library,
    fused: list[ranking.Fused],
    question: str,
    vector: bytes | None,
    gold: list[dict[str, str]],
) -> bool:
    best = [
        Candidate(str(n), *library.passages[n][1:], score=one.score)
        for one in fused[:6]
        for n in (one.passage_id,)
    ]
    cosines = matches = None
    if vector is not None:
        rows = np.frombuffer(_encode(encodable(best)), "<f4").reshape(-1, embedding.DIMENSIONS)
        cosines = [float(cosine) for cosine in rows @ np.frombuffer(vector, "<f4")]
        matches = _matches(question, best)
    quotes = choose(question, best, cosines, matches)
    return any(measures.covers(g["quote"], quote.text) >= 0.5 for g in gold for quote in quotes)


def _matches(question: str, best: list[Candidate]) -> list[float]:
    texts, ranges = zip(*matchable(best), strict=True)
    message = {"texts": texts, "folder": str(MODELS), "question": question, "ranges": ranges}
    return [float(match) for match in np.frombuffer(embedding.handle(message, b"")[1], "<f4")]


@pytest.fixture(scope="module")
def libraries():
    return {name: _Library(shared("handbooks") / name) for name in BOOKS}


def test_words_and_meaning_together_find_and_quote_the_answers(libraries):
    result = _run(libraries, encoded=True)
    assert measures.recall(result.ranks, 5) >= 0.86
    assert measures.ndcg(result.ranks) >= 0.8
    assert sum(result.quoted) / len(result.quoted) >= 0.8
    assert (measures.auroc(result.sure, result.unsure) or 0) >= 0.8
    assert result.outcomes.count(Outcome.NOT_FOUND) / len(result.outcomes) <= 0.15


def test_words_alone_still_find_most_answers(libraries):
    result = _run(libraries, encoded=False)
    assert measures.recall(result.ranks, 5) >= 0.7
    assert sum(result.quoted) / len(result.quoted) >= 0.6
    assert (measures.auroc(result.sure, result.unsure) or 0) >= 0.75
    assert result.outcomes.count(Outcome.NOT_FOUND) / len(result.outcomes) <= 0.2
