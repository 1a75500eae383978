"""The child's half of `workers`: confined first, then one handler that answers request after request."""

import importlib
import inspect
import json
import os
from collections.abc import Callable
from functools import partial
from typing import IO

from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.system.confinement import Limits, confine
from hrdesk.system.frames import Message, read_frame, write_frame

Handler = Callable[..., tuple[Message, bytes]]
"""Called with a message and a payload; one with a parameter `report` may call that with (done, total)."""


def child_main(arguments: list[str]) -> int:
    """Serve requests in a child process: `arguments` are the handler's name and the limits as JSON."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not enter the frames
    limits = Limits(**json.loads(arguments[1]))
    confine(limits)
    module, function = arguments[0].split(":")
    handler: Handler | None = None
    while True:
        try:
            message, payload = read_frame(requests)
        except EOFError:
            return 0
        try:
            handler = handler or _handler(module, function, answers)
            answer, data = handler(message, payload)
        except HrdeskError as error:
            reason = error.reason if isinstance(error, ChildStopped) else ""
            answer, data = {"error": {"title": error.title, "advice": error.advice, "reason": reason}}, b""
        except MemoryError:
            answer, data = {"error": {"reason": "memory"}}, b""
        except RecursionError:
            answer, data = {"error": {"reason": "crash"}}, b""
        write_frame(answers, answer, data)


def _handler(module: str, function: str, answers: IO[bytes]) -> Handler:
    """Import a handler, and connect what it reports with the pipe."""
    handler: Handler = getattr(importlib.import_module(module), function)
    if "report" not in inspect.signature(handler).parameters:
        return handler
    return partial(handler, report=lambda *counts: write_frame(answers, {"progress": counts}, b""))
