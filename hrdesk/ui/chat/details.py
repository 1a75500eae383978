"""What is looked up about answers in sight: their figures, and the state of their citations now."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from hrdesk.core.errors import NotFound
from hrdesk.core.threads import Message, MessageStatus
from hrdesk.ui.chat.facts import facts_of
from hrdesk.ui.chat.model import TranscriptModel
from hrdesk.ui.chat.ports import ChatServices
from hrdesk.ui.tasks import Tasks


class Details(QObject):
    """Completes the answers of a model; each once per visit to the thread, the last asked for first."""

    def __init__(self, model: TranscriptModel, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tasks = tasks
        self._services: ChatServices | None = None
        self._known: set[str] = set()
        self._waiting: list[Message] = []
        self._working = False
        model.modelReset.connect(self._forget)

    def attach(self, services: ChatServices) -> None:
        """Begin to look things up."""
        self._services = services

    def complete(self, messages: Sequence[Message]) -> None:
        """Look up what belongs to these messages."""
        ended = [m for m in messages if m.run_id and m.status is not MessageStatus.IN_PROGRESS]
        wanted = [m for m in ended if m.id not in self._known and self._services]
        self._known.update(message.id for message in wanted)
        self._waiting.extend(wanted)
        if self._waiting and not self._working:
            self._working = True
            self._tasks.start(self._work(), "look up details")

    def _forget(self) -> None:
        self._known.clear()
        self._waiting.clear()

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._complete(self._waiting.pop())
        finally:
            self._working = False

    async def _complete(self, message: Message) -> None:
        services = self._services
        if services is None or message.run_id is None:
            return
        try:
            run = await services.chat.seen(message.run_id)
        except NotFound:
            pass
        else:
            self._model.set_facts(message.id, facts_of(run))
        citations = tuple([await services.citations.refresh(citation) for citation in message.citations])
        row = self._model.row_of(message.id)
        if row is not None and self._model.message(row).citations == message.citations:
            self._model.put(replace(self._model.message(row), citations=citations))
