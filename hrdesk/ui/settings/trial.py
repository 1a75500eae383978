"""One thing that is tried at a time, can be given up, and ends with a sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.tasks import Tasks

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrialView:
    """What is known of a trial: words and their tone (muted, good, caution)."""

    words: str = ""
    tone: str = "muted"
    is_busy: bool = False


class Trial(QObject):
    """Runs one coroutine at a time; a new one takes the place of the one before."""

    changed = Signal(object)
    """The `TrialView` to show."""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: asyncio.Task[None] | None = None
        self.view = TrialView()

    def run(
        self, call: Callable[[], Awaitable[T]], name: str, busy: str, done: Callable[[T], str | None]
    ) -> None:
        """Say `busy` while `call` runs, then what `done` says of its result (None: nothing)."""
        self._give_up()
        self._task = self._tasks.start(self._run(call, busy, done), name)

    def cancel(self) -> None:
        """Give up what is tried."""
        if self.view.is_busy:
            self._give_up()
            self._say("Cancelled.")

    def clear(self) -> None:
        """Give up what is tried and say nothing."""
        self._give_up()
        self._say("")

    def _give_up(self) -> None:
        given_up, self._task = self._task, None
        if given_up is not None and given_up is not asyncio.current_task():
            given_up.cancel()

    def say(self, words: str, tone: str = "muted") -> None:
        """Say something without trying anything."""
        self._give_up()
        self._say(words, tone)

    async def _run(
        self, call: Callable[[], Awaitable[T]], busy: str, done: Callable[[T], str | None]
    ) -> None:
        self._say(busy, is_busy=True)
        try:
            result = await call()
        except HrdeskError as error:
            self._end(str(error), "caution")
        except BaseException:
            self._end("", "muted")
            raise
        else:
            self._end(done(result) or "", "good")

    def _end(self, words: str, tone: str) -> None:
        # Not when `done` began the next trial.
        if self._task is asyncio.current_task():
            self._task = None
            self._say(words, tone)

    def _say(self, words: str, tone: str = "muted", *, is_busy: bool = False) -> None:
        self.view = TrialView(words, tone, is_busy)
        self.changed.emit(self.view)
