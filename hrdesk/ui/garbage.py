"""Garbage is collected in the window's thread, when it has a moment, and never in the middle of other work.

Left to itself, Python collects in whichever thread allocates, with all others standing still: while a large
document was checked in a thread, the window stood for a tenth of a second, again and again. And a widget
must not be destroyed in another thread than its own.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

TICK_MS = 1_000
YOUNG = 2_000  # new objects that are worth a look
PASSING = 50_000  # new objects that are a large document on its way: it goes by itself, and a look takes long
PATIENCE = 60  # ticks
MIDDLE_TICKS, OLD_TICKS = 10, 120  # objects that lived through looks are looked at more rarely


class _Collector:
    """Looks at the youngest objects with most ticks, at all of them every two minutes."""

    def __init__(self) -> None:
        self._ticks = self._waited = 0
        self.timer = QTimer(interval=TICK_MS)
        self.timer.timeout.connect(self.tick)

    def tick(self) -> None:
        """Collect what it is time for."""
        young = gc.get_count()[0]
        if young > PASSING and self._waited < PATIENCE:
            self._waited += 1
            return
        self._waited = 0
        self._ticks += 1
        if self._ticks % OLD_TICKS == 0:
            gc.collect(2)
        elif self._ticks % MIDDLE_TICKS == 0:
            gc.collect(1)
        elif young > YOUNG:
            gc.collect(0)


@contextmanager
def collected_here() -> Iterator[None]:
    """Collect garbage in this thread, which has an event loop, until the context is left.

    What is there at the beginning is not looked at again: modules and widgets stay anyway.
    """
    gc.freeze()
    gc.disable()
    collector = _Collector()
    collector.timer.start()
    try:
        yield
    finally:
        collector.timer.stop()
        gc.enable()
