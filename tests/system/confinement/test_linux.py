import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hrdesk.core.errors import ChildStopped
from hrdesk.system.confinement import linux
from hrdesk.system.confinement.limits import Limits
from hrdesk.system.workers import READING, TRUSTED, ChildProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="What is tested is Linux's.")

SECONDS = 60.0


@pytest.fixture
def child():
    started = []

    def start(handler: str, limits: Limits = READING) -> ChildProcess:
        started.append(ChildProcess(f"tests.system.child_handlers:{handler}", limits))
        return started[-1]

    yield start
    for process in started:
        process.close()


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def runs(process: int) -> bool:
    """Whether a process runs; one that is only waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(process: int) -> bool:
    until = time.monotonic() + SECONDS
    while runs(process) and time.monotonic() < until:
        os.sched_yield()
    return not runs(process)


def test_neither_a_child_nor_what_it_starts_reaches_a_port_of_this_computer(child, port):
    socket.create_connection(("127.0.0.1", port)).close()  # which this process does
    for limits in (READING, TRUSTED):
        answer, _ = child("reaches", limits).request({"port": port}, seconds=SECONDS)
        assert answer == {"own": False, "started": False}


class Libc(ctypes.CDLL):
    """A kernel that allows what is named; answers as the C library does."""

    def __init__(self, *allowed: int, tcp_version: int = 0) -> None:
        super().__init__(None)
        self.allowed, self.tcp_version = allowed, tcp_version
        self.asked: list[int] = []

    def unshare(self, flags):
        self.asked.append(flags)
        return 0 if flags in self.allowed else -1

    def syscall(self, number, *arguments):
        self.asked.append(number)
        if number == 444 and arguments[0] is None:
            return self.tcp_version or -1
        return os.open(os.devnull, os.O_RDONLY) if number == 444 else 0


NETWORK, WITH_USER = 0x40000000, 0x50000000


def test_who_may_make_a_network_namespace_needs_nothing_else():
    libc = Libc(NETWORK)
    assert linux._leave_network(libc) is linux.Network.NOTHING
    assert libc.asked == [NETWORK]


def test_others_make_a_user_namespace_with_it(monkeypatch):
    kept = []
    monkeypatch.setattr(linux, "_keep_identity", lambda *numbers: kept.append(numbers))
    libc = Libc(WITH_USER)
    assert linux._leave_network(libc) is linux.Network.NOTHING
    assert kept == [(os.getuid(), os.getgid())]


@pytest.mark.parametrize(
    ("version", "network"), [(0, linux.Network.OPEN), (3, linux.Network.OPEN), (4, linux.Network.NO_TCP)]
)
def test_without_namespaces_tcp_is_denied_as_far_as_the_kernel_can(version, network):
    assert linux._leave_network(Libc(tcp_version=version)) is network


def test_tcp_is_denied_by_landlock_for_real(port):
    program = (
        "import ctypes, socket, sys\n"
        "from hrdesk.system.confinement import linux\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "libc.prctl(38, 1, 0, 0, 0)\n"
        "network = linux._deny_tcp(libc)\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5); print(network, 'reached')\n"
        "except PermissionError: print(network, 'denied')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(port)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() in ("no TCP denied", "all reached")  # by what this kernel knows


@pytest.mark.parametrize("end", ["kill", "abort", "time"])
def test_what_a_child_started_ends_with_it(child, tmp_path, end):
    says = tmp_path / "program"
    limits = Limits(memory_bytes=0, cpu_seconds=0, open_files=0)
    process = child("starts_a_program", limits)
    message = {"says": str(says), "aborts": end == "abort", "hangs": end == "time"}
    if end == "kill":
        process.request(message, seconds=SECONDS)
        process.kill()
    else:
        with pytest.raises(ChildStopped):
            process.request(message, seconds=SECONDS if end == "abort" else 3.0)
    assert ends(int(says.read_text()))


def test_a_child_at_work_ends_when_its_parent_was_killed(tmp_path):
    says = tmp_path / "program"
    program = (
        "import sys\n"
        "from hrdesk.system.workers import TRUSTED, ChildProcess\n"
        "child = ChildProcess('tests.system.child_handlers:starts_a_program', TRUSTED)\n"
        "child.request({'says': sys.argv[1], 'hangs': True}, seconds=300)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(says)]) as parent:
        until = time.monotonic() + SECONDS
        while not (says.exists() and says.read_text()) and time.monotonic() < until:
            os.sched_yield()
        parent.kill()
    assert ends(int(says.read_text()))


def test_a_child_that_was_waited_for_is_never_killed_by_its_number():
    with subprocess.Popen(["true"], start_new_session=True) as process:
        held = linux.hold(process, Limits())
        while not held.has_ended():
            os.sched_yield()
        assert process.returncode is None  # asked after, not waited for
        held.kill()
        process.wait()
    held.kill()
    assert held.has_ended()
    held.release()


def test_the_real_library_has_what_is_called():
    libc = ctypes.CDLL(None)
    assert all(hasattr(libc, name) for name in ("unshare", "prctl", "syscall"))
