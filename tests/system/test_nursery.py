"""Children that are forked: apart from each other, and gone with the process that asked for them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from hrdesk.system.nursery import IS_POSSIBLE, Nursery
from hrdesk.system.workers import TRUSTED, ChildProcess, nursery_for
from tests.system.test_workers import loaded

pytestmark = pytest.mark.skipif(not IS_POSSIBLE, reason="Children are not forked on this system.")
SECONDS = 60.0
ECHO = "tests.system.child_handlers:echo"


def starts_another(message: dict[str, object], payload: bytes) -> tuple[dict[str, object], bytes]:
    """Start a program that outlives the child, and say its number."""
    return {"pid": subprocess.Popen(["sleep", "300"]).pid}, b""


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = nursery_for(ECHO, TRUSTED, ["tests.system.child_handlers"])
    assert made is not None
    yield loaded(made)
    made.close()


def test_every_child_is_a_process_of_its_own(nursery: Nursery):
    children = [ChildProcess(ECHO, TRUSTED, nursery) for _ in range(3)]
    ids = {child.request({}, seconds=SECONDS)[0]["pid"] for child in children}
    assert ids == {child.process_id for child in children} and len(ids) == 3
    for child in children:
        child.close()


def test_a_child_holds_no_pipe_of_another_one(nursery: Nursery):
    first, second = nursery.fork(), nursery.fork()
    assert first is not None and second is not None
    first.stdin.close()  # the second would keep it open if it had inherited it
    assert first.wait() == 0
    assert second.poll() is None
    second.kill()
    assert second.wait() == -signal.SIGKILL
    for pipe in (first.stdout, second.stdin, second.stdout):
        pipe.close()


def test_what_a_child_started_ends_with_it():
    handler = f"{__name__}:starts_another"
    nursery = nursery_for(handler, TRUSTED, [__name__])
    assert nursery is not None
    loaded(nursery)
    child = ChildProcess(handler, TRUSTED, nursery)
    answer, _ = child.request({}, seconds=SECONDS)
    child.close()
    _wait_until_gone(answer["pid"])
    nursery.close()


def test_a_nursery_that_died_is_replaced(nursery: Nursery):
    child = ChildProcess(ECHO, TRUSTED, nursery)
    assert child.request({}, seconds=SECONDS)
    assert nursery.process_id is not None
    before = nursery.process_id
    os.kill(before, signal.SIGKILL)
    child.kill()
    answer, _ = child.request({}, seconds=SECONDS)  # started in the ordinary way meanwhile
    assert answer["got"] == {}
    assert loaded(nursery).process_id != before
    child.close()


def test_a_closed_nursery_has_no_process(nursery: Nursery):
    child = ChildProcess(ECHO, TRUSTED, nursery)
    child.request({}, seconds=SECONDS)
    number = nursery.process_id
    child.close()
    nursery.close()
    assert nursery.process_id is None and number is not None
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_nothing_is_left_when_the_window_is_killed():
    script = (
        "import time; from hrdesk.system.workers import TRUSTED, nursery_for\n"
        f"nursery = nursery_for('{ECHO}', TRUSTED, ['tests.system.child_handlers'])\n"
        "nursery.fork(60); forked = nursery.fork()\n"
        "print(nursery.process_id, forked.pid, flush=True); time.sleep(60)"
    )
    window = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    numbers = [int(one) for one in window.stdout.readline().split()]
    window.kill()
    window.wait()
    window.stdout.close()
    for number in numbers:
        _wait_until_gone(number)


def _wait_until_gone(number: int) -> None:
    """Wait for the end of a process that is not our child."""
    try:
        file = os.pidfd_open(number)
    except ProcessLookupError:
        return
    import select

    assert select.select([file], [], [], SECONDS)[0], "it is still there"
    os.close(file)
