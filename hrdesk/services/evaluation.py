"""Measuring retrieval apart from any model: golden questions against the library as it is.

A question counts as found when a returned passage of a file whose path ends with a gold file covers at
least 60 % of a gold quote. Abstention is measured as the AUROC of the number the verdict is taken from,
answerable against unanswerable questions. Questions can be kept in the library; a run over the kept ones is
kept too, so that one sees what a new file or a new version of hrdesk changed.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hrdesk.core.documents import RankedPassage
from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Evaluation, Found, Gold, Question
from hrdesk.core.ids import new_id
from hrdesk.documents import measures
from hrdesk.services.policy import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.questions import QuestionStore, record

DEPTH = 10  # passages looked at for each question
COVERED = 0.6  # share of a gold quote a passage must hold
Figures = dict[str, float | int | None]
Families = Mapping[str, frozenset[str]]


class EvaluationService:
    """Runs golden questions through the search, given ones or those the library keeps."""

    def __init__(
        self,
        search: PolicySearch,
        store: StoreThread,
        documents: DocumentStore,
        passages: PassageStore,
        questions: QuestionStore,
    ) -> None:
        self._search = search
        self._store = store
        self._documents = documents
        self._passages = passages
        self._questions = questions

    async def evaluate(self, questions: Sequence[Question]) -> Figures:
        """Return the figures of `hrdesk eval`; a figure that cannot be computed is None."""
        asked = [await self._ask(question, {}) for question in questions]
        return _figures([found for found, _ in asked], [spent for _, spent in asked])

    # --- kept questions

    async def questions(self) -> list[Question]:
        """Return the questions that the library keeps, in the order in which they were added."""
        return await self._store(self._questions.questions)

    async def add(self, question: str, gold: Sequence[Gold], *, answerable: bool = True) -> Question:
        """Keep a question. Raises `HrdeskError` for an empty one, or an answerable one without a place."""
        text = " ".join(question.split())
        if not text:
            raise HrdeskError("Write a question first.")
        if answerable and not gold:
            raise HrdeskError(
                "Say which document answers the question.",
                "Or mark it as one that the policies do not answer.",
            )
        made = Question(text, answerable, tuple(gold) if answerable else (), {}, new_id("question"))
        await self._store(self._questions.put, [made])
        return made

    async def remove(self, question_id: str) -> None:
        """Take a question out; `restore` brings it back."""
        await self._store(self._questions.remove, question_id)

    async def restore(self, question_id: str) -> None:
        """Bring a removed question back."""
        await self._store(self._questions.remove, question_id, removed=False)

    async def import_questions(self, path: Path) -> int:
        """Keep the questions of a file of JSON lines and return how many are new.

        A question that is kept already is not added twice. Raises `HrdeskError` for a line that is none.
        """
        given = await asyncio.to_thread(read_questions, path, {})
        known = {question.question for question in await self.questions()}
        fresh = {
            one.question: replace(one, id=new_id("question")) for one in given if one.question not in known
        }
        await self._store(self._questions.put, list(fresh.values()))
        return len(fresh)

    async def export_questions(self, path: Path) -> int:
        """Write the kept questions as JSON lines, which `hrdesk eval` reads; return how many."""
        kept = await self.questions()
        lines = "".join(json.dumps(record(one), ensure_ascii=False) + "\n" for one in kept)
        try:
            await asyncio.to_thread(path.write_text, lines, encoding="utf-8")
        except OSError as error:
            raise HrdeskError(f"{path.name} cannot be written.", "Choose another folder.") from error
        return len(kept)

    async def evaluations(self) -> list[Evaluation]:
        """Return the runs over the kept questions, oldest first."""
        return await self._store(self._questions.evaluations)

    async def is_behind(self) -> bool:
        """Whether the library is another than the one that the newest run asked, or was never asked."""
        runs = await self.evaluations()
        return not runs or runs[-1].generation != await self._store(self._passages.generation)

    async def run(
        self, progress: Callable[[int, int], None] = lambda _done, _total: None, *, rests: bool = True
    ) -> Evaluation | None:
        """Ask every kept question, keep the run and return it; None without questions.

        Low priority: after each question it rests as long as that took, so that people's searches go first;
        without `rests` it does not, for a command that nobody else waits behind.
        """
        questions = await self.questions()
        if not questions:
            return None
        families = await self._store(self._families)
        generation = await self._store(self._passages.generation)
        asked = []
        for number, question in enumerate(questions):
            progress(number, len(questions))
            started = time.perf_counter()
            asked.append(await self._ask(question, families))
            await asyncio.sleep(time.perf_counter() - started if rests else 0)
        found = tuple(one for one, _ in asked)
        figures = _figures(found, [spent for _, spent in asked])
        made = Evaluation(new_id("evaluation"), datetime.now(UTC), figures, found, generation)
        await self._store(self._questions.add_evaluation, made)
        return made

    async def _ask(self, question: Question, families: Families) -> tuple[Found, float]:
        ranked = await self._search.search(question.question, limit=DEPTH)
        rank = None
        if question.answerable:
            rank = await asyncio.to_thread(_rank, ranked.results, question.gold, families)
        found = Found(
            question.id, question.question, question.answerable, rank, ranked.outcome, ranked.confidence
        )
        return found, ranked.milliseconds

    def _families(self) -> Families:
        """Return the policies that each file belongs to: a new version answers for the one it replaced."""
        known: dict[str, set[str]] = {}
        for file in self._documents.files():
            if file.document_id:
                known.setdefault(file.file, set()).add(file.document_id)
        return {name: frozenset(ids) for name, ids in known.items()}


def _figures(found: Sequence[Found], times: Sequence[float]) -> Figures:
    ranks = [one.rank for one in found if one.answerable]
    sure = [one.confidence for one in found if one.answerable]
    unsure = [one.confidence for one in found if not one.answerable]
    return {
        "questions": len(found),
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
    return matching(questions, where)


def _question(record: Mapping[str, Any]) -> Question:
    gold = tuple(Gold(str(g["file"]), str(g["quote"])) for g in record.get("gold") or ())
    return Question(str(record["question"]), bool(record.get("answerable", bool(gold))), gold, record)


def matching(questions: Sequence[Question], where: Mapping[str, str]) -> list[Question]:
    """Return the questions whose fields have the values of `where`."""
    return [question for question in questions if _matches(question, where)]


def _matches(question: Question, where: Mapping[str, str]) -> bool:
    return all(_as_text(question.fields.get(name)) == value for name, value in where.items())


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _rank(results: Sequence[RankedPassage], gold: Sequence[Gold], families: Families) -> int | None:
    for rank, result in enumerate(results, 1):
        for place in gold:
            same = f"/{result.passage.file}".endswith(f"/{place.file}")
            replaced = result.passage.document_id in families.get(place.file, ())
            covered = not place.quote or measures.covers(place.quote, result.passage.text) >= COVERED
            if (same or replaced) and covered:
                return rank
    return None
