"""The viewer's pane on fake services; a trouble that nobody expected fails the test."""

import pytest

from hrdesk.ui.notices import Notices
from hrdesk.ui.tasks import Tasks
from hrdesk.ui.viewer.pane import ViewerPane
from tests.ui.viewer.fakes import FakeDesk


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture
def pane(qtbot, qloop, desk):
    troubles: list[BaseException] = []
    tasks = Tasks(troubles.append)
    pane = ViewerPane(tasks, Notices())
    qtbot.addWidget(pane)
    pane.resize(486, 800)
    pane.show()
    pane.attach(desk)
    yield pane
    pane.close()
    qtbot.waitUntil(lambda: not tasks.names)
    assert troubles == []
