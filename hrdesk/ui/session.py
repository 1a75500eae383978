"""The life of the window after its first paint: panes, log, services, and the orderly end.

What opens the log and the services is handed in; both run in a thread.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtGui import QIcon

from hrdesk.ui.garbage import collected_here
from hrdesk.ui.theme.files import icon_file
from hrdesk.ui.window import MainWindow, load_panes

if TYPE_CHECKING:
    from hrdesk.services.desk import Desk
    from hrdesk.system.logs import Log

log = logging.getLogger(__name__)


class Tour(Protocol):
    """Something that uses the window in place of a user."""

    async def run(self, window: MainWindow) -> int:
        """Use the window and return the exit code."""


class Session:
    """One run of a window. `first_files` are added to the library once it is open."""

    def __init__(
        self,
        window: MainWindow,
        open_desk: "Callable[[], Desk]",
        open_log: "Callable[[], Log]",
        tour: Tour | None = None,
    ) -> None:
        self._window, self._open_desk, self._open_log, self._tour = window, open_desk, open_log, tour
        self._closed, self._retry = asyncio.Event(), asyncio.Event()
        self._log: Log | None = None
        self.first_files: list[Path] = []
        window.closed.connect(self._closed.set)
        window.retry_clicked.connect(self._retry.set)
        if window.is_closing:
            self._closed.set()

    async def main(self) -> int:
        """Build the panes, open the services, serve until the window is closed, and put all away."""
        self._catch_signals()
        desk: Desk | None = None
        try:
            await self._prepare()
            desk = await self._open()
            return 0 if desk is None else await self._serve(desk)
        finally:
            await self._window.put_away()
            if desk is not None:
                await desk.close()
            if self._log is not None:
                self._log.close()

    async def _prepare(self) -> None:
        # Imported in a thread: the window can be moved and closed meanwhile.
        await asyncio.to_thread(load_panes)
        self._window.setWindowIcon(QIcon(str(icon_file("hrdesk"))))
        self._window.furnish()
        self._log = opened = await asyncio.to_thread(self._open_log)
        self._window.notices.describe = lambda _error: opened.report()
        opened.catch(self._window.notices.report)
        asyncio.get_running_loop().set_exception_handler(self._report)

    async def _serve(self, desk: "Desk") -> int:
        if self._closed.is_set():
            return 0
        with collected_here():
            self._window.attach(desk)
            self._window.add_files(self.first_files)
            if self._tour is not None:
                return await self._tour.run(self._window)
            await self._closed.wait()
        return 0

    async def _open(self) -> "Desk | None":
        """Open the services as often as the user wants to try; None when the window was closed instead."""
        while not self._closed.is_set():
            opening = asyncio.ensure_future(asyncio.to_thread(self._open_desk))
            await asyncio.wait({opening})
            error = opening.exception()
            if error is None:
                return opening.result()
            log.error("The data could not be opened", exc_info=error)
            if self._tour is not None:
                raise error
            self._retry.clear()
            self._window.show_trouble(error)
            await _either(self._retry, self._closed)
        return None

    def _report(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception") or RuntimeError(context.get("message", "in the event loop"))
        self._window.notices.report(error)

    def _catch_signals(self) -> None:
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, self._window.close)


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
