"""Child processes with limits: the only place where untrusted files are parsed.

A child runs one handler, named "package.module:function", which answers one request at a time. Requests and
answers travel over its standard input and output as frames: a JSON object and a binary payload, each with
its length in front. The parent distrusts every answer: lengths are capped and what does not fit the frame
ends the child. Whatever happens to the child, the parent gets an answer or a `ChildStopped`.

The limits are set by the child itself before it imports the handler, because a fork of a process with
threads cannot safely run Python. Windows has no rlimits: there the wall clock and the caps of the readers
hold alone.
"""

import importlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, Any

from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.system.nursery import IS_POSSIBLE, Forked, Nursery

Message = dict[str, Any]
Handler = Callable[[Message, bytes], tuple[Message, bytes]]

_FRAME = struct.Struct(">IQ")
MAX_MESSAGE = 64 * 2**20
MAX_PAYLOAD = 256 * 2**20
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV", "PYTHONPATH")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use; 0 means no limit of that kind, except `file_bytes` (bytes it may write)."""

    memory_bytes: int = 2**30
    cpu_seconds: int = 30
    open_files: int = 32
    file_bytes: int = 0
    niceness: int = 5


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
            if self._process is not None and self._process.poll() is None:
                return
            _close_pipes(self._process)
            self._stopped_because = ""
            forked = None if self._nursery is None else self._nursery.fork()
            self._process = forked or self._new_process()

    def _new_process(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*_ourselves(), "--child", *_arguments(self._handler, self._limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_child_environment(),
            start_new_session=os.name == "posix",
        )

    def request(self, message: Message, payload: bytes = b"", *, seconds: float) -> tuple[Message, bytes]:
        """Ask the child and wait at most `seconds`.

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
            answer, data = read_frame(process.stdout)
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
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None

    def kill(self) -> None:
        """End the child at once; a waiting `request` raises `ChildStopped("cancelled")`. Thread-safe."""
        self._stop("cancelled")

    def close(self) -> None:
        """End the child for good; also a start that is still on its way in another thread finds it closed."""
        self._is_closed = True
        self._stop("cancelled")
        with self._lock:
            _close_pipes(self._process)
            self._process = None

    def _stop(self, because: str) -> None:
        with self._lock:
            process = self._process
            if process is None:
                return
            if process.poll() is None:
                self._stopped_because = self._stopped_because or because
                if os.name == "posix":
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()

    def _reason(self, process: subprocess.Popen[bytes] | Forked) -> ChildStopped:
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


def _close_pipes(process: subprocess.Popen[bytes] | Forked | None) -> None:
    for pipe in (process.stdin, process.stdout) if process is not None else ():
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


def write_frame(pipe: IO[bytes], message: Message, payload: bytes) -> None:
    """Write one frame and flush it."""
    head = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    pipe.write(_FRAME.pack(len(head), len(payload)))
    pipe.write(head)
    pipe.write(payload)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[Message, bytes]:
    """Read one frame. Raises EOFError at the end, ValueError for a frame outside the caps."""
    head_size, payload_size = _FRAME.unpack(_read_exactly(pipe, _FRAME.size))
    if head_size > MAX_MESSAGE or payload_size > MAX_PAYLOAD:
        raise ValueError("frame too large")
    message = json.loads(_read_exactly(pipe, head_size).decode("utf-8", "surrogatepass"))
    if not isinstance(message, dict):
        raise ValueError("frame is not an object")  # noqa: TRY004 - one kind of fault for all bad frames
    return message, _read_exactly(pipe, payload_size)


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise EOFError
    return data


def child_main(arguments: list[str]) -> int:
    """Serve requests in a child process: `arguments` are the handler's name and the limits as JSON."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not enter the frames
    limits = Limits(**json.loads(arguments[1]))
    _apply(limits)
    module, function = arguments[0].split(":")
    handler: Handler | None = None
    while True:
        try:
            message, payload = read_frame(requests)
        except EOFError:
            return 0
        try:
            handler = handler or getattr(importlib.import_module(module), function)
            answer, data = handler(message, payload)
        except HrdeskError as error:
            reason = error.reason if isinstance(error, ChildStopped) else ""
            answer, data = {"error": {"title": error.title, "advice": error.advice, "reason": reason}}, b""
        except MemoryError:
            answer, data = {"error": {"reason": "memory"}}, b""
        except RecursionError:
            answer, data = {"error": {"reason": "crash"}}, b""
        write_frame(answers, answer, data)


def _apply(limits: Limits) -> None:
    if os.name != "posix":
        return
    import resource

    def bound(kind: int, value: int, grace: int = 0) -> None:
        _, hard = resource.getrlimit(kind)
        most = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
        resource.setrlimit(kind, (min(value, most), most))

    os.nice(limits.niceness)
    bound(resource.RLIMIT_CORE, 0)
    if limits.memory_bytes:
        bound(resource.RLIMIT_AS, limits.memory_bytes)
    if limits.cpu_seconds:
        bound(resource.RLIMIT_CPU, limits.cpu_seconds, grace=2)  # SIGXCPU first, which tells the reason
    if limits.open_files:
        bound(resource.RLIMIT_NOFILE, limits.open_files)
        bound(resource.RLIMIT_FSIZE, limits.file_bytes)
