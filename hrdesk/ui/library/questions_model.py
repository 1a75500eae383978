"""The table of golden questions, and the words for what the last runs found."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor

from hrdesk.core.evaluations import Evaluation, Found, Question
from hrdesk.ui import theme
from hrdesk.ui.library.tables import ROW_ROLE, Index, RowsModel

HEADS = ("Question", "Expected", "Result")


@dataclass(frozen=True, slots=True)
class Result:
    """What a question found, in words; `is_good` is None for one that was not asked yet."""

    words: str
    is_good: bool | None


class QuestionsModel(RowsModel[Question]):
    """One row a question, with its result in the newest run and the change since the one before."""

    heads = HEADS

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: dict[str, Result] = {}

    def show(self, questions: Sequence[Question], runs: Sequence[Evaluation]) -> None:
        """Show these questions with the results of the last two runs."""
        self.beginResetModel()
        self.kept = list(questions)
        newest, before = _by_id(runs[-1:]), _by_id(runs[-2:-1])
        self._results = {name: result(found, before.get(name)) for name, found in newest.items()}
        self.endResetModel()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        question = self.kept[index.row()]
        shown = self._results.get(question.id, Result("Not asked yet", None))
        if role == ROW_ROLE:
            return question
        if role == Qt.ItemDataRole.DisplayRole:
            return (question.question, expected(question), shown.words)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(
                [question.question, *(f"“{gold.quote}”" for gold in question.gold if gold.quote)]
            )
        if role == Qt.ItemDataRole.ForegroundRole and index.column():
            good = shown.is_good is not False or index.column() == 1
            return QColor(theme.tokens().muted if good else theme.tokens().caution)
        return None


def expected(question: Question) -> str:
    """Return where the answer is expected."""
    if not question.answerable:
        return "Not in the policies"
    return ", ".join(dict.fromkeys(PurePath(gold.file).name for gold in question.gold))


def result(found: Found, before: Found | None) -> Result:
    """Return what a question found, and what it found in the run before if that was another thing."""
    words, was = _words(found), _words(before) if before else None
    changed = f" (was: {was[:1].lower()}{was[1:]})" if was is not None and was != words else ""
    return Result(f"{words}{changed}", found.is_good)


def _words(found: Found) -> str:
    if not found.answerable:
        return "Answered, but should not be" if found.outcome == "answered" else "Refused, as it should be"
    return "Not found" if found.rank is None else f"Found in place {found.rank}"


def _by_id(runs: Sequence[Evaluation]) -> dict[str, Found]:
    return {found.question_id: found for run in runs for found in run.found}
