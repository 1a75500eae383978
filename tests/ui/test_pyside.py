"""PySide6 6.12 takes references away from None and True on Python 3.11, until the program dies."""

import sys

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

CALLS = 1000
pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True are immortal since Python 3.12."
)


class Speaker(QObject):
    """Something that emits."""

    spoken = Signal(bool)


def test_calls_without_a_result_keep_the_references_to_none(qapp):
    target = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        target.setObjectName("x")
    assert sys.getrefcount(None) - before > -CALLS / 10


def test_timers_keep_the_references_to_none(qapp):
    timer = QTimer()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        timer.start(10_000)
        timer.stop()
    assert sys.getrefcount(None) - before > -CALLS / 10


def test_signals_keep_the_references_to_true(qapp):
    speaker = Speaker()
    speaker.spoken.connect(lambda _loudly: None)
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        speaker.spoken.emit(True)
    assert sys.getrefcount(True) - before > -CALLS / 10
