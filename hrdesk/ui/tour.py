"""First light: the window does its main job by itself, for `make run` without a display and for pictures.

It uses the panes as a user does: waits for the import, types a question, sends it, opens the first source.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.window import MainWindow

if TYPE_CHECKING:
    from hrdesk.core.threads import Message

QUESTION = "How many sick days do I get in the first year, and do I need a doctor's note?"
SECONDS = 180
LOOK_MS = 50


class FirstLight:
    """Asks one question of the sample policies and writes a picture of the answer beside its source."""

    def __init__(self, picture: Path, question: str = QUESTION) -> None:
        self._picture, self._question = picture, question

    async def run(self, window: MainWindow) -> int:
        """Do the job. Raises `HrdeskError` when there is no answer with a source in time."""
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._ask(window)
                await self._open_source(window, answer)
        except TimeoutError as error:
            raise HrdeskError("The first light took too long.", "Start it again with --debug.") from error
        self._tell(answer)
        self._save(window)
        return 0

    async def _ask(self, window: MainWindow) -> "Message":
        library, chat = window.library.presenter, window.chat
        await until(lambda: bool(library.model.files) and not library.imports.is_running)
        window.notices.withdraw("import")
        chat.composer.set_text(self._question)
        chat.composer.send_button.click()
        await until(lambda: chat.presenter.model.rowCount() == 2 and chat.presenter.flight is None)
        return chat.presenter.model.messages[-1]

    async def _open_source(self, window: MainWindow, answer: "Message") -> None:
        if not answer.citations:
            raise HrdeskError("The sample policies gave no answer with a source.", answer.text)
        pages: list[object] = []
        window.viewer.presenter.page_shown.connect(pages.append)
        window.chat.presenter.open_citation(answer, answer.citations[0])
        await until(lambda: bool(pages) and not window.tasks.names)

    def _tell(self, answer: "Message") -> None:
        lines = [self._question, "", answer.text, ""]
        for citation in answer.citations:
            place = f"{citation.document}, page {citation.page} ({citation.state})"
            lines.append(f"[{citation.number}] {place}: {citation.quote}")
        print("\n".join(lines))  # noqa: T201 - what `make run` shows where there is no display

    def _save(self, window: MainWindow) -> None:
        self._picture.parent.mkdir(parents=True, exist_ok=True)
        if not window.grab().save(str(self._picture)):
            raise HrdeskError(f"The picture {self._picture} could not be written.", "Check the folder.")


async def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, looking at it every 50 ms."""
    held = asyncio.Event()
    timer = QTimer(interval=LOOK_MS)
    timer.timeout.connect(lambda: held.set() if condition() else None)
    timer.start()
    try:
        await held.wait()
    finally:
        timer.stop()
