"""A connection from nothing to an answer, in the real window over real services and a real socket."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from hrdesk.core.threads import MessageStatus
from hrdesk.ui.window import CONVERSATION, SETTINGS, MainWindow
from tests.e2e.conftest import Play
from tests.e2e.program import POLICIES
from tests.e2e.window import button, drop_and_wait, type_question, until, window_on
from tests.openai_server import serve

KEY = "sk-canary-4711"


async def _connect(window: MainWindow, preset: str, address: str) -> None:
    """Add a connection as a user does: preset, address, key, models, test, save."""
    button(window, "Add connection").click()
    button(window, preset).click()
    editor = window.settings.editor
    editor.where.address.selectAll()
    QTest.keyClicks(editor.where.address, address)
    if editor.where.key.isEnabled():
        QTest.keyClicks(editor.where.key, KEY)
    button(window, "Fetch models").click()
    await until(lambda: editor.where.model.count())
    editor.where.model.setCurrentIndex(0)
    button(window, "Test connection").click()
    await until(lambda: editor.presenter.testing.view.tone == "good")
    button(window, "Save connection").click()
    await until(lambda: not window.settings.is_editing)


@pytest.mark.parametrize(
    "preset", ["Ollama on this computer", "OGX or another Responses server", "Assistants-compatible server"]
)
def test_a_connection_made_in_settings_answers_the_next_question(
    play: Play, tmp_path: Path, preset: str
) -> None:
    async def day() -> None:
        async with serve() as server, window_on(tmp_path / "data") as (window, desk):
            await drop_and_wait(window, POLICIES / "employee-handbook.pdf")
            window.show_page(SETTINGS)
            await _connect(window, preset, server.base_url)
            assert not desk.chat.connection.is_local
            window.show_page(CONVERSATION)
            answer = await type_question(window, "When are salaries paid?")
            assert answer.status is MessageStatus.COMPLETED and answer.citations
            window.show_page(SETTINGS)
            await until(lambda: "1 answer" in window.settings.money.spent.tokens.text())
            button(window, "Remove connection").click()  # and its key, wherever this computer keeps keys
            await until(lambda: desk.chat.connection.is_local)

    play(day())
    assert all(KEY.encode() not in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
