"""The one owner of the window's coroutines: keeps them, reports their troubles, cancels them at the end.

A bare `create_task` may be collected while it runs and hides its exception; nothing in `ui` calls it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class Tasks:
    """Starts coroutines on the running loop.

    `report` is called with every exception that ends a task, except cancellation. It decides by type: an
    HrdeskError is shown as it stands, anything else is a bug.
    """

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def names(self) -> list[str]:
        """The names of the tasks under way, for --debug and for tests."""
        return sorted(task.get_name() for task in self._running)

    def start(self, coroutine: Coroutine[Any, Any, T], name: str) -> asyncio.Task[T]:
        """Run `coroutine` as the task `name`, which is a verb and a noun ("load threads")."""
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def finish(self, name: str) -> None:
        """Wait for the tasks called `name`; their troubles are reported as always."""
        waiting = [task for task in self._running if task.get_name() == name]
        if waiting:
            await asyncio.wait(waiting)

    async def cancel_all(self) -> None:
        """Cancel every task and wait until all have ended, whatever they still do in `finally`."""
        current = asyncio.current_task()
        while waiting := [task for task in self._running if task is not current]:
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.debug("The task %r ended with %r", task.get_name(), error)
            self._report(error)
