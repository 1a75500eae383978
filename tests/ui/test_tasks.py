"""Tasks are kept, reported and cancelled."""

import asyncio

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.ui.tasks import Tasks


async def test_a_result_comes_back_and_nothing_is_reported():
    reported: list[BaseException] = []
    tasks = Tasks(reported.append)

    async def add() -> int:
        return 1 + 1

    assert await tasks.start(add(), "add numbers") == 2
    assert (reported, tasks.names) == ([], [])


@pytest.mark.parametrize("error", [HrdeskError("The disk is full."), ValueError("a bug")])
async def test_an_exception_is_reported_once(error):
    reported: list[BaseException] = []
    tasks = Tasks(reported.append)

    async def fail() -> None:
        raise error

    await asyncio.wait([tasks.start(fail(), "fail at once")])
    assert reported == [error]


async def test_a_task_is_kept_while_it_runs_and_known_by_its_name():
    tasks = Tasks(_unexpected)
    gate = asyncio.Event()
    task = tasks.start(_wait(gate), "wait for the gate")
    assert tasks.names == ["wait for the gate"]
    gate.set()
    await task
    assert tasks.names == []


async def test_cancelling_all_waits_for_what_is_done_in_finally():
    tasks = Tasks(_unexpected)
    done = []

    async def save_in_the_end() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            done.append("saved")

    tasks.start(save_in_the_end(), "save")
    await asyncio.sleep(0)
    await tasks.cancel_all()
    assert (done, tasks.names) == (["saved"], [])


async def test_cancelling_all_does_not_wait_for_the_task_that_asks():
    tasks = Tasks(_unexpected)
    await asyncio.wait_for(tasks.start(tasks.cancel_all(), "close"), 5)


async def test_an_error_while_being_cancelled_is_reported():
    reported: list[BaseException] = []
    tasks = Tasks(reported.append)

    async def fail_late() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise HrdeskError("The draft could not be saved.")

    tasks.start(fail_late(), "fail late")
    await asyncio.sleep(0)
    await tasks.cancel_all()
    assert [str(error) for error in reported] == ["The draft could not be saved."]


def _unexpected(error: BaseException) -> None:
    raise AssertionError from error


async def _wait(gate: asyncio.Event) -> None:
    await gate.wait()
