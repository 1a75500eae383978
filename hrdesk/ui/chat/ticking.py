"""A frame that looks at the clock while it is seen."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget


class TickingFrame(QFrame):
    """Its `tick` runs while it is visible; what a tick does is connected by whoever inherits."""

    def __init__(self, milliseconds: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tick = QTimer(self, interval=milliseconds)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tick.stop()
