"""Looks at how much memory a child has, where the kernel does not refuse more by itself."""

import threading
from collections.abc import Callable

LOOKS_A_SECOND = 4


class MemoryWatch:
    """Calls `kill` once when the child has more than `most` bytes in memory.

    `resident` returns the bytes of the child, None when it has ended; then the watch ends too.
    """

    def __init__(self, most: int, resident: Callable[[], int | None], kill: Callable[[], None]) -> None:
        self._most, self._resident, self._kill = most, resident, kill
        self._ended = threading.Event()
        self.exceeded = False
        threading.Thread(target=self._look, name="memory watch", daemon=True).start()

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(1 / LOOKS_A_SECOND):
            bytes_now = self._resident()
            if bytes_now is None:
                return
            if bytes_now > self._most:
                self.exceeded = True
                self._kill()
                return
