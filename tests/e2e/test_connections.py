"""The real window on a server over a real socket: all three contracts look and behave the same."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from hrdesk.core.citations import CitationState
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.runs import RunStatus
from hrdesk.core.threads import MessageStatus
from hrdesk.core.usage import Budget, Usage
from hrdesk.services.desk import Desk
from hrdesk.ui.window import MainWindow
from tests.e2e.conftest import Play
from tests.e2e.window import button, named, open_citation, type_question, until, window_on
from tests.openai_server import Call, CallTools, OpenAIServer, Say, serve
from tests.services.desk import copy_of

KINDS = [ConnectionKind.CHAT, ConnectionKind.RESPONSES, ConnectionKind.ASSISTANTS]
LOOKUP = CallTools(Call("lookup_policy", {"query": "When are salaries paid?"}))
ANSWER = "Salaries are paid on the 25th of each month [p1]."
KEY = "sk-canary-7f3a9b"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a key store: keys live in memory."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@asynccontextmanager
async def connected(
    folder: Path, kind: ConnectionKind, **changes: object
) -> AsyncIterator[tuple[MainWindow, Desk, OpenAIServer]]:
    """The window, answered by a scripted server."""
    async with serve() as server, window_on(folder) as (window, desk):
        values = {"model": "priced-1", "needs_key": True, **changes}
        await desk.connections.save(Connection("remote", "Remote", kind, server.base_url, **values))  # type: ignore[arg-type]
        await desk.connections.store_key("remote", KEY)
        window.settings.presenter.offer("remote")
        assert desk.chat.connection.name == "remote"
        yield window, desk, server


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_a_model_opens_the_policy_at_its_words(
    play: Play, demo_library: Path, tmp_path: Path, kind: ConnectionKind
) -> None:
    words: list[str] = []

    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), kind) as (window, desk, server):
            window.chat.flight_changed.connect(lambda flight: words.append(flight.words))
            server.script(LOOKUP, Say(text=ANSWER, usage=Usage(900, 40)))
            answer = await type_question(window, "When are salaries paid?")
            assert answer.text == ANSWER.replace("[p1]", "[1]")
            assert [citation.state for citation in answer.citations] == [CitationState.VERIFIED]
            assert answer.usage.output_tokens >= 40
            await open_citation(window, answer)
            run = await desk.chat.seen(answer.run_id or "")
            assert (run.host, run.model) == (server.base_url.split("/")[2], "priced-1")
            assert run.lookups[0]["candidates"][0]["sent"]
            assert (await desk.records.verify()).faults == ()
        assert "Looking up: When are salaries paid?" in words
        assert not any(KEY in str(entry.body) for entry in server.log)

    play(scene())


@pytest.mark.parametrize("kind", KINDS)
def test_stop_is_on_the_screen_at_once_and_keeps_what_was_written(
    play: Play, demo_library: Path, tmp_path: Path, kind: ConnectionKind
) -> None:
    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), kind) as (window, desk, server):
            closed = asyncio.Event()
            server.script(LOOKUP, Say(pieces=["Salaries are ", closed, "paid on the 25th."]))
            shown = window.chat.presenter
            window.chat.presenter.ask("When are salaries paid?")
            await until(lambda: shown.model.messages and shown.model.messages[-1].text.startswith("Salaries"))
            pressed = time.perf_counter()
            QTest.mouseClick(button(window, "Stop"), Qt.MouseButton.LeftButton)
            assert window.chat.status.words == "Stopping"
            assert time.perf_counter() - pressed < 0.2
            await until(lambda: shown.flight is None)
            answer = shown.model.messages[-1]
            assert answer.status is MessageStatus.INCOMPLETE
            assert answer.text.strip() == "Salaries are"
            run = await desk.chat.seen(answer.run_id or "")
            assert run.status is RunStatus.CANCELLED
            closed.set()

    play(scene())


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_counts_no_tokens_is_checked_all_the_same(
    play: Play, demo_library: Path, tmp_path: Path, kind: ConnectionKind
) -> None:
    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), kind) as (window, _, server):
            mute = Say(text=f"{ANSWER} Everybody likes the canteen very much.", usage=None)
            server.script(CallTools(*LOOKUP.calls, usage=None), mute)
            answer = await type_question(window, "When are salaries paid?")
            assert answer.uncited == ("Everybody likes the canteen very much.",)
            assert (answer.usage, answer.cost) == (Usage(), None)

    play(scene())


def test_two_threads_are_answered_at_once(play: Play, demo_library: Path, tmp_path: Path) -> None:
    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), ConnectionKind.RESPONSES) as (
            window,
            desk,
            server,
        ):
            gates = asyncio.Event(), asyncio.Event()
            server.script(Say(text="First.", gate=gates[0]), when="one")
            server.script(Say(text="Second.", gate=gates[1]), when="two")
            window.chat.presenter.ask("Question one?")
            await until(lambda: window.chat.presenter.thread_id)
            first = window.chat.presenter.thread_id or ""
            window.new_thread()
            window.chat.presenter.ask("Question two?")
            await until(lambda: window.chat.presenter.thread_id)
            second = window.chat.presenter.thread_id or ""
            assert desk.chat.running(first) and desk.chat.running(second)
            gates[1].set()
            await until(lambda: not desk.chat.running(second))
            assert desk.chat.running(first)
            gates[0].set()
            await until(lambda: not desk.chat.running(first))
            texts = [(await desk.chat.messages(thread))[-1].text for thread in (first, second)]
            assert texts == ["First.", "Second."]

    play(scene())


def test_a_used_up_budget_keeps_what_was_typed_and_sends_nothing(
    play: Play, demo_library: Path, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), ConnectionKind.CHAT) as (window, desk, server):
            await desk.costs.set_budget(Budget(Decimal(0)))
            field = window.chat.composer.field
            QTest.keyClicks(field, "When are salaries paid?")
            QTest.keyClick(field, Qt.Key.Key_Return)
            await until(lambda: "used up" in _said(window))
            assert field.toPlainText() == "When are salaries paid?"
            assert not server.log.of("POST /v1/chat/completions")
            assert (await desk.chat.threads()).total == 0

    play(scene())


def test_a_follow_up_waits_and_is_sent_when_the_answer_is_done(
    play: Play, demo_library: Path, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with connected(copy_of(demo_library, tmp_path), ConnectionKind.RESPONSES) as (
            window,
            _,
            server,
        ):
            gate = asyncio.Event()
            server.script(Say(text="First.", gate=gate), Say(text="Second."))
            shown = window.chat.presenter
            shown.ask("Question one?")
            await until(lambda: shown.flight is not None and shown.flight.run_id)
            QTest.keyClicks(window.chat.composer.field, "And the second?")
            QTest.keyClick(window.chat.composer.field, Qt.Key.Key_Return)
            await until(lambda: any(one.isVisible() for one in named(window, "Waiting question")))
            gate.set()
            await until(lambda: shown.model.rowCount() == 4 and shown.flight is None)
            assert [message.text for message in shown.model.messages][1::2] == ["First.", "Second."]

    play(scene())


def _said(window: MainWindow) -> str:
    return " ".join(label.text() for label in window.notice_stack.findChildren(QLabel))


def test_an_answered_question_becomes_a_golden_one(play: Play, demo_library: Path, tmp_path: Path) -> None:
    async def scene() -> None:
        async with window_on(copy_of(demo_library, tmp_path)) as (window, desk):
            window.chat.header.keep_clicked.emit()
            await until(lambda: "has a source" in _said(window))
            answer = await type_question(window, "When are salaries paid?")
            window.chat.header.keep_clicked.emit()
            await until(lambda: "golden question" in _said(window))
            (kept,) = await desk.evaluation.questions()
            assert kept.question == "When are salaries paid?"
            assert [gold.quote for gold in kept.gold] == [citation.quote for citation in answer.citations]
            run = await desk.evaluation.run(rests=False)
            assert run is not None and run.figures["recall@5"] == 1.0

    play(scene())
