"""Fixtures for all tests: windows are drawn offscreen, in the light theme and at one text size."""

import asyncio
import gc
import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def themed(qapp):
    """The application in the light theme, put back after the test."""
    from hrdesk.ui import theme

    theme.apply(qapp, "light", text_scale=1.0)
    qapp.setQuitOnLastWindowClosed(False)
    yield qapp
    theme.apply(qapp, "light", text_scale=1.0)


@pytest.fixture
def qloop(themed):
    """The window's own event loop, running whenever Qt runs (`qtbot.waitUntil`).

    A test that leaves a task behind, or an exception that nobody looked at, fails.
    """
    from hrdesk.ui.loop import QEventLoop

    lost: list[dict[str, object]] = []
    loop = QEventLoop(themed, already_running=True)
    loop.set_exception_handler(lambda _loop, context: lost.append(context))
    try:
        yield loop
        left = [task.get_name() for task in asyncio.all_tasks(loop)]
        gc.collect()
    finally:
        loop.release()
        loop.close()
    assert left == [], "tasks are left over"
    assert lost == [], "exceptions were lost"
