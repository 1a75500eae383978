"""Windows: a job object for every child, with limits for memory and processor time.

The job ends all its processes when its handle is closed, also when hrdesk itself is killed. The child is
put into it between its start and its first request, so nothing untrusted has been read before. The network
is not taken away: that would need an AppContainer, in which Python does not start from an ordinary folder.
Open files and written files are not limited.

Written from Microsoft's documentation; tested with a stand-in for kernel32, not run on Windows.
"""

import ctypes
import subprocess
from typing import Any

from hrdesk.system.confinement.limits import Limits

__all__ = ["START", "JobHold", "confine", "hold"]

START: dict[str, Any] = {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
"""Options for starting a child: without a console window."""

_EXTENDED_LIMITS = 9
_PROCESS_TIME, _PROCESS_MEMORY = 0x2, 0x100
_DIE_ON_FAULT, _KILL_ON_CLOSE = 0x400, 0x2000
_TICKS_A_SECOND = 10_000_000  # of 100 ns
_BELOW_NORMAL = 0x4000


class _Basic(ctypes.Structure):
    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class JobLimits(ctypes.Structure):
    """`JOBOBJECT_EXTENDED_LIMIT_INFORMATION`."""

    _fields_ = (
        ("basic", _Basic),
        ("io", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class JobHold:
    """Holds a child by a job. `kernel` is kernel32; where it refuses a job, only the child can be killed."""

    exceeded = ""

    def __init__(self, process: "subprocess.Popen[bytes]", limits: Limits, kernel: Any) -> None:
        self._process, self._kernel = process, kernel
        self._job = _job(kernel, limits, int(getattr(process, "_handle", 0)))
        if limits.niceness and self._job:
            kernel.SetPriorityClass(ctypes.c_void_p(int(getattr(process, "_handle", 0))), _BELOW_NORMAL)

    def has_ended(self) -> bool:
        """Whether the child has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End the child and all that it started."""
        if self._job:
            self._kernel.TerminateJobObject(ctypes.c_void_p(self._job), 1)
        elif self._process.poll() is None:
            self._process.kill()

    def release(self) -> None:
        """Close the job."""
        if self._job:
            self._kernel.CloseHandle(ctypes.c_void_p(self._job))
            self._job = 0


def hold(process: "subprocess.Popen[bytes]", limits: Limits) -> JobHold:
    """Take hold of a child that was started with `START`."""
    return JobHold(process, limits, _kernel())


def confine(limits: Limits) -> None:
    """Nothing is left to the child: the job that holds it has the limits."""
    del limits


def _kernel() -> Any:
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    return kernel


def _job(kernel: Any, limits: Limits, process: int) -> int:
    """Make a job with these limits and put the process into it; return its handle, 0 where that fails."""
    job = int(kernel.CreateJobObjectW(None, None) or 0)
    wanted = job_limits(limits)
    if (
        job
        and kernel.SetInformationJobObject(
            ctypes.c_void_p(job), _EXTENDED_LIMITS, ctypes.byref(wanted), ctypes.sizeof(wanted)
        )
        and kernel.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(process))
    ):
        return job
    if job:
        kernel.CloseHandle(ctypes.c_void_p(job))
    return 0


def job_limits(limits: Limits) -> JobLimits:
    """Return the limits as a job object takes them."""
    made = JobLimits()
    made.basic.flags = _KILL_ON_CLOSE | _DIE_ON_FAULT
    if limits.memory_bytes:
        made.basic.flags |= _PROCESS_MEMORY
        made.process_memory = limits.memory_bytes
    if limits.cpu_seconds:
        made.basic.flags |= _PROCESS_TIME
        made.basic.process_time = limits.cpu_seconds * _TICKS_A_SECOND
    return made
