"""The store's thread: all SQL runs there, one call at a time, so that no commit ever holds up the window.

One thread also means one writer, and a call that consists of several statements is never interleaved.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from hrdesk.core.errors import HrdeskError

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """Awaitable calls into the store: `await store(threads.messages, thread_id)`."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def __call__(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work` in the store's thread.

        A started call always runs to its end, also when the caller is cancelled: half a write is worse
        than one that nobody waits for.
        """
        future = asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            future.add_done_callback(_note_failure)
            raise

    async def aclose(self, last: Callable[[], None]) -> None:
        """Run `last` after everything that was asked for, then end the thread."""
        await self(last)
        self._pool.shutdown(wait=False)


def _note_failure(future: "asyncio.Future[T]") -> None:
    """Log why a call failed that nobody waits for any more."""
    error = None if future.cancelled() else future.exception()
    if isinstance(error, HrdeskError):
        log.warning("A call that nobody waited for failed: %s", error.title)
    elif error is not None:
        log.error("A call that nobody waited for failed", exc_info=error)
