"""Children without the wait: forked from a process of ours that has loaded what they need (Linux only).

A new interpreter with its parsers takes a fifth of a second of a processor, more than most files take to
read; a fork takes two thousandths. The nursery itself never sees a file: it has one thread, waits for orders
on a socket, forks, and tells how each child ended. Each child sets its limits after the fork, reads one file
and is closed, just as one that was started anew. When the window's process ends, the socket closes and the
nursery with it.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

_NUMBER = struct.Struct("=i")
_ORDER, _READY = b"fork", b"loaded"
IS_POSSIBLE = sys.platform == "linux"  # forking is not safe with the frameworks of macOS


class Forked:
    """One child of a nursery: what `workers.ChildProcess` needs of a `subprocess.Popen`, and its own `Hold`.

    Once it has ended, its number may be another's: what it started is ended with it, not after it.
    """

    exceeded = ""

    def __init__(self, pid: int, stdin: IO[bytes], stdout: IO[bytes], ended: int) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self.returncode: int | None = None
        self._ended = ended
        self._turn = threading.Lock()

    def poll(self) -> int | None:
        """Return how the child ended (a signal as a negative number), None while it runs."""
        return self._look(0)

    def wait(self) -> int:
        """Wait for the child's end and return how it ended."""
        code = self._look(None)
        assert code is not None, "the pipe has an end"
        return code

    def has_ended(self) -> bool:
        """Whether the child has ended."""
        return self.poll() is not None

    def kill(self) -> None:
        """End the child and all that it started. Does nothing for a child that has ended."""
        if not self.has_ended():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def release(self) -> None:
        """Nothing is held beyond the number of the group."""

    def _look(self, seconds: float | None) -> int | None:
        with self._turn:
            if self.returncode is None and select.select([self._ended], [], [], seconds)[0]:
                told = os.read(self._ended, _NUMBER.size)
                # Without a word the nursery itself has ended, and nobody knows how the child did.
                self.returncode = _NUMBER.unpack(told)[0] if told else -signal.SIGKILL
                os.close(self._ended)
            return self.returncode


class Nursery:
    """Forks children that serve as `child` says: the arguments of `child.child_main`.

    The process starts when a child is first asked for; `close` ends it, and the next order starts another.
    `modules` are loaded once.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        child: Sequence[str],
        modules: Sequence[str],
    ) -> None:
        self._command = [*command, "--nursery", ",".join(modules), *child]
        self._environment = environment
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._is_ready = False

    @property
    def process_id(self) -> int | None:
        """The id of the process while it runs."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if running and self._process is not None else None

    def fork(self, patience: float = 0.0) -> Forked | None:
        """Return a new child; None while the process is loading for longer than `patience` seconds.

        Then a child has to be started in the ordinary way, as it has when forking fails. Thread-safe.
        """
        with self._turn:
            if self._process is None or self._process.poll() is not None:
                self._end()
                self._start()
            try:
                return self._ordered() if self._has_loaded(patience) else None
            except OSError:
                self._end()
                return None

    def close(self) -> None:
        """End the process. Children that still run should be closed before."""
        with self._turn:
            self._end()

    def _has_loaded(self, patience: float) -> bool:
        assert self._socket is not None, "started before"
        if not self._is_ready and select.select([self._socket], [], [], patience)[0]:
            self._is_ready = self._socket.recv(len(_READY)) == _READY
        return self._is_ready

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                self._command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,
            )
        self._socket = ours

    def _ordered(self) -> Forked:
        assert self._socket is not None, "started before"
        theirs: list[int] = []
        ours: list[int] = []
        try:
            for parent_writes in (True, False, False):
                reading, writing = os.pipe()
                theirs.append(reading if parent_writes else writing)
                ours.append(writing if parent_writes else reading)
            socket.send_fds(self._socket, [_ORDER], theirs)
            told = self._socket.recv(_NUMBER.size, socket.MSG_WAITALL)
            if len(told) < _NUMBER.size:
                raise ConnectionError("the nursery has ended")
        except OSError:
            for file in ours:
                os.close(file)
            raise
        finally:
            for file in theirs:
                os.close(file)
        to_child, from_child, ended = ours
        return Forked(_NUMBER.unpack(told)[0], os.fdopen(to_child, "wb"), os.fdopen(from_child, "rb"), ended)

    def _end(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.kill()  # it may still be loading, and has nothing to lose
            self._process.wait()
            self._process = None
        self._is_ready = False


def nursery_main(arguments: Sequence[str]) -> int:
    """Serve as a nursery on standard input: `arguments` are the modules and those of `child_main`."""
    modules, *child = arguments
    for module in modules.split(","):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a child that collects garbage would copy what all share
    return _Mother(child).serve()


class _Mother:
    """The loop of the nursery's process."""

    def __init__(self, child: Sequence[str]) -> None:
        self._child = list(child)
        self._socket = socket.socket(fileno=os.dup(0))
        self._endings: dict[int, int] = {}  # pid -> where to tell how it ended
        self._woken, self._wakes = os.pipe()
        os.set_blocking(self._wakes, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)

    def serve(self) -> int:
        """Fork when asked to, until nobody asks any more."""
        self._socket.send(_READY)
        while True:
            orders = self._socket.fileno()
            ready, _, _ = select.select([orders, self._woken], [], [])
            if self._woken in ready:
                os.read(self._woken, 4096)
                self._tell_endings()
            if orders in ready:
                order, files, _, _ = socket.recv_fds(self._socket, len(_ORDER), 3)
                if not order:
                    return 0
                self._fork(*files)

    def _fork(self, requests: int, answers: int, ended: int) -> None:
        pid = os.fork()
        if not pid:
            self._become_child(requests, answers, ended)
        with contextlib.suppress(OSError):  # done by the child itself already, or it has ended
            os.setpgid(pid, pid)  # whoever knows the number can end the group
        os.close(requests)
        os.close(answers)
        self._endings[pid] = ended
        self._socket.send(_NUMBER.pack(pid))

    def _become_child(self, requests: int, answers: int, ended: int) -> None:
        code = 1
        try:
            from hrdesk.system.child import child_main

            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(requests, 0)
            os.dup2(answers, 1)
            for file in (requests, answers, ended, self._woken, self._wakes, *self._endings.values()):
                os.close(file)
            self._socket.close()
            code = child_main(self._child)
        finally:
            os._exit(code)  # nothing of the nursery may run on in a child

    def _tell_endings(self) -> None:
        for pid in list(self._endings):
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                with contextlib.suppress(ProcessLookupError):  # what it started ends with it
                    os.killpg(pid, signal.SIGKILL)
                _, status = os.waitpid(pid, 0)
                ended = self._endings.pop(pid)
                with contextlib.suppress(OSError):  # nobody wants to know any more
                    os.write(ended, _NUMBER.pack(os.waitstatus_to_exitcode(status)))
                os.close(ended)
