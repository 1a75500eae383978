"""Frames between hrdesk and its child processes: a JSON object and a payload, each with its length in front.

Whoever reads distrusts what comes: lengths are capped and what does not fit the frame is an error.
"""

import json
import struct
from collections.abc import Callable
from typing import IO, Any

Message = dict[str, Any]
Report = Callable[[int, int], object]

_FRAME = struct.Struct(">IQ")
MAX_MESSAGE = 64 * 2**20
MAX_PAYLOAD = 256 * 2**20
MAX_REPORTS = 20_000  # of progress before an answer


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


def read_answer(pipe: IO[bytes], report: Report | None) -> tuple[Message, bytes]:
    """Read frames of progress up to the answer. Raises EOFError and ValueError as `read_frame` does."""
    for _ in range(MAX_REPORTS):
        answer, data = read_frame(pipe)
        if "progress" not in answer:
            return answer, data
        done, total = _progress(answer)
        if report is not None:
            report(done, total)
    raise ValueError("progress without end")


def _progress(answer: Message) -> tuple[int, int]:
    counts = answer["progress"]
    if not isinstance(counts, list) or len(counts) != 2 or any(type(count) is not int for count in counts):
        raise ValueError("progress that cannot be read")
    done, total = counts
    if not 0 <= done <= total <= MAX_REPORTS:
        raise ValueError("progress that makes no sense")
    return done, total


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) != size:
        raise EOFError
    return data
