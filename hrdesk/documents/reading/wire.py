"""What travels between the window's process and the children that read and lay out files.

The parent's half checks everything: kinds, numbers, lengths, that every span lies inside its page. What does
not fit is treated as a child gone wrong (`ChildStopped` with reason "protocol"). No parser is imported here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from hrdesk.core.documents import Block, BlockKind, FileState, Page, ReadDocument, Remark, ScannedPage, Span
from hrdesk.core.errors import ChildStopped
from hrdesk.documents import scans
from hrdesk.documents.sentences import Refusal

READERS = tuple(f"hrdesk.documents.reading.{name}" for name in ("pdf", "ooxml", "odf", "html", "markdown"))
"""What most files need; loaded once where children are forked."""
READING_HANDLER = "hrdesk.documents.reading:handle"
PAGING_HANDLER = "hrdesk.documents.paging:handle"

MAX_PAGES = 10_000
MAX_CHARACTERS = 5_000_000
MAX_BLOCKS = 400_000
MAX_SPANS_A_BLOCK = 2_000
MAX_TITLE = 300
MAX_SECONDS = 120.0
MAX_PAGING_SECONDS = 300.0
RECOGNISING_SECONDS = 900.0  # for a file; pages not reached are reported as not read
RECOGNISING_GRACE = 100.0  # one more page, and the reading itself
MAX_WORDS_A_PAGE = 20_000

Message = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged:
    """A document that was laid out into pages, and the PDF that shows them."""

    document: ReadDocument
    pdf: bytes


def request(path: Path, name: str, password: str | None = None) -> Message:
    """Make the message that asks a reading child for the file at `path`, known to people as `name`."""
    message: Message = {"path": str(path), "name": name, "kind": Path(name).suffix.lower()}
    return message if password is None else message | {"password": password}


def recognising_request(path: Path, name: str, password: str | None = None) -> Message:
    """Make the message that asks for a file to be read once more, with text recognition."""
    return request(path, name, password) | {"recognise": RECOGNISING_SECONDS}


def wants_recognition(answer: Message) -> bool:
    """Whether a child says that text recognition would give more."""
    return answer.get("recognise") is True


def reading_seconds(size: int) -> float:
    """Return the wall clock limit for reading a file of `size` bytes.

    20 s and about 20 ms a page, where a page is taken as 2 kB because the page count is not known before;
    never more than two minutes.
    """
    return min(MAX_SECONDS, 20.0 + 0.02 * size / 2_000)


def paging_request(document: ReadDocument) -> Message:
    """Make the message that asks a paging child to lay out a document without pages."""
    return {"title": document.title, "blocks": [_dump_block(block) for block in document.blocks]}


def paging_seconds(document: ReadDocument) -> float:
    """Return the wall clock limit for laying out a document: 20 s and 150 ms a kilobyte of text.

    Tables are the slow part, about 30 ms a kilobyte on a quiet computer. Never more than five minutes.
    """
    size = sum(len(block.text) + 40 for block in document.blocks)
    return min(MAX_PAGING_SECONDS, 20.0 + 0.15 * size / 1_000)


def dump(document: ReadDocument) -> Message:
    """Turn a document into the child's answer."""
    return {
        "title": document.title,
        "blocks": [_dump_block(block) for block in document.blocks],
        "pages": dump_pages(document.pages),
        "skipped": list(document.skipped_pages),
        "effective_from": document.effective_from.isoformat() if document.effective_from else None,
        "remarks": [remark.value for remark in document.remarks],
        "scanned": [[page.number, scans.dump_words(page.words)] for page in document.scanned],
    }


def dump_refusal(state: FileState, reason: str) -> Message:
    """Turn a refusal into the child's answer."""
    return {"state": state.value, "reason": reason}


def dump_pages(pages: tuple[Page, ...]) -> list[list[Any]]:
    """Turn pages into JSON values."""
    return [[page.width, page.height, page.text, page.number] for page in pages]


def dump_spans(spans: tuple[Span, ...]) -> list[list[int]]:
    """Turn spans into JSON values."""
    return [[span.page, span.start, span.end] for span in spans]


def _dump_block(block: Block) -> list[Any]:
    return [block.kind.value, block.level, block.text, dump_spans(block.spans)]


def parse(answer: Message) -> ReadDocument | Refusal:
    """Check a reading child's answer and return the document, or why there is none.

    Raises `ChildStopped` with reason "protocol" when the answer does not keep to the contract.
    """
    return _checked(lambda: _refusal(answer) if "state" in answer else _document(answer))


def parse_blocks(message: Message) -> tuple[str, tuple[Block, ...]]:
    """Check a paging request in the child: the title and the blocks without spans."""
    return _text(message["title"], MAX_TITLE), _blocks(message["blocks"], {})


def parse_paged(answer: Message, payload: bytes, document: ReadDocument) -> Paged:
    """Check a paging child's answer and return `document` with pages and spans, and its PDF.

    Raises `ChildStopped` with reason "protocol" when the answer does not keep to the contract.
    """
    return _checked(lambda: _paged(answer, payload, document))


def _paged(answer: Message, payload: bytes, document: ReadDocument) -> Paged:
    _require(payload.startswith(b"%PDF-"))
    pages = _pages(answer["pages"])
    _require(len(pages) > 0)
    lengths = {page.number: len(page.text) for page in pages}
    spans = _list(answer["spans"], MAX_BLOCKS)
    _require(len(spans) == len(document.blocks))
    blocks = tuple(
        Block(block.kind, block.text, block.level, _spans(places, lengths))
        for block, places in zip(document.blocks, spans, strict=True)
    )
    laid_out = replace(document, blocks=blocks, pages=pages)
    return Paged(laid_out, payload)


def _checked(read: Callable[[], T]) -> T:
    try:
        return read()
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise ChildStopped("protocol", "Reading this file gave a result that cannot be trusted.") from error


def _require(condition: bool) -> None:
    if not condition:
        raise ValueError("the answer does not keep to the contract")


def _refusal(answer: Message) -> Refusal:
    state = FileState(answer["state"])
    _require(state.is_end and not state.is_searchable)
    return Refusal.because(state, _text(answer["reason"], 40))


def _document(answer: Message) -> ReadDocument:
    pages = _pages(answer["pages"])
    lengths = {page.number: len(page.text) for page in pages}
    blocks = _blocks(answer["blocks"], lengths)
    _require(len(blocks) > 0)
    skipped = _list(answer["skipped"], MAX_PAGES)
    effective = answer["effective_from"]
    return ReadDocument(
        title=_text(answer["title"], MAX_TITLE),
        blocks=blocks,
        pages=pages,
        skipped_pages=tuple(_number(page, MAX_PAGES) for page in skipped),
        effective_from=None if effective is None else date.fromisoformat(_text(effective, 10)),
        remarks=tuple(Remark(value) for value in _list(answer["remarks"], len(Remark))),
        scanned=tuple(
            _scanned(number, words, lengths) for number, words in _list(answer["scanned"], MAX_PAGES)
        ),
    )


def _scanned(number: Any, words: object, lengths: dict[int, int]) -> ScannedPage:
    length = lengths[_number(number, MAX_PAGES)]
    return ScannedPage(number, scans.load_words(_list(words, MAX_WORDS_A_PAGE), length))


def parse_view(payload: bytes) -> bytes:
    """Check the pages that a reading child made of a picture: nothing, or a PDF."""
    return _checked(lambda: _view(payload))


def _view(payload: bytes) -> bytes:
    _require(not payload or payload.startswith(b"%PDF-"))
    return payload


def _pages(values: object) -> tuple[Page, ...]:
    pages: list[Page] = []
    total = 0
    for width, height, raw, number in _list(values, MAX_PAGES):
        text = _text(raw, MAX_CHARACTERS)
        total += len(text)
        _require(total <= MAX_CHARACTERS and (not pages or number > pages[-1].number))
        pages.append(Page(_number(number, MAX_PAGES), _size(width), _size(height), text))
    return tuple(pages)


def _list(values: object, limit: int) -> list[Any]:
    if not isinstance(values, list) or len(values) > limit:
        raise ValueError("not a list, or too long a list")
    return values


def _blocks(values: Any, lengths: dict[int, int]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    total = 0
    for kind, level, raw, spans in _list(values, MAX_BLOCKS):
        text = _text(raw, MAX_CHARACTERS)
        total += len(text)
        _require(total <= 2 * MAX_CHARACTERS and isinstance(level, int) and 0 <= level <= 100)
        blocks.append(Block(BlockKind(kind), text, level, _spans(spans, lengths)))
    return tuple(blocks)


def _spans(values: Any, lengths: dict[int, int]) -> tuple[Span, ...]:
    spans = tuple(Span(*(_integer(number) for number in value)) for value in _list(values, MAX_SPANS_A_BLOCK))
    for span in spans:
        _require(0 <= span.start < span.end <= lengths.get(span.page, -1))
    return spans


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise ValueError("not a text, or too long a text")
    value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, a ValueError
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("not a number")  # noqa: TRY004 - one kind of fault for all bad answers
    return value


def _number(value: Any, limit: int) -> int:
    number = _integer(value)
    _require(1 <= number <= limit)
    return number


def _size(value: object) -> float:
    if not isinstance(value, int | float):
        raise ValueError("not a size")  # noqa: TRY004
    number = float(value)
    _require(math.isfinite(number) and 0 < number < 1e6)
    return number
