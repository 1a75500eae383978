"""How far new passages can be searched by meaning: a quiet line, as nobody has to wait for it."""

import asyncio

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel

from hrdesk.core.preparing import Preparing
from hrdesk.ui.library.ports import Vectors
from hrdesk.ui.library.words import left_words
from hrdesk.ui.tasks import Tasks


class PreparingPresenter(QObject):
    """Follows the work while there is any."""

    changed = Signal(object)
    """`Preparing`, at the end with total 0."""
    ended = Signal()
    """All that was to be done is done, or nothing more can be done now."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._vectors: Vectors | None = None
        self._following: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether passages are being prepared."""
        return self._following is not None and not self._following.done()

    def attach(self, vectors: Vectors) -> None:
        """Go on with what an earlier start left."""
        self._vectors = vectors
        vectors.wake()
        self.look()

    def look(self) -> None:
        """Follow the work if there is any: passages may have been added."""
        if self._vectors is not None and not self.is_busy:
            self._following = self._tasks.start(self._follow(self._vectors), "follow vectors")

    async def _follow(self, vectors: Vectors) -> None:
        was_busy = False
        async for preparing in vectors.follow():
            was_busy = was_busy or preparing.total > 0
            self.changed.emit(preparing)
        if was_busy:
            self.ended.emit()


class PreparingLine(QLabel):
    """The line under the head of the page; hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("tone", "muted")
        self.hide()

    def show_preparing(self, preparing: Preparing) -> None:
        """Say how far the work is; nothing at total 0."""
        self.setVisible(preparing.total > 0)
        self.setText(sentence(preparing))


def sentence(preparing: Preparing) -> str:
    """Return how far the work is, in words; "" for none."""
    if not preparing.total:
        return ""
    words = f"Preparing search by meaning: {preparing.done:,} of {preparing.total:,} passages"
    return ", ".join(part for part in (words, left_words(preparing.seconds_left)) if part)
