"""The second reader for PDF files: pdfminer.six, slow and patient, on a time limit.

It opens some files that PDFium refuses. Their pages cannot be drawn, but their text can be searched and
quoted.
"""

import io
import logging
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hrdesk.core.documents import BlockKind
from hrdesk.documents.reading.blocks import BlockList
from hrdesk.documents.reading.wire import MAX_CHARACTERS, MAX_PAGES

OPENING_SECONDS = 3.0
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\n\S]*\S[^\n]*)*")


def page_texts(source: Path | bytes, password: str | None, seconds: float) -> list[str]:
    """Return the text of each page as far as the time reaches; an empty list where nothing can be read."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTTextContainer

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    file = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    texts: list[str] = []
    size = 0
    try:
        with _alarm(seconds):
            for page in extract_pages(file, password=password or "", maxpages=MAX_PAGES):
                text = "\n".join(box.get_text() for box in page if isinstance(box, LTTextContainer))
                text = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
                size += len(text)
                texts.append(text)
                if size > MAX_CHARACTERS:
                    break
    except _TimeUp:
        return texts
    except _faults():
        return texts
    return texts


def opens_freely(path: Path) -> bool:
    """Whether an encrypted file opens without a password after all: its owner's password is the empty one.

    PDFium tries an empty password as the user's only.
    """
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    try:
        with path.open("rb") as file, _alarm(OPENING_SECONDS):
            return PDFDocument(PDFParser(file), password="").encryption is not None
    except _TimeUp:
        return False
    except _faults():
        return False


class _TimeUp(Exception):
    """The second reader used up its time."""


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the work inside after `seconds`, where the system has timers for that.

    Elsewhere the parent's limit on the whole child holds alone.
    """
    timers = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not timers:
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _faults() -> tuple[type[Exception], ...]:
    """Name what pdfminer raises on broken files: its own errors and those of code that trusts its input."""
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    return (
        PDFException,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        OSError,
        ArithmeticError,
        RecursionError,
        NotImplementedError,
        EOFError,
    )


def add_blocks(blocks: BlockList, text: str) -> None:
    """Add the paragraphs of a page, which pdfminer separates by empty lines."""
    for match in _PARAGRAPH.finditer(text):
        blocks.add(BlockKind.PARAGRAPH, match.group())
