"""The stage: a library of sample policies, and scenes in the window's own event loop."""

from collections.abc import Callable, Coroutine

import pytest

from tests.e2e.window import PATIENCE
from tests.services.conftest import demo_library

__all__ = ["demo_library"]

Play = Callable[[Coroutine[object, object, None]], None]


@pytest.fixture
def play(qloop, qtbot) -> Play:
    """Play a scene in the window's own event loop."""

    def play(scene: Coroutine[object, object, None]) -> None:
        task = qloop.create_task(scene)
        qtbot.waitUntil(task.done, timeout=int(3 * PATIENCE * 1000))
        task.result()

    return play
