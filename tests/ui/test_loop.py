"""The event loop has none of the defects of stock qasync 0.28."""

import asyncio
import contextvars
import gc
import sys
import threading
import time
import tracemalloc

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog

from hrdesk.ui.loop import SLICE, QEventLoop


@pytest.fixture
def loop(qapp):
    # As the window does: otherwise closing a dialog, the last window here, ends the loop.
    qapp.setQuitOnLastWindowClosed(False)
    with QEventLoop(qapp) as loop:
        yield loop


def test_cancelled_timers_do_not_pile_up(loop):
    async def cancel_many() -> int:
        most = 0
        for _ in range(20_000):
            loop.call_later(600, print).cancel()
            most = max(most, loop.waiting)
        return most

    assert loop.run_until_complete(cancel_many()) < 300


def test_time_limits_that_are_not_used_up_leave_nothing_behind(loop):
    async def work() -> None:
        for _ in range(500):
            async with asyncio.timeout(600):
                await asyncio.sleep(0)

    async def soak() -> tuple[int, int]:
        await asyncio.gather(*(work() for _ in range(4)))
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        await asyncio.gather(*(work() for _ in range(16)))
        gc.collect()
        return loop.waiting, tracemalloc.get_traced_memory()[0] - before

    tracemalloc.start()
    try:
        waiting, grown = loop.run_until_complete(soak())
    finally:
        tracemalloc.stop()
    assert waiting < 300
    assert grown < 200_000


def test_a_swept_heap_keeps_the_timers_that_are_still_wanted(loop):
    async def sweep() -> list[int]:
        ran: list[int] = []
        for number in range(50):
            loop.call_later(0.01 + number / 10_000, ran.append, number)
            for _ in range(20):
                loop.call_later(600, ran.append, -1).cancel()
        await asyncio.sleep(0.05)
        return ran

    assert loop.run_until_complete(sweep()) == list(range(50))


def test_a_nested_dialog_pauses_other_tasks_and_breaks_none(loop):
    seen = []

    async def other() -> str:
        for number in range(20):
            await asyncio.sleep(0.001)
            seen.append(number)
        return "whole"

    async def ask() -> str:
        task = loop.create_task(other())
        await asyncio.sleep(0.005)
        dialog = QDialog()
        QTimer.singleShot(50, dialog.accept)
        before = len(seen)
        dialog.exec()
        assert len(seen) == before
        return str(await task)

    assert loop.run_until_complete(ask()) == "whole"
    assert seen == list(range(20))


def test_tasks_go_on_while_a_dialog_opened_by_qt_is_nested(loop):
    async def ask() -> bool:
        dialog = QDialog()
        QTimer.singleShot(0, dialog.exec)
        await asyncio.sleep(0.02)
        dialog.accept()
        await asyncio.sleep(0.02)
        return True

    assert loop.run_until_complete(ask())


def test_timers_are_never_early(loop):
    async def measure() -> list[float]:
        early = []
        for milliseconds in (1, 3, 7, 20, 51):
            began = loop.time()
            await asyncio.sleep(milliseconds / 1000)
            early.append(milliseconds / 1000 - (loop.time() - began))
        return early

    assert max(loop.run_until_complete(measure())) <= time.get_clock_info("monotonic").resolution


def test_call_later_gives_a_timer_handle_with_its_time(loop):
    before = loop.time()
    handle = loop.call_later(5, print)
    assert isinstance(handle, asyncio.TimerHandle)
    assert before + 5 <= handle.when() <= loop.time() + 5


def test_a_call_from_another_thread_keeps_its_context(loop):
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="lost")

    async def ask() -> str:
        answer = loop.create_future()
        context = contextvars.copy_context()
        context.run(variable.set, "kept")

        def tell() -> None:
            answer.set_result(variable.get())

        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(tell, context=context))
        thread.start()
        return str(await answer)

    assert loop.run_until_complete(ask()) == "kept"


def test_calls_from_many_threads_all_arrive(loop):
    async def count() -> int:
        arrived: list[int] = []
        everything = asyncio.Event()

        def arrive(number: int) -> None:
            arrived.append(number)
            if len(arrived) == 800:
                everything.set()

        def call() -> None:
            for number in range(100):
                loop.call_soon_threadsafe(arrive, number)

        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(everything.wait(), 10)
        return len(arrived)

    assert loop.run_until_complete(count()) == 800


def test_more_than_ten_threads_can_work_at_once(loop):
    async def meet() -> int:
        barrier = threading.Barrier(12, timeout=10)
        return len(await asyncio.gather(*(asyncio.to_thread(barrier.wait) for _ in range(12))))

    assert loop.run_until_complete(meet()) == 12


def test_callbacks_run_in_the_order_of_the_calls(loop):
    async def order() -> list[int]:
        ran: list[int] = []
        when = loop.time() + 0.005
        for number in range(100):
            loop.call_soon(ran.append, number)
        for number in range(100, 200):
            loop.call_at(when, ran.append, number)
        await asyncio.sleep(0.02)
        return ran

    assert loop.run_until_complete(order()) == list(range(200))


def test_busy_tasks_leave_qt_its_turn(loop):
    gaps: list[float] = []
    last = time.monotonic()

    def tick() -> None:
        nonlocal last
        gaps.append(time.monotonic() - last)
        last = time.monotonic()

    async def be_busy() -> None:
        end = loop.time() + 0.3
        while loop.time() < end:
            await asyncio.sleep(0)

    timer = QTimer(interval=1)
    timer.timeout.connect(tick)
    timer.start()
    loop.run_until_complete(asyncio.wait_for(_many(be_busy, 4), 10))
    assert len(gaps) > 0.3 / SLICE / 4


def test_a_failing_callback_is_handed_to_the_exception_handler(loop):
    contexts = []
    loop.set_exception_handler(lambda _loop, context: contexts.append(context))

    async def fail() -> None:
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0.001)

    loop.run_until_complete(fail())
    assert isinstance(contexts[0]["exception"], ZeroDivisionError)


def test_a_slow_callback_is_named_in_debug_mode(loop, caplog):
    loop.set_debug(True)
    loop.slow_callback_duration = 0.0

    async def nothing() -> None:
        pass

    loop.run_until_complete(nothing())
    assert "kept the window waiting" in caplog.text


def test_coroutine_functions_are_refused_as_callbacks(loop):
    async def coroutine() -> None: ...

    for call in (loop.call_soon, lambda callback: loop.call_later(0, callback)):
        with pytest.raises(TypeError):
            call(coroutine)


def test_a_closed_loop_takes_no_calls(qapp):
    loop = QEventLoop(qapp)
    loop.close()
    for call in (loop.call_soon, loop.call_soon_threadsafe, lambda callback: loop.call_later(0, callback)):
        with pytest.raises(RuntimeError):
            call(print)


def test_child_processes_and_sockets_work(loop):
    async def ask() -> tuple[bytes, bytes]:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print('hello')", stdout=asyncio.subprocess.PIPE
        )
        said, _ = await child.communicate()
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"line\n")
            line = await reader.readline()
            writer.close()
            await writer.wait_closed()
        return said.strip(), line

    assert loop.run_until_complete(ask()) == (b"hello", b"line\n")


def test_a_generator_that_nobody_reads_on_is_closed_inside_the_loop(loop):
    closed: list[asyncio.AbstractEventLoop] = []

    async def numbers():
        try:
            yield 1
            yield 2
        finally:
            closed.append(asyncio.get_running_loop())

    async def read_one() -> None:
        async for _ in numbers():
            break
        gc.collect()
        while not closed:
            await asyncio.sleep(0)

    loop.run_until_complete(read_one())
    assert closed == [loop]


def test_generators_that_are_still_held_are_closed_at_the_end(loop):
    closed: list[int] = []

    async def numbers():
        try:
            yield 1
        finally:
            closed.append(1)

    held = numbers()

    async def read_one() -> int:
        return await anext(held)

    assert loop.run_until_complete(read_one()) == 1
    loop.run_until_complete(loop.shutdown_asyncgens())
    assert closed == [1]


def test_it_can_be_run_by_asyncio_runner_again_and_again(qapp):
    async def answer() -> int:
        await asyncio.sleep(0.001)
        return 42

    for _ in range(3):
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
            assert runner.run(answer()) == 42


@pytest.mark.parametrize("time", ["first", "second"])
def test_the_loop_of_a_test_runs_tasks_while_qt_waits_and_leaves_qt_usable(qloop, qtbot, time):
    task = qloop.create_task(asyncio.sleep(0.01, "done"))
    qtbot.waitUntil(task.done)
    assert task.result() == "done"


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()


async def _many(work, count: int) -> None:
    await asyncio.gather(*(work() for _ in range(count)))
