import ctypes
import subprocess

import pytest

from hrdesk.system.confinement import windows
from hrdesk.system.confinement.limits import Limits


class Process(subprocess.Popen[bytes]):
    """A child that runs until it is killed."""

    _handle = 44

    def __init__(self) -> None:
        self.code: int | None = None

    def __del__(self) -> None:
        """Nothing was started."""

    def poll(self):
        return self.code

    def kill(self) -> None:
        self.code = 1


class Kernel:
    """kernel32 as far as jobs go; notes what it is asked."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.asked: list[str] = []
        self.wanted: windows.JobLimits | None = None

    def _answer(self, name: str) -> int:
        self.asked.append(name)
        return 0 if name == self.refuses else 7

    def CreateJobObjectW(self, security, name):  # noqa: N802 - its own name
        return self._answer("create")

    def SetInformationJobObject(self, job, kind, limits, size):  # noqa: N802 - its own name
        assert (job.value, kind, size) == (7, 9, ctypes.sizeof(windows.JobLimits))
        self.wanted = limits._obj
        return self._answer("limit")

    def AssignProcessToJobObject(self, job, process):  # noqa: N802 - its own name
        assert (job.value, process.value) == (7, 44)
        return self._answer("assign")

    def TerminateJobObject(self, job, code):  # noqa: N802 - its own name
        return self._answer("terminate")

    def SetPriorityClass(self, process, priority):  # noqa: N802 - its own name
        return self._answer("priority")

    def CloseHandle(self, handle):  # noqa: N802 - its own name
        return self._answer("close")


def test_the_structure_is_laid_out_as_windows_reads_it():
    if ctypes.sizeof(ctypes.c_void_p) == 8:
        assert ctypes.sizeof(windows.JobLimits) == 144
        assert windows.JobLimits.process_memory.offset == 112
        assert windows._Basic.flags.offset == 16


def test_a_job_limits_memory_and_time_and_ends_with_its_handle():
    kernel = Kernel()
    held = windows.JobHold(Process(), Limits(memory_bytes=1_000, cpu_seconds=3), kernel)
    assert kernel.wanted is not None
    assert kernel.wanted.basic.flags == 0x2000 | 0x400 | 0x100 | 0x2
    assert (kernel.wanted.process_memory, kernel.wanted.basic.process_time) == (1_000, 30_000_000)
    held.kill()
    held.release()
    held.release()
    assert kernel.asked == ["create", "limit", "assign", "priority", "terminate", "close"]


def test_no_limit_is_asked_for_where_there_is_none():
    assert windows.job_limits(Limits(memory_bytes=0, cpu_seconds=0)).basic.flags == 0x2000 | 0x400


@pytest.mark.parametrize("refuses", ["create", "limit", "assign"])
def test_without_a_job_the_child_alone_is_killed(refuses):
    kernel, process = Kernel(refuses), Process()
    held = windows.JobHold(process, Limits(), kernel)
    assert not held.has_ended()
    held.kill()
    assert held.has_ended() and "terminate" not in kernel.asked
    held.release()
    assert kernel.asked.count("close") == (refuses != "create")
    windows.confine(Limits())
