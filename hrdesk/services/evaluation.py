"""Measuring retrieval apart from any model: golden questions against the library as it is.

A question counts as found when a returned passage of a file whose path ends with a gold file covers at
least 60 % of a gold quote. Abstention is measured as the AUROC of the number the verdict is taken from,
answerable against unanswerable questions.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdesk.core.documents import RankedPassage
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import measures
from hrdesk.services.policy import PolicySearch

DEPTH = 10  # passages looked at for each question
COVERED = 0.6  # share of a gold quote a passage must hold


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a file and an exact quote from it."""

    file: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A golden question; `fields` are all fields of its record, for choosing."""

    question: str
    answerable: bool
    gold: tuple[Gold, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)


class EvaluationService:
    """Runs golden questions through the search."""

    def __init__(self, search: PolicySearch) -> None:
        self._search = search

    async def evaluate(self, questions: Sequence[Question]) -> dict[str, float | int | None]:
        """Return the figures of `hrdesk eval`; a figure that cannot be computed is None."""
        ranks: list[int | None] = []
        sure: list[float] = []
        unsure: list[float] = []
        times: list[float] = []
        for question in questions:
            ranked = await self._search.search(question.question, limit=DEPTH)
            times.append(ranked.milliseconds)
            (sure if question.answerable else unsure).append(ranked.confidence)
            if question.answerable:
                ranks.append(await asyncio.to_thread(_rank, ranked.results, question.gold))
        return {
            "questions": len(questions),
            "answerable": len(ranks),
            "recall@1": measures.recall(ranks, 1),
            "recall@5": measures.recall(ranks, 5),
            "recall@10": measures.recall(ranks, 10),
            "ndcg@10": measures.ndcg(ranks, DEPTH),
            "mrr": measures.mrr(ranks),
            "auroc": measures.auroc(sure, unsure),
            "p50_ms": measures.percentile(times, 50),
            "p95_ms": measures.percentile(times, 95),
        }


def read_questions(path: Path, where: Mapping[str, str]) -> list[Question]:
    """Read golden questions from JSON lines; keep those whose fields have the values of `where`.

    Raises `HrdeskError` with the line that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HrdeskError(f"{path} cannot be read.", "Give a file of JSON lines.") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise HrdeskError(f"Line {number} of {path.name} is not a question.", str(error)) from error
    return [question for question in questions if _matches(question, where)]


def _question(record: Mapping[str, Any]) -> Question:
    gold = tuple(Gold(str(g["file"]), str(g["quote"])) for g in record.get("gold") or ())
    return Question(str(record["question"]), bool(record.get("answerable", bool(gold))), gold, record)


def _matches(question: Question, where: Mapping[str, str]) -> bool:
    return all(_as_text(question.fields.get(name)) == value for name, value in where.items())


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _rank(results: Sequence[RankedPassage], gold: Sequence[Gold]) -> int | None:
    for rank, result in enumerate(results, 1):
        for place in gold:
            same = f"/{result.passage.file}".endswith(f"/{place.file}")
            if same and measures.covers(place.quote, result.passage.text) >= COVERED:
                return rank
    return None
