"""The log: what a developer needs to find a bug, and nothing that a person wrote.

Keys are blotted out of every line. The text of an exception often quotes the value that caused it, here
perhaps somebody's question, so tracebacks keep the places and the kind of exception and leave the text out,
unless `--debug` asked for it.
"""

import copy
import logging
import platform
import re
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from hrdesk.core.errors import HrdeskError

LINES_KEPT = 400
LONGEST = 500  # characters of one message
_FILE_BYTES = 2**20
_OLD_FILES = 3
_KEYS = re.compile(r"\b(?:sk|pk|rk|sess|key)-[\w-]{6,}|\bBearer\s+\S+|\b[0-9a-fA-F]{48,}\b")
# These write request bodies, that is questions and passages, at levels below warning.
_TALKATIVE = ("openai", "httpx2", "httpcore2", "httpx", "httpcore", "keyring", "asyncio", "pdfminer")

_log = logging.getLogger(__name__)
ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Log:
    """The running log: a rotating file and the last lines in memory."""

    def __init__(self, folder: Path, *, debug: bool = False) -> None:
        self._lines: deque[str] = deque(maxlen=LINES_KEPT)
        formatter = _Formatter(debug=debug)
        self._handlers: list[logging.Handler] = [_Ring(self._lines), *_file(folder)]
        root = logging.getLogger()
        for handler in self._handlers:
            handler.setFormatter(formatter)
            root.addHandler(handler)
        self._level_before = root.level
        root.setLevel(logging.DEBUG if debug else logging.INFO)
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)

    def catch(self, show: Callable[[BaseException], None]) -> None:
        """Log exceptions that nothing caught, in any thread, and hand them to `show`."""

        def caught(error: BaseException | None) -> None:
            if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
                return
            _log.error("Uncaught", exc_info=error)
            try:
                show(error)
            except Exception:  # noqa: BLE001 - the hook is the last place: an error here must not hide the first one
                _log.exception("While reporting")

        sys.excepthook = lambda _kind, error, _trace: caught(error)
        threading.excepthook = lambda args: caught(args.exc_value)

    def report(self) -> str:
        """Return the text for "Copy report": version, machine and the last lines."""
        from hrdesk import __version__

        head = f"hrdesk {__version__}, Python {platform.python_version()}, {platform.platform()}"
        return "\n".join([head, *self._lines])

    def close(self) -> None:
        """Stop logging and give back the hooks."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        root.setLevel(self._level_before)
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__


class _Ring(logging.Handler):
    def __init__(self, lines: deque[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(self.format(record))


class _Formatter(logging.Formatter):
    def __init__(self, *, debug: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._debug = debug

    def format(self, record: logging.LogRecord) -> str:
        ours = copy.copy(record)
        ours.exc_text = None  # another handler may have left the whole text there
        return _KEYS.sub("(key)", super().format(ours))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        if len(record.message) > LONGEST and not self._debug:
            record.message = f"{record.message[:LONGEST]} ... ({len(record.message)} characters)"
        return super().formatMessage(record)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - logging's own name
        error = ei[1]
        if self._debug or error is None:
            return super().formatException(ei)
        return "\n".join(_bare(error))


def _bare(error: BaseException) -> list[str]:
    """Return a traceback without the texts of exceptions, causes first."""
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _bare(earlier) if earlier is not None else []
    places = [
        f'  File "{place.filename}", line {place.lineno}, in {place.name}'
        for place in traceback.extract_tb(error.__traceback__)
    ]
    text = f": {error.title}" if isinstance(error, HrdeskError) else " (text left out)"
    return [*lines, *places, f"{type(error).__qualname__}{text}"]


def _file(folder: Path) -> list[logging.Handler]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [
            RotatingFileHandler(
                folder / "hrdesk.log", maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8"
            )
        ]
    except OSError:  # a full or read-only disk must not keep the program from starting
        return []
