import io
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.system.frames import read_frame, write_frame
from hrdesk.system.nursery import IS_POSSIBLE, Nursery
from hrdesk.system.workers import READING, TRUSTED, ChildProcess, Limits, nursery_for

SECONDS = 60.0  # generous: a busy machine must not fail a test


def loaded(nursery: Nursery) -> Nursery:
    """Wait until a nursery forks."""
    first = nursery.fork(SECONDS)
    assert first is not None
    first.kill()
    first.wait()
    first.stdin.close()
    first.stdout.close()
    return nursery


@pytest.fixture(params=["new", "forked"])
def child(request):
    """Start a child, as a new process or forked in a nursery; both must be the same to who uses them."""
    if request.param == "forked" and not IS_POSSIBLE:
        pytest.skip("Children are not forked on this system.")
    started, nurseries = [], []

    def start(handler: str, limits: Limits = TRUSTED) -> ChildProcess:
        name, nursery = f"tests.system.child_handlers:{handler}", None
        if request.param == "forked":
            nursery = nursery_for(name, limits, ["tests.system.child_handlers"])
            assert nursery is not None
            loaded(nursery)
            nurseries.append(nursery)
        process = ChildProcess(name, limits, nursery)
        started.append(process)
        return process

    yield start
    for one in started:
        one.close()
    for nursery in nurseries:
        nursery.close()


def reason_of(child: ChildProcess, message=None, seconds=SECONDS) -> str:
    with pytest.raises(ChildStopped) as stopped:
        child.request(message or {}, seconds=seconds)
    assert stopped.value.title
    return stopped.value.reason


def test_a_request_is_answered_with_message_and_payload(child):
    answer, data = child("echo").request({"a": ["ü", 1, None]}, b"abc", seconds=SECONDS)
    assert answer["got"] == {"a": ["ü", 1, None]}
    assert data == b"cba"


def test_one_child_answers_many_requests(child):
    process = child("echo")
    ids = {process.request({"n": n}, seconds=SECONDS)[0]["pid"] for n in range(3)}
    assert ids == {process.process_id}


def test_large_answers_arrive_whole(child):
    answer, data = child("large").request({"characters": 300_000, "bytes": 2_000_000}, seconds=SECONDS)
    assert (len(answer["text"]), len(data)) == (300_000, 2_000_000)


def test_what_a_child_prints_does_not_spoil_the_answer(child):
    process = child("prints")
    assert process.request({}, seconds=SECONDS) == ({"ok": True}, b"")
    assert process.request({}, seconds=SECONDS) == ({"ok": True}, b"")


def test_a_child_that_hangs_is_stopped_for_time_and_gone(child):
    process = child("hangs")
    process.start()
    number = process.process_id
    assert reason_of(process, seconds=0.5) == "time"
    assert process.process_id is None
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_child_that_takes_too_much_memory_is_stopped_for_memory(child):
    assert reason_of(child("eats_memory", Limits(memory_bytes=512 * 2**20))) == "memory"


def test_a_child_over_its_processor_time_is_stopped_for_time(child):
    assert reason_of(child("burns", Limits(cpu_seconds=1))) == "time"


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        ("aborts", "memory"),
        ("exits", "crash"),
        ("lies", "protocol"),
        ("has_a_bug", "crash"),
        ("recurses", "crash"),
    ],
)
def test_every_way_to_fail_has_its_reason(child, handler, reason):
    assert reason_of(child(handler)) == reason


def test_a_handler_that_does_not_exist_is_a_crash(child):
    assert reason_of(child("nothing_of_that_name")) == "crash"


def test_a_sentence_of_the_child_reaches_the_parent(child):
    with pytest.raises(HrdeskError) as error:
        child("refuses").request({}, seconds=SECONDS)
    assert (error.value.title, error.value.advice) == ("This cannot be done.", "Do something else.")


def test_a_child_that_gives_up_says_why(child):
    assert reason_of(child("gives_up")) == "memory"


def test_a_stopped_child_starts_again_with_the_next_request(child):
    process = child("waits_then_answers")
    assert reason_of(process, {"seconds": 600}, seconds=0.5) == "time"
    assert process.request({"seconds": 0}, seconds=SECONDS)[0] == {"ok": True}


def test_kill_ends_a_waiting_request(child):
    process = child("hangs")
    process.start()
    killer = threading.Timer(0.3, process.kill)
    killer.start()
    assert reason_of(process) == "cancelled"
    killer.join()
    assert process.process_id is None


def test_kill_without_a_child_does_nothing(child):
    child("echo").kill()


def test_a_closed_child_never_starts_again(child):
    process = child("echo")
    process.close()
    assert reason_of(process) == "cancelled"
    assert process.process_id is None


def test_a_closed_child_can_be_closed_again(child):
    process = child("echo")
    process.request({}, seconds=SECONDS)
    process.close()
    process.close()
    assert process.process_id is None


def test_a_reading_child_cannot_write_files(child, tmp_path):
    target = tmp_path / "planted"
    answer, _ = child("writes_a_file", READING).request({"path": str(target)}, seconds=SECONDS)
    assert "error_number" in answer
    assert not target.exists() or target.stat().st_size == 0


def test_a_child_does_not_see_the_secrets_in_the_environment(child, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    answer, _ = child("environment").request({}, seconds=SECONDS)
    assert not {"OPENAI_API_KEY", "DBUS_SESSION_BUS_ADDRESS", "HOME"} & set(answer["names"])


def test_progress_is_told_before_the_answer(child):
    told: list[tuple[int, int]] = []
    process = child("counts")
    answer, _ = process.request(
        {"pages": 3}, seconds=SECONDS, report=lambda done, total: told.append((done, total))
    )
    assert answer == {"ok": True} and told == [(0, 3), (1, 3), (2, 3)]
    assert process.request({"pages": 2}, seconds=SECONDS)[0] == {"ok": True}  # nobody needs to listen


@pytest.mark.parametrize("counts", [[2, 1], [-1, 1], [1], [True, 1], ["1", 2], [0, 10**9]])
def test_progress_that_makes_no_sense_ends_the_child(child, counts):
    assert reason_of(child("reports_nonsense"), {"counts": counts}) == "protocol"


def test_progress_without_end_does_not_keep_a_child_alive(child):
    assert reason_of(child("floods")) == "protocol"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=5), st.binary(max_size=300))
def test_frames_come_back_as_they_were_written(message, payload):
    pipe = io.BytesIO()
    write_frame(pipe, message, payload)
    pipe.seek(0)
    assert read_frame(pipe) == (message, payload)


@given(st.binary(max_size=200))
def test_garbage_is_never_more_than_a_bad_frame(garbage):
    with pytest.raises((EOFError, ValueError)):
        read_frame(io.BytesIO(garbage))
