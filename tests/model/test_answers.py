"""SmolLM2 (135 million parameters) on llama.cpp answers in the window, over both of its APIs.

The model is far too small to answer well, and it never calls a tool. What is shown here is that a real
server is understood: its models, its stream, its tokens, and the passages that the prompt begins with.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.runs import RunStatus
from hrdesk.core.threads import Message
from hrdesk.services.desk import Desk
from hrdesk.ui.window import MainWindow
from tests.e2e.conftest import Play, demo_library, play
from tests.e2e.window import type_question, window_on
from tests.services.desk import copy_of

__all__ = ["demo_library", "play"]

PYTHON = os.environ.get("HRDESK_MODEL_PYTHON", "")
QUESTION = "When are salaries paid?"
NAME = "smollm2"
PATIENCE = 170.0  # seconds; two turns of a model on a loaded machine without a graphics card

pytestmark = pytest.mark.skipif(not PYTHON, reason="needs a language model: run `make test-model`")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The base URL of a llama.cpp server with the model loaded."""
    program = Path(__file__).with_name("endpoint.py")
    with subprocess.Popen(
        [PYTHON, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["address"] + "/v1"
        server.kill()


class Watch:
    """When the words of an answer were first seen, and when it was whole. Seconds since it began."""

    def __init__(self, window: MainWindow) -> None:
        self._began = time.monotonic()
        self.first = 0.0
        self.words: list[str] = []
        window.chat.flight_changed.connect(self._look)

    def _look(self, flight: object) -> None:
        words = str(getattr(flight, "words", ""))
        self.words.append(words)
        if words == "Writing" and not self.first:
            self.first = self.seconds

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began


async def answered(
    window: MainWindow, desk: Desk, kind: ConnectionKind, address: str
) -> tuple[Message, Watch]:
    """Ask over a connection of this kind; check what holds for every answer, and print what it took."""
    connection = Connection("small", "Small model", kind, address, model=NAME)
    assert NAME in await desk.connections.models(connection)
    assert "offers" in await desk.connections.test(connection)
    await desk.connections.save(connection)
    window.settings.presenter.offer("small")
    watch = Watch(window)
    answer = await type_question(window, QUESTION, PATIENCE)
    took = watch.seconds
    run = await desk.chat.seen(answer.run_id or "")
    assert run.status in (RunStatus.COMPLETED, RunStatus.INCOMPLETE), run.last_error
    assert answer.text.strip()
    assert run.model and QUESTION in run.prompt
    assert run.usage.input_tokens > 0 and run.usage.output_tokens > 0
    assert "Writing" in watch.words
    tokens = f"{run.usage.input_tokens} tokens in, {run.usage.output_tokens} out"
    sys.stdout.write(f"\n{kind}: {watch.first:.1f} s to the first words, {took:.1f} s in all; {tokens}\n")
    sys.stdout.write(f"{run.status}: {answer.text[:300]}\n")
    return answer, watch


def test_chat_completions_with_the_passages_first(
    play: Play, demo_library: Path, tmp_path: Path, address: str
) -> None:
    async def scene() -> None:
        async with window_on(copy_of(demo_library, tmp_path)) as (window, desk):
            answer, watch = await answered(window, desk, ConnectionKind.CHAT, address)
            run = await desk.chat.seen(answer.run_id or "")
            assert run.lookups[0]["query"] == QUESTION
            assert "[p1]" in run.prompt
            assert any(words.startswith("Looking up: ") for words in watch.words)

    play(scene())


def test_responses_without_state(play: Play, demo_library: Path, tmp_path: Path, address: str) -> None:
    async def scene() -> None:
        async with window_on(copy_of(demo_library, tmp_path)) as (window, desk):
            await answered(window, desk, ConnectionKind.RESPONSES, address)

    play(scene())


def test_a_long_answer_can_be_stopped(play: Play, demo_library: Path, tmp_path: Path, address: str) -> None:
    async def scene() -> None:
        async with window_on(copy_of(demo_library, tmp_path)) as (window, desk):
            await desk.connections.save(
                Connection("small", "Small model", ConnectionKind.RESPONSES, address, model=NAME)
            )
            window.settings.presenter.offer("small")
            stopped: list[float] = []

            def stop_at_the_first_words(flight: object) -> None:
                if getattr(flight, "words", "") == "Writing" and not stopped:
                    stopped.append(time.monotonic())
                    window.chat.presenter.stop()

            window.chat.flight_changed.connect(stop_at_the_first_words)
            answer = await type_question(window, "Tell me all about leave.", PATIENCE)
            assert time.monotonic() - stopped[0] < 5
            assert (await desk.chat.seen(answer.run_id or "")).status is RunStatus.CANCELLED

    play(scene())
