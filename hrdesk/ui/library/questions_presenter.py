"""What a user can do with golden questions, without widgets: keep, run, import, export.

A run over the kept questions starts by itself after the library changed, once it has been quiet for a while.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from hrdesk.core.evaluations import Evaluation, Gold, Question
from hrdesk.ui.library.ports import Evaluations
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.tasks import Tasks

QUIET_MS = 5_000  # one run after a batch of changes; nobody waits for it
RUN = "run questions"


class QuestionsPresenter(QObject):
    """Holds the kept questions and the runs over them."""

    changed = Signal()
    """Other questions or runs are to be shown."""
    progress_changed = Signal(int, int)
    """Questions asked and to be asked; 0, 0 when no run is under way."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._service: Evaluations | None = None
        self._running: asyncio.Task[None] | None = None
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._run_if_quiet)
        self.is_busy: Callable[[], bool] = lambda: False
        self.questions: list[Question] = []
        self.evaluations: list[Evaluation] = []

    @property
    def is_running(self) -> bool:
        """Whether questions are being asked."""
        return self._running is not None

    def attach(self, service: Evaluations) -> None:
        """Begin to work."""
        self._service = service
        self._tasks.start(self._open(service), "load questions")

    def library_changed(self) -> None:
        """Run the questions again after a while, as what is found may be different now."""
        if self.questions:
            self.stop()
            self._quiet.start()

    def run(self) -> None:
        """Ask all questions now."""
        self._quiet.stop()
        if self._service is not None and self._running is None and self.questions:
            self._running = self._tasks.start(self._run(self._service), RUN)
            self._running.add_done_callback(self._run_ended)

    def stop(self) -> None:
        """Leave a run; nothing of it is kept."""
        self._quiet.stop()
        if self._running is not None:
            self._running.cancel()

    def add(self, question: str, gold: Sequence[Gold], *, answerable: bool = True) -> None:
        """Keep a question, typed or from an answer with its sources, and offer to undo it."""
        if self._service is not None:
            self._tasks.start(self._add(self._service, question, gold, answerable), "add question")

    def remove(self, questions: Sequence[Question]) -> None:
        """Take questions out, and offer to undo it."""
        if self._service is not None and questions:
            self._tasks.start(self._remove(self._service, list(questions)), "remove questions")

    def import_file(self, path: Path) -> None:
        """Keep the questions of a file of JSON lines."""
        if self._service is not None:
            self._tasks.start(self._import(self._service, path), "import questions")

    def export_file(self, path: Path) -> None:
        """Write the questions as JSON lines."""
        if self._service is not None:
            self._tasks.start(self._export(self._service, path), "export questions")

    def _run_if_quiet(self) -> None:
        if self.is_busy() or self.is_running:  # a run that was stopped may not have ended yet
            self._quiet.start()
        else:
            self.run()

    async def _open(self, service: Evaluations) -> None:
        """Load all; a library that changed while no window was open is asked anew."""
        await self._load(service)
        if self.questions and await service.is_behind():
            self.library_changed()

    async def _load(self, service: Evaluations) -> None:
        self.questions = await service.questions()
        self.evaluations = await service.evaluations()
        self.changed.emit()

    async def _run(self, service: Evaluations) -> None:
        await service.run(self.progress_changed.emit)
        await self._load(service)

    def _run_ended(self, _task: object) -> None:
        self._running = None
        self.progress_changed.emit(0, 0)

    async def _add(self, service: Evaluations, question: str, gold: Sequence[Gold], answerable: bool) -> None:
        made = await service.add(question, gold, answerable=answerable)
        await self._load(service)
        undo = Action("Undo", lambda: self._tasks.start(self._take_back(service, made), "undo question"))
        self._notices.notify("Kept as a golden question.", action=undo)
        self.library_changed()

    async def _take_back(self, service: Evaluations, question: Question) -> None:
        await service.remove(question.id)
        await self._load(service)

    async def _remove(self, service: Evaluations, questions: list[Question]) -> None:
        for question in questions:
            await service.remove(question.id)
        await self._load(service)

        async def put_back() -> None:
            for question in questions:
                await service.restore(question.id)
            await self._load(service)

        what = "1 question was" if len(questions) == 1 else f"{len(questions)} questions were"
        undo = Action("Undo", lambda: self._tasks.start(put_back(), "restore questions"))
        self._notices.notify(f"{what} removed.", action=undo)

    async def _import(self, service: Evaluations, path: Path) -> None:
        count = await service.import_questions(path)
        await self._load(service)
        words = "1 new question was" if count == 1 else f"{count} new questions were"
        self._notices.notify(f"{words} imported from {path.name}.")
        if count:
            self.library_changed()

    async def _export(self, service: Evaluations, path: Path) -> None:
        count = await service.export_questions(path)
        self._notices.notify(f"{count} question{'' if count == 1 else 's'} written to {path.name}.")
