"""The main job in the real window: drop, ask, watch, click a citation, close, come back, go on."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QListView

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Outcome
from hrdesk.core.threads import MessageStatus
from tests.e2e.conftest import Play
from tests.e2e.program import POLICIES
from tests.e2e.window import (
    drop,
    drop_and_wait,
    named,
    open_citation,
    type_question,
    until,
    window_on,
)

DOUBLE = "How many sick days do I get in the first year, and do I need a doctor's note?"
NAMES = (
    "Threads", "Search threads", "New thread", "Conversation", "Message", "Send", "Stop", "Run status",
    "Document", "Page", "What the model saw", "Library", "Add files", "Documents", "Settings", "API key",
    "Connection",
)  # fmt: skip


def test_the_whole_job(play: Play, tmp_path: Path) -> None:
    words: list[str] = []

    async def first_day() -> None:
        async with window_on(tmp_path) as (window, _):
            window.chat.flight_changed.connect(lambda flight: words.append(flight.words))
            await drop_and_wait(window, *sorted(POLICIES.iterdir()))
            answer = await type_question(window, DOUBLE)
            assert answer.outcome is Outcome.ANSWERED
            assert "third consecutive day" in answer.text
            assert {citation.state for citation in answer.citations} == {CitationState.VERIFIED}
            await open_citation(window, answer)
            shown = window.viewer.presenter.shown
            assert shown is not None
            assert shown.page.rects
            assert shown.page.page == answer.citations[0].page

    async def second_day() -> None:
        async with window_on(tmp_path) as (window, desk):
            await until(lambda: window.threads.presenter.model.rowCount() > 1)
            (thread,) = (await desk.chat.threads()).threads
            window.threads.presenter.open(thread.id)
            await until(lambda: window.chat.presenter.model.rowCount() == 2)
            follow_up = await type_question(window, "And in the second year?")
            assert follow_up.status is MessageStatus.COMPLETED
            assert window.chat.presenter.model.rowCount() == 4

    play(first_day())
    assert "Queued" in words
    assert any(said.startswith("Looking up: ") for said in words)
    assert any(said.startswith("Reading ") for said in words)
    play(second_day())


def test_every_name_that_screen_readers_rely_on_is_on_a_control(play: Play, tmp_path: Path) -> None:
    async def look() -> None:
        async with window_on(tmp_path) as (window, _):
            await drop_and_wait(window, POLICIES / "employee-handbook.pdf")
            answer = await type_question(window, "When are salaries paid?")
            await open_citation(window, answer)
            missing = [name for name in NAMES if not named(window, name)]
            assert missing == []
            assert named(window, answer.citations[0].label)
            window.notices.notify("Something to know.")
            assert named(window, "Notice")

    play(look())


def test_broken_files_do_not_stop_the_good_ones(play: Play, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnot really")

    async def job() -> None:
        async with window_on(tmp_path / "data") as (window, desk):
            await drop_and_wait(window, broken, POLICIES / "employee-handbook.pdf")
            states = {file.file: str(file.state) for file in await desk.library.files()}
            assert states == {"broken.pdf": "damaged", "employee-handbook.pdf": "indexed"}

    play(job())


def test_a_typed_question_survives_closing(play: Play, tmp_path: Path) -> None:
    async def type_and_leave() -> None:
        async with window_on(tmp_path) as (window, _):
            window.chat.composer.set_text("How many days of par")
            window.chat.composer.text_changed.emit("How many days of par")

    async def come_back() -> None:
        async with window_on(tmp_path) as (window, _):
            await until(lambda: window.chat.composer.text == "How many days of par")

    play(type_and_leave())
    play(come_back())


def test_closing_in_the_middle_of_everything_loses_nothing(play: Play, tmp_path: Path) -> None:
    async def leave() -> None:
        async with window_on(tmp_path) as (window, _):
            drop(window, *sorted(POLICIES.iterdir()))
            window.chat.presenter.ask("When are salaries paid?")
            await until(lambda: window.chat.presenter.model.rowCount() == 2)

    async def come_back() -> None:
        async with window_on(tmp_path) as (window, desk):
            await until(lambda: not window.library.presenter.imports.is_running)
            files = await desk.library.files()
            assert len(files) == 6
            (thread,) = (await desk.chat.threads()).threads
            messages = await desk.chat.messages(thread.id)
            assert messages[0].text == "When are salaries paid?"
            assert messages[1].status is not MessageStatus.IN_PROGRESS

    play(leave())
    play(come_back())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_window_opens_in_either_theme(play: Play, tmp_path: Path, theme: str) -> None:
    from hrdesk.system.paths import Paths
    from hrdesk.system.settings import Settings

    paths = Paths.at(tmp_path)
    paths.create()
    Settings(theme=theme).save(paths.settings)

    async def look() -> None:
        async with window_on(tmp_path) as (window, _):
            assert window.grab().size().width() > 1000
            assert window.findChildren(QListView)

    play(look())
