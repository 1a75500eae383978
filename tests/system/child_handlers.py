"""Handlers that misbehave, run by tests/system/test_workers.py in child processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from hrdesk.core.errors import ChildStopped, HrdeskError


def echo(message, payload):
    return {"got": message, "pid": os.getpid()}, payload[::-1]


def prints(message, payload):
    print("a library that talks", flush=True)  # noqa: T201 - what the test is about
    os.write(1, b"\0\0\0\5garbage")
    return {"ok": True}, b""


def hangs(message, payload):
    signal.pause()
    return {}, b""


def waits_then_answers(message, payload):
    time.sleep(message["seconds"])
    return {"ok": True}, b""


def eats_memory(message, payload):
    kept = [bytearray(64 * 2**20) for _ in range(200)]
    return {"kept": len(kept)}, b""


def aborts(message, payload):
    os.abort()


def exits(message, payload):
    os._exit(3)


def lies(message, payload):
    for handle in range(3, 12):
        try:
            os.write(handle, b"\xff" * 64)
        except OSError:
            continue
    return {}, b""


def burns(message, payload):
    while True:
        pass


def refuses(message, payload):
    raise HrdeskError("This cannot be done.", "Do something else.")


def gives_up(message, payload):
    raise ChildStopped("memory", "Too much.")


def has_a_bug(message, payload):
    raise KeyError("missing")


def recurses(message: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    return recurses(message, payload)


def writes_a_file(message, payload):
    try:
        Path(message["path"]).write_bytes(b"x" * 10)
    except OSError as error:
        return {"error_number": error.errno}, b""
    return {"written": True}, b""


def environment(message, payload):
    return {"names": sorted(os.environ)}, b""


def large(message, payload):
    return {"text": "ü" * message["characters"]}, b"p" * message["bytes"]


def reaches(message, payload):
    """Try to connect to a port of this computer, itself and through a program that it starts."""
    program = (
        "import socket,sys\n"
        "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5)\n"
        "except OSError: sys.exit(7)"
    )
    try:
        socket.create_connection(("127.0.0.1", message["port"]), 5).close()
        own = True
    except OSError:
        own = False
    command = [sys.executable, "-c", program, str(message["port"])]
    started = subprocess.run(command, check=False, capture_output=True).returncode == 0
    return {"own": own, "started": started}, b""


def starts_a_program(message, payload):
    """Start a program that outlives this request, say its number and go on or end."""
    program = subprocess.Popen(["sleep", "300"])
    Path(message["says"]).write_text(str(program.pid))
    if message.get("aborts"):
        os.abort()
    if message.get("hangs"):
        signal.pause()
    return {"pid": program.pid}, b""


def counts(message, payload, report):
    for number in range(message["pages"]):
        report(number, message["pages"])
    return {"ok": True}, b""


def floods(message, payload, report):
    while True:
        report(0, 1)


def reports_nonsense(message, payload, report):
    report(*message["counts"])
    return {"ok": True}, b""
