"""macOS: resource limits, a sandbox without network, and a look at the memory four times a second.

macOS accepts a limit of the address space and does not keep it, so the parent looks at the footprint of the
child (`proc_pid_rusage`) and kills its group. What a child starts is not counted. `sandbox_init` is marked as
deprecated and works in all versions there are; where it should fail, the child keeps its network.

Written from Apple's headers; tested with stand-ins for its libraries, not run on macOS.
"""

import ctypes
import os
import subprocess
import sys
from typing import Any

from hrdesk.system.confinement import posix
from hrdesk.system.confinement.limits import Limits
from hrdesk.system.confinement.posix import START
from hrdesk.system.confinement.watching import MemoryWatch

assert sys.platform != "win32"

__all__ = ["START", "WatchedHold", "confine", "footprint", "hold", "leave_network"]

_NAMED_PROFILE = 1
_FIRST_VERSION = 0


class Usage(ctypes.Structure):
    """`struct rusage_info_v0` of <sys/resource.h>."""

    _fields_ = (
        ("uuid", ctypes.c_uint8 * 16),
        ("user_time", ctypes.c_uint64),
        ("system_time", ctypes.c_uint64),
        ("idle_wakeups", ctypes.c_uint64),
        ("interrupt_wakeups", ctypes.c_uint64),
        ("page_ins", ctypes.c_uint64),
        ("wired", ctypes.c_uint64),
        ("resident", ctypes.c_uint64),
        ("footprint", ctypes.c_uint64),
        ("start_time", ctypes.c_uint64),
        ("exit_time", ctypes.c_uint64),
    )


class WatchedHold(posix.GroupHold):
    """Holds a child by its group and watches its memory."""

    def __init__(self, process: "subprocess.Popen[bytes]", limits: Limits, library: Any) -> None:
        super().__init__(process)
        self._watch = (
            MemoryWatch(limits.memory_bytes, lambda: footprint(library, process.pid), self.kill)
            if limits.memory_bytes
            else None
        )

    @property
    def exceeded(self) -> str:  # type: ignore[override]
        """Whether the watch ended the child."""
        return "memory" if self._watch is not None and self._watch.exceeded else ""

    def release(self) -> None:
        """End the watch."""
        if self._watch is not None:
            self._watch.end()


def hold(process: "subprocess.Popen[bytes]", limits: Limits) -> WatchedHold:
    """Take hold of a child that was started with `START`."""
    return WatchedHold(process, limits, ctypes.CDLL("/usr/lib/libproc.dylib"))


def footprint(library: Any, process: int) -> int | None:
    """Return the memory that the system counts for a process, None where it has ended."""
    usage = Usage()
    if library.proc_pid_rusage(process, _FIRST_VERSION, ctypes.byref(usage)) != 0:
        return None
    return int(usage.footprint)


def confine(limits: Limits) -> None:
    """Give up network and resources for good. Call before the first thread and the first file."""
    parent = os.getppid()
    leave_network(ctypes.CDLL("/usr/lib/libSystem.dylib"))
    posix.bound(limits)
    posix.end_with_parent(parent)


def leave_network(library: Any) -> bool:
    """Put this process under the system's own profile "no-network"; return whether that was done."""
    trouble = ctypes.c_char_p()
    done: int = library.sandbox_init(b"no-network", ctypes.c_uint64(_NAMED_PROFILE), ctypes.byref(trouble))
    return done == 0
