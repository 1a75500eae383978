"""What Linux and macOS share: resource limits, process groups, and a child that ends with its parent."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any

from hrdesk.system.confinement.limits import Limits

START: dict[str, Any] = {"start_new_session": True}
"""Options for starting a child: a session, and with it a process group, of its own."""
LOOK_SECONDS = 1.0

assert sys.platform != "win32"


class GroupHold:
    """Holds a child by its process group, which its own children share."""

    exceeded = ""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def has_ended(self) -> bool:
        """Whether the child has ended."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End the whole group. Does nothing for a child that was waited for: its number may be another's."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):  # macOS: only zombies are left of it
                os.killpg(self._process.pid, signal.SIGKILL)

    def release(self) -> None:
        """Nothing is held beyond the number of the group."""


def bound(limits: Limits) -> None:
    """Set the kernel's limits for this process; what it starts inherits them."""
    os.nice(limits.niceness)
    _bound(resource.RLIMIT_CORE, 0)
    if limits.memory_bytes:
        _bound(resource.RLIMIT_AS, limits.memory_bytes)
    if limits.cpu_seconds:
        _bound(resource.RLIMIT_CPU, limits.cpu_seconds, grace=2)  # SIGXCPU first, which tells the reason
    if limits.open_files:
        _bound(resource.RLIMIT_NOFILE, limits.open_files)
        _bound(resource.RLIMIT_FSIZE, limits.file_bytes)


def _bound(kind: int, value: int, grace: int = 0) -> None:
    _, hard = resource.getrlimit(kind)
    most = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(kind, (min(value, most), most))


def end_with_parent(parent: int) -> None:
    """Look once a second whether the `parent` is still there; without it end the whole group.

    A child that waits for a request sees its pipe close; one that works for minutes would not look.
    """

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=look, name="parent", daemon=True).start()
