"""Child processes with limits: the only place where untrusted files are parsed.

A child runs one handler, named "package.module:function", which answers one request at a time; `child` is its
half. Requests and answers travel over its standard input and output as `frames`. The parent distrusts every
answer. Whatever happens to the child, the parent gets an answer or a `ChildStopped`.

What a child may use is set by `confinement`, in the child itself before it imports the handler, because a
fork of a process with threads cannot safely run Python.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict

from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.system.confinement import START, Hold, Limits, hold
from hrdesk.system.frames import Message, Report, read_answer, write_frame
from hrdesk.system.nursery import IS_POSSIBLE, Forked, Nursery

__all__ = ["PAGING", "READING", "RENDERING", "TRUSTED", "ChildProcess", "Limits", "Message", "Report"]

_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "PYTHONPATH")

# Reads one file and is closed.
READING = Limits(memory_bytes=2**30, cpu_seconds=120, open_files=32)
# Lays out one document after the other: CPU seconds would add up, the wall clock bounds each. Qt maps fonts.
PAGING = Limits(memory_bytes=3 * 2**29, cpu_seconds=0, open_files=64)
# Draws pages for as long as the window is open; each request has its wall clock.
RENDERING = Limits(memory_bytes=2**30, cpu_seconds=0, open_files=32, niceness=0)
# Our own encoder with our own model; it keeps its threads and memory.
TRUSTED = Limits(memory_bytes=0, cpu_seconds=0, open_files=0, niceness=5)


class ChildProcess:
    """One child with one handler. Not for use by two threads at once, except `kill`.

    The child starts with the first request, so that creating it costs nothing.
    """

    def __init__(self, handler: str, limits: Limits, nursery: Nursery | None = None) -> None:
        """The child comes from the `nursery`, made by `nursery_for` for the same, as soon as that can be."""
        self._handler = handler
        self._limits = limits
        self._nursery = nursery
        self._process: subprocess.Popen[bytes] | Forked | None = None
        self._hold: Hold | None = None
        self._stopped_because = ""
        self._is_closed = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the child if it does not run; a spare started early hides its start-up time. Thread-safe.

        Raises `ChildStopped("cancelled")` after `close`.
        """
        with self._lock:
            if self._is_closed:
                raise ChildStopped("cancelled", _REASON_TITLES["cancelled"])
            if self._hold is not None and not self._hold.has_ended():
                return
            self._let_go()
            self._stopped_because = ""
            forked = None if self._nursery is None else self._nursery.fork()
            if forked is not None:
                self._process = self._hold = forked
            else:
                self._process = self._new_process()
                self._hold = hold(self._process, self._limits)

    def _new_process(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*_ourselves(), "--child", *_arguments(self._handler, self._limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_child_environment(),
            **START,
        )

    def request(
        self, message: Message, payload: bytes = b"", *, seconds: float, report: Report | None = None
    ) -> tuple[Message, bytes]:
        """Ask the child and wait at most `seconds`, however often it reports progress meanwhile.

        Raises `ChildStopped` when the child ends, hangs or breaks the protocol, and the child's own
        `HrdeskError` when its handler raised one.
        """
        self.start()
        process = self._process
        if process is None:  # closed by another thread meanwhile
            raise ChildStopped("cancelled", _REASON_TITLES["cancelled"])
        assert process.stdin is not None and process.stdout is not None
        watchdog = threading.Timer(seconds, self._stop, args=("time",))
        watchdog.daemon = True
        watchdog.start()
        try:
            write_frame(process.stdin, message, payload)
            answer, data = read_answer(process.stdout, report)
        except (OSError, EOFError, ValueError) as error:
            protocol = isinstance(error, ValueError)
            self._stop("protocol" if protocol else "")
            raise self._reason(process) from error
        finally:
            watchdog.cancel()
        trouble = answer.get("error")
        if trouble is not None:
            raise _child_error(trouble)
        return answer, data

    @property
    def process_id(self) -> int | None:
        """The child's process id while it runs."""
        process, grip = self._process, self._hold
        return process.pid if process and grip and not grip.has_ended() else None

    def kill(self) -> None:
        """End the child at once; a waiting `request` raises `ChildStopped("cancelled")`. Thread-safe."""
        self._stop("cancelled")

    def close(self) -> None:
        """End the child for good; also a start that is still on its way in another thread finds it closed."""
        self._is_closed = True
        self._stop("cancelled")
        with self._lock:
            self._let_go()

    def _stop(self, because: str) -> None:
        """End the child and what it started; a child that ended by itself may have left something."""
        with self._lock:
            process, grip = self._process, self._hold
            if process is None or grip is None:
                return
            if not grip.has_ended():
                self._stopped_because = self._stopped_because or because
            grip.kill()
            process.wait()
            grip.release()
            self._stopped_because = self._stopped_because or grip.exceeded

    def _let_go(self) -> None:
        """Forget a child that has ended."""
        if self._process is None or self._hold is None:
            return
        self._hold.kill()
        self._process.wait()
        self._hold.release()
        _close_pipes(self._process)
        self._process = self._hold = None

    def _reason(self, process: "subprocess.Popen[bytes] | Forked") -> ChildStopped:
        code = process.wait()
        because = self._stopped_because or _EXIT_REASONS.get(-code, "crash")
        return ChildStopped(because, _REASON_TITLES[because])


_REASON_TITLES = {
    "time": "The work took too long and was stopped.",
    "memory": "The work needed too much memory and was stopped.",
    "crash": "The work ended unexpectedly.",
    "protocol": "The work gave an answer that cannot be trusted.",
    "cancelled": "The work was stopped.",
}
# PDFium aborts when an allocation fails; SIGXCPU is the CPU limit.
_EXIT_REASONS = {6: "memory", 5: "memory", 24: "time"}


def nursery_for(handler: str, limits: Limits, modules: Sequence[str]) -> Nursery | None:
    """Return a nursery for children with this handler, with `modules` loaded; None where it cannot be."""
    if not IS_POSSIBLE:
        return None
    return Nursery(_ourselves(), _child_environment(), _arguments(handler, limits), modules)


def _ourselves() -> list[str]:
    return [sys.executable, *([] if getattr(sys, "frozen", False) else ["-m", "hrdesk"])]


def _arguments(handler: str, limits: Limits) -> list[str]:
    return [handler, json.dumps(asdict(limits))]


def _close_pipes(process: "subprocess.Popen[bytes] | Forked") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # unsent bytes for a dead child
                pipe.close()


def _child_environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "2",
    }


def _child_error(trouble: Message) -> HrdeskError:
    title, advice = str(trouble.get("title", "")), str(trouble.get("advice", ""))
    reason = str(trouble.get("reason", ""))
    if reason in _REASON_TITLES:
        return ChildStopped(reason, title or _REASON_TITLES[reason], advice)
    return HrdeskError(title, advice)
