"""The store's thread: all SQL runs there, one call at a time, so that no commit ever holds up the window.

One thread also means one writer, and a call that consists of several statements is never interleaved.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

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
        return await asyncio.shield(future)

    async def aclose(self, last: Callable[[], None]) -> None:
        """Run `last` after everything that was asked for, then end the thread."""
        await self(last)
        self._pool.shutdown(wait=False)
