import ctypes
import subprocess
import sys

import pytest

from hrdesk.system.confinement import macos
from hrdesk.system.confinement.limits import Limits

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Shares its groups with Linux.")


class Library:
    """Answers as libproc and libSystem do."""

    def __init__(self, footprint: int | None = None, sandbox: int = 0) -> None:
        self.footprint, self.sandbox = footprint, sandbox
        self.profiles: list[tuple[bytes, int]] = []

    def proc_pid_rusage(self, process, version, usage):
        if self.footprint is None or version != 0:
            return -1
        usage._obj.footprint = self.footprint
        return 0

    def sandbox_init(self, profile, flags, trouble):
        self.profiles.append((profile, flags.value))
        return self.sandbox


def test_the_footprint_is_read_where_the_kernel_writes_it():
    assert ctypes.sizeof(macos.Usage) == 96
    assert macos.Usage.footprint.offset == 72
    assert macos.footprint(Library(5_000), 1) == 5_000
    assert macos.footprint(Library(), 1) is None


def test_the_network_is_left_by_the_systems_own_profile():
    library = Library()
    assert macos.leave_network(library)
    assert library.profiles == [(b"no-network", 1)]
    assert not macos.leave_network(Library(sandbox=-1))


def test_a_child_that_grows_too_large_is_killed_for_memory():
    with subprocess.Popen(["sleep", "300"], **macos.START) as process:
        held = macos.WatchedHold(process, Limits(memory_bytes=1_000), Library(1_001))
        process.wait(60)
    assert held.exceeded == "memory"
    held.release()


def test_a_child_within_its_limit_lives_and_one_without_limit_is_not_watched():
    with subprocess.Popen(["sleep", "300"], **macos.START) as process:
        watched = macos.WatchedHold(process, Limits(memory_bytes=1_000), Library(1_000))
        free = macos.WatchedHold(process, Limits(memory_bytes=0), Library(10**12))
        assert not watched.has_ended() and watched.exceeded == free.exceeded == ""
        free.release()
        watched.release()
        watched.kill()
