"""PDF files: text page by page through PDFium, bad pages skipped; pdfminer.six as a timed second try.

A file without text is not an empty file: a scan, unreadable character codes, a password and damage are told
apart, because people can do something different about each.
"""

import time
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import BlockKind, FileState, Page, ReadDocument
from hrdesk.documents.normalise import key
from hrdesk.documents.pdf_text import PageText, open_pdf
from hrdesk.documents.reading import pdf_blocks, pdf_second
from hrdesk.documents.reading.blocks import BlockList
from hrdesk.documents.reading.dates import SEARCHED, effective_from
from hrdesk.documents.reading.pdf_furniture import without_furniture
from hrdesk.documents.reading.pdf_lines import Line, lines_of
from hrdesk.documents.reading.titles import choose_title
from hrdesk.documents.reading.wire import MAX_CHARACTERS, MAX_PAGES
from hrdesk.documents.sentences import FileRefused

FEW_CHARACTERS = 25  # of a page; a scan often has a stamp or a page number as text
SECOND_TRY_SECONDS = 6.0
ALL_SECONDS = 16.0  # the parent's patience ends at 20
_LETTER = (612.0, 792.0)


class _Reading:
    """What was found while the pages of one file were read."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.lines: list[Line] = []
        self.skipped: list[int] = []
        self.pictures: list[int] = []
        self.garbled: list[int] = []
        self.characters = 0


def read(path: Path, name: str, password: str | None, started: float) -> ReadDocument:
    """Read a PDF. Raises `FileRefused`."""
    try:
        document = open_pdf(path, password)
    except FileRefused as refused:
        if refused.state is not FileState.DAMAGED:
            raise
        return _second_try(path, name, password, started, refused)
    try:
        return _read(document, path, name, password, started)
    finally:
        document.close()


def _read(
    document: pypdfium2.PdfDocument, path: Path, name: str, password: str | None, started: float
) -> ReadDocument:
    count = len(document)
    if count > MAX_PAGES:
        raise FileRefused(FileState.TOO_LARGE, "too_many_pages")
    found = _Reading()
    for index in range(count):
        _read_page(document, index, found)
    visible = sum(len(page.text) - page.text.count(" ") for page in found.pages)
    if found.garbled and len(found.garbled) * 2 > len([page for page in found.pages if page.text.strip()]):
        raise FileRefused(FileState.NO_TEXT, "unreadable_text")
    if visible < FEW_CHARACTERS * max(1, count) and found.pictures:
        raise FileRefused(FileState.NO_TEXT, "scan")
    blocks = BlockList()
    pdf_blocks.build(without_furniture(found.lines, found.pages), found.pages, _outline(document), blocks)
    if not len(blocks):  # nothing but headers and footers
        pdf_blocks.build(found.lines, found.pages, {}, blocks)
    if not len(blocks):
        damaged = len(found.skipped) == count
        state = (FileState.DAMAGED, "damaged") if damaged else (FileState.NO_TEXT, "no_text")
        return _second_try(path, name, password, started, FileRefused(*state))
    skipped = sorted(set(found.skipped) | set(found.pictures))
    return _finish(blocks, found.pages, skipped, _own_title(document), name)


def _read_page(document: pypdfium2.PdfDocument, index: int, found: _Reading) -> None:
    number = index + 1
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        found.skipped.append(number)
        found.pages.append(Page(number, *_LETTER, ""))
        return
    size = _size(page)
    try:
        text = PageText(page)
    except pypdfium2.PdfiumError:
        found.skipped.append(number)
        found.pages.append(Page(number, *size, ""))
        return
    found.characters += len(text.text)
    if found.characters > MAX_CHARACTERS:
        raise FileRefused(FileState.TOO_LARGE, "too_much_text")
    found.pages.append(Page(number, *size, text.text))
    if len(text.text.strip()) < FEW_CHARACTERS and _is_picture(page, size):
        found.pictures.append(number)
    elif _is_garbled(text.text):
        found.garbled.append(number)
    found.lines.extend(lines_of(text, number))
    text.close()


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    width, height = page.get_size()
    return (float(width), float(height)) if 0 < width < 1e5 and 0 < height < 1e5 else _LETTER


def _is_picture(page: pypdfium2.PdfPage, size: tuple[float, float]) -> bool:
    """Whether pictures cover at least half of the page."""
    covered = 0.0
    try:
        for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = thing.get_bounds()
            covered += abs(right - left) * abs(top - bottom)
    except pypdfium2.PdfiumError:
        return covered > 0
    return covered >= 0.5 * size[0] * size[1]


def _is_garbled(text: str) -> bool:
    """Whether much of a page's text is controls or private codes: a font without a map to characters."""
    visible = [character for character in text if not character.isspace()]
    bad = sum(
        1
        for character in visible
        if character < " "
        or "\x7f" <= character < "\xa0"
        or "\ue000" <= character <= "\uf8ff"
        or character == "\ufffd"
    )
    return len(visible) >= FEW_CHARACTERS and bad > 0.3 * len(visible)


def _outline(document: pypdfium2.PdfDocument) -> dict[tuple[int, str], int]:
    """Return the outline as (page, folded title) -> level from 1."""
    outline: dict[tuple[int, str], int] = {}
    try:
        for number, item in enumerate(document.get_toc(max_depth=6)):
            target = item.get_dest()
            page = target.get_index() if target is not None else None
            if page is not None:
                outline.setdefault((page + 1, key(item.get_title())), item.level + 1)
            if number > MAX_PAGES:
                break
    except (pypdfium2.PdfiumError, UnicodeDecodeError, ValueError):
        return outline
    return outline


def _own_title(document: pypdfium2.PdfDocument) -> str:
    try:
        return str(document.get_metadata_value("Title") or "")
    except (pypdfium2.PdfiumError, UnicodeDecodeError):
        return ""


def _second_try(
    path: Path, name: str, password: str | None, started: float, refused: FileRefused
) -> ReadDocument:
    """Let pdfminer.six try what PDFium could not; without success the first reason stands."""
    seconds = min(SECOND_TRY_SECONDS, ALL_SECONDS - (time.monotonic() - started))
    texts = pdf_second.page_texts(path, password, seconds) if seconds > 1 else []
    blocks = BlockList()
    pages = [Page(number, *_LETTER, text) for number, text in enumerate(texts, start=1)]
    for page in pages:
        pdf_second.add_blocks(blocks, page)
    if not len(blocks) or any(_is_garbled(page.text) for page in pages):
        raise refused
    return _finish(blocks, pages, [], "", name)


def _finish(
    blocks: BlockList, pages: list[Page], skipped: list[int], own_title: str, name: str
) -> ReadDocument:
    opening = "\n".join(page.text for page in pages[:3])[:SEARCHED]
    headings = [block for block in blocks.blocks[:20] if block.kind is BlockKind.HEADING]
    first = min(headings, key=lambda block: block.level, default=None)
    return ReadDocument(
        title=choose_title(own_title, first.text if first else "", name),
        blocks=blocks.blocks,
        pages=tuple(pages),
        skipped_pages=tuple(skipped),
        effective_from=effective_from(opening),
    )
