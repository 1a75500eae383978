"""Golden questions that the library keeps, and what every run over them found. Bodies are JSON."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hrdesk.core.errors import NotFound
from hrdesk.core.evaluations import Evaluation, Found, Gold, Question
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

QUESTIONS = Table("questions", ("id", "body", "removed"))
EVALUATIONS = Table("evaluations", ("id", "at", "body"))
KEPT_RUNS = 200  # a run after every publication for years; the plot shows the last of them


class QuestionStore:
    """Reads and writes golden questions and evaluations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def questions(self) -> list[Question]:
        """Return the questions in the order in which they were added."""
        return [
            _question(row)
            for row in self._database.rows("SELECT * FROM questions WHERE NOT removed ORDER BY n")
        ]

    def put(self, questions: Sequence[Question]) -> None:
        """Write questions, new or changed, all or none."""
        with self._database.transaction():
            for question in questions:
                self._write(question, removed=False)

    def remove(self, question_id: str, *, removed: bool = True) -> None:
        """Take a question out, or bring it back."""
        with self._database.transaction():
            row = self._database.row("SELECT * FROM questions WHERE id = ?", [question_id])
            if row is None:
                raise NotFound("This question is no longer in the library.")
            self._write(_question(row), removed=removed)

    def evaluations(self) -> list[Evaluation]:
        """Return the runs, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM (SELECT * FROM evaluations ORDER BY n DESC LIMIT ?) ORDER BY n", [KEPT_RUNS]
        )
        return [_evaluation(row) for row in rows]

    def add_evaluation(self, evaluation: Evaluation) -> None:
        """Keep a run; the oldest go when there are too many."""
        body = {
            "figures": dict(evaluation.figures),
            "generation": evaluation.generation,
            "found": [
                [one.question_id, one.question, one.answerable, one.rank, one.outcome, one.confidence]
                for one in evaluation.found
            ],
        }
        values = {"id": evaluation.id, "at": evaluation.at.isoformat(), "body": json.dumps(body)}
        with self._database.transaction():
            put(self._database, EVALUATIONS, values)
            self._database.execute(
                "DELETE FROM evaluations WHERE n NOT IN (SELECT n FROM evaluations ORDER BY n DESC LIMIT ?)",
                [KEPT_RUNS],
            )

    def _write(self, question: Question, *, removed: bool) -> None:
        values = {"id": question.id, "body": json.dumps(record(question)), "removed": int(removed)}
        put(self._database, QUESTIONS, values)


def record(question: Question) -> dict[str, Any]:
    """Return a question as one record of the JSON lines that `hrdesk eval` reads."""
    return {
        **question.fields,
        "question": question.question,
        "answerable": question.answerable,
        "gold": [{"file": gold.file, "quote": gold.quote} for gold in question.gold],
    }


def _question(row: Row) -> Question:
    body = json.loads(row["body"])
    gold = tuple(Gold(one["file"], one["quote"]) for one in body["gold"])
    return Question(body["question"], body["answerable"], gold, body, row["id"])


def _evaluation(row: Row) -> Evaluation:
    body = json.loads(row["body"])
    found = tuple(Found(*one) for one in body["found"])
    at = datetime.fromisoformat(row["at"])
    return Evaluation(row["id"], at, body["figures"], found, body.get("generation"))
