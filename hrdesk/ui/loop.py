"""The asyncio event loop of the window: qasync with its own queue and timers.

Stock qasync keeps one Qt timer for every `call_soon` and `call_later` and never removes a cancelled one, so
the time limits of HTTP clients pile up; it corrupts other tasks when a callback opens a nested Qt loop;
its timers may be early; it hands out no TimerHandle and drops contexts from other threads. Here callbacks
wait in a queue and deadlines in a heap, and two Qt timers drive both:

- A pass over the queue lasts at most `SLICE` seconds, then Qt's events have their turn.
- Cancelled deadlines are swept out once they are many and more than half of the heap (as in asyncio).
- Inside a nested Qt loop that a callback opened, no other callback runs: everything pauses, nothing breaks.
- Async generators that nobody reads to the end are closed in the loop, as asyncio does; without that, an
  answer's stream that was stopped is torn down by the garbage collector, outside of any loop.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import math
import socket
import sys
import time
import weakref
from collections import deque
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any

from PySide6.QtCore import QBasicTimer, QObject, QSocketNotifier, Qt, QTimerEvent
from PySide6.QtWidgets import QApplication

# After PySide6, so that qasync takes it as its binding.
import qasync  # isort: skip

log = logging.getLogger(__name__)

SLICE = 0.008
SWEEP_FROM = 100
THREADS = 16
LONGEST_TIMER = 3_600.0


class _Pump(QObject):
    """Calls the loop when the queue has entries, when a deadline is due, and when another thread asks.

    Other threads ask through a socket: a Qt signal emitted from several threads crashed now and then.
    """

    def __init__(self, run_queue: Callable[[], None], run_due: Callable[[], None]) -> None:
        super().__init__()
        self._run_queue, self._run_due = run_queue, run_due
        self._soon, self._later = QBasicTimer(), QBasicTimer()
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        self._button.setblocking(False)
        self._notifier = QSocketNotifier(self._bell.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._answer)

    def ring(self) -> None:
        """Run the queue soon; may be called from any thread."""
        # A full buffer means that the bell rings already, a closed one that the loop has ended.
        with contextlib.suppress(OSError):
            self._button.send(b"\0")

    def _answer(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._bell.recv(4096):
                pass
        self.soon()

    def soon(self) -> None:
        """Run the queue once Qt has seen to its events."""
        if not self._soon.isActive():
            self._soon.start(0, Qt.TimerType.PreciseTimer, self)

    def later(self, seconds: float) -> None:
        """Look at the deadlines in `seconds`, never earlier."""
        milliseconds = math.ceil(min(max(seconds, 0.0), LONGEST_TIMER) * 1000)
        self._later.start(milliseconds, Qt.TimerType.PreciseTimer, self)

    def rest(self) -> None:
        """Stop for good."""
        self._soon.stop()
        self._later.stop()
        self._notifier.setEnabled(False)
        self._bell.close()
        self._button.close()

    def timerEvent(self, event: QTimerEvent) -> None:
        if event.timerId() == self._soon.timerId():
            self._soon.stop()
            self._run_queue()
        else:
            self._later.stop()
            self._run_due()


class QEventLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync has no stubs
    """qasync's loop with its callbacks in a queue and a heap; see the module's text."""

    def __init__(self, app: QApplication | None = None, *, already_running: bool = False) -> None:
        self._queue: deque[asyncio.Handle] = deque()
        self._deadlines: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._cancelled_deadlines = 0
        self._order = itertools.count()
        self._inside = False
        self._released = False
        self._generators: weakref.WeakSet[AsyncGenerator[Any, Any]] = weakref.WeakSet()
        self._pump = _Pump(self._run_queue, self._run_due)
        super().__init__(app, already_running=already_running)
        # Starts threads one by one when they are needed, unlike qasync's pool of ten.
        self.set_default_executor(ThreadPoolExecutor(THREADS, "hrdesk"))
        self._hooks = sys.get_asyncgen_hooks()
        if already_running:
            self._watch_generators()

    @property
    def waiting(self) -> int:
        """How many callbacks and deadlines are kept, cancelled ones included."""
        return len(self._queue) + len(self._deadlines)

    def call_soon(
        self, callback: Callable[..., Any], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Run `callback` in the next pass, in the order of the calls."""
        handle = asyncio.Handle(self._checked(callback), args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., Any], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Run `callback` in the loop's thread, called from any thread."""
        handle = asyncio.Handle(self._checked(callback), args, self, context)
        self._queue.append(handle)
        self._pump.ring()
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run `callback` in `delay` seconds, not earlier."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: object, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run `callback` at the loop's time `when`, not earlier."""
        handle = asyncio.TimerHandle(when, self._checked(callback), args, self, context)
        # Tells the handle to report its cancellation, as asyncio does.
        handle._scheduled = True  # type: ignore[attr-defined] # noqa: SLF001
        heapq.heappush(self._deadlines, (when, next(self._order), handle))
        if self._deadlines[0][2] is handle:
            self._pump.later(when - self.time())
        return handle

    def run_forever(self) -> Any:
        """Run until `stop` is called."""
        self._hooks = sys.get_asyncgen_hooks()
        self._watch_generators()
        try:
            return super().run_forever()
        finally:
            sys.set_asyncgen_hooks(*self._hooks)

    async def shutdown_asyncgens(self) -> None:
        """Close every async generator that was not read to its end."""
        left = list(self._generators)
        self._generators.clear()
        await asyncio.gather(*(generator.aclose() for generator in left), return_exceptions=True)

    def _watch_generators(self) -> None:
        sys.set_asyncgen_hooks(firstiter=self._generators.add, finalizer=self._close_generator)

    def _close_generator(self, generator: AsyncGenerator[Any, Any]) -> None:
        """Called by the garbage collector, in whatever thread it runs."""
        self._generators.discard(generator)
        if not self.is_closed():
            self.call_soon_threadsafe(self.create_task, generator.aclose())

    def is_running(self) -> bool:
        """Whether callbacks are run now."""
        return bool(super().is_running()) and not self._released

    def release(self) -> None:
        """End a loop that was made with `already_running`. `stop` would make every later Qt loop return."""
        self._released = True
        sys.set_asyncgen_hooks(*self._hooks)
        asyncio.events._set_running_loop(None)  # noqa: SLF001 - as qasync set it

    def close(self) -> None:
        """Forget all callbacks and release what qasync holds."""
        self._pump.rest()
        self._queue.clear()
        self._deadlines.clear()
        super().close()

    def _checked(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        if self.is_closed():
            raise RuntimeError("Event loop is closed")
        if asyncio.iscoroutinefunction(callback) or not callable(callback):
            raise TypeError(f"A callback must be a plain function, not {callback!r}")
        return callback

    def _add_callback(self, handle: asyncio.Handle, delay: float = 0) -> asyncio.Handle:  # noqa: ARG002
        """Queue a handle; also called by asyncio itself."""
        self._queue.append(handle)
        if not self._inside:
            self._pump.soon()
        return handle

    def _timer_handle_cancelled(self, _handle: asyncio.TimerHandle) -> None:
        """Sweep the heap when most of it is cancelled; called by TimerHandle.cancel()."""
        self._cancelled_deadlines += 1
        if self._cancelled_deadlines > SWEEP_FROM and self._cancelled_deadlines * 2 > len(self._deadlines):
            self._deadlines = [entry for entry in self._deadlines if not entry[2].cancelled()]
            heapq.heapify(self._deadlines)
            self._cancelled_deadlines = 0

    def _run_queue(self) -> None:
        if self._inside:
            return  # a nested Qt loop; the pass that is under way goes on when it ends
        self._inside = True
        end = time.monotonic() + SLICE
        try:
            while self._queue:
                handle = self._queue.popleft()
                if not handle.cancelled():
                    self._run(handle)
                if time.monotonic() >= end:
                    break
        finally:
            self._inside = False
            self._arm()

    def _run(self, handle: asyncio.Handle) -> None:
        if not self.get_debug():
            handle._run()  # noqa: SLF001 - the way every asyncio loop runs its handles
            return
        began = time.monotonic()
        handle._run()  # noqa: SLF001
        took = time.monotonic() - began
        if took >= self.slow_callback_duration:
            log.warning("%r kept the window waiting for %.0f ms", handle, took * 1000)

    def _run_due(self) -> None:
        if self._inside:
            return
        now = self.time()
        while self._deadlines and (self._deadlines[0][0] <= now or self._deadlines[0][2].cancelled()):
            handle = heapq.heappop(self._deadlines)[2]
            handle._scheduled = False  # type: ignore[attr-defined] # noqa: SLF001
            if handle.cancelled():
                self._cancelled_deadlines -= 1
            else:
                self._queue.append(handle)
        self._run_queue()

    def _arm(self) -> None:
        """Ask for the next pass, if there is anything to do in it."""
        if self.is_closed():
            return
        if self._queue:
            self._pump.soon()
        if self._deadlines:
            self._pump.later(self._deadlines[0][0] - self.time())
