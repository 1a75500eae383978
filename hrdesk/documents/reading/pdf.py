"""PDF files: text page by page through PDFium, bad pages skipped; pdfminer.six as a timed second try.

A file without text is not an empty file: a scan, unreadable character codes, a password and damage are told
apart, because people can do something different about each.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import BlockKind, FileState, Page, ReadDocument, Remark, ScannedPage
from hrdesk.documents.normalise import key
from hrdesk.documents.pdf_text import PageText, open_pdf
from hrdesk.documents.reading import pdf_blocks, pdf_second, pdf_unseen
from hrdesk.documents.reading.blocks import BlockList
from hrdesk.documents.reading.dates import SEARCHED, effective_from
from hrdesk.documents.reading.pdf_columns import in_columns
from hrdesk.documents.reading.pdf_furniture import without_furniture
from hrdesk.documents.reading.pdf_lines import Line, lines_of
from hrdesk.documents.reading.quality import is_noise
from hrdesk.documents.reading.recognise import Recogniser
from hrdesk.documents.reading.titles import choose_title
from hrdesk.documents.reading.wire import MAX_CHARACTERS, MAX_PAGES
from hrdesk.documents.sentences import FileRefused

FEW_CHARACTERS = 25  # of a page; a scan often has a stamp or a page number as text
THIN_CHARACTERS = 200  # of a page that is all picture: a stamp, or the title on a cover
MUCH_MORE = 3
SECOND_TRY_SECONDS = 6.0
ALL_SECONDS = 16.0  # the parent's patience ends at 20
_LETTER = (612.0, 792.0)


class _Reading:
    """What was found while the pages of one file were read."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.lines: dict[int, list[Line]] = {}
        self.skipped: list[int] = []
        self.pictures: list[int] = []
        self.noisy: list[int] = []
        self.thin: list[int] = []
        self.scanned: list[ScannedPage] = []
        self.characters = 0
        self.unseen = False

    def all_lines(self) -> list[Line]:
        """The lines of all pages in order."""
        return [line for number in sorted(self.lines) for line in self.lines[number]]

    def leave_out(self, document: pypdfium2.PdfDocument, index: int) -> None:
        """Note a page that is not read, because those before it hold all the text that is taken."""
        self.skipped.append(index + 1)
        self.pages.append(Page(index + 1, *_size(document.get_page_size(index)), ""))

    def remarks(self) -> tuple[Remark, ...]:
        """What people should know about the reading."""
        known = {
            Remark.SCAN: bool(self.scanned),
            Remark.UNSEEN: self.unseen,
            Remark.CUT: self.characters > MAX_CHARACTERS,
        }
        return tuple(remark for remark, holds in known.items() if holds)

    def unread(self) -> list[int]:
        """The pages without text that people could read, in order."""
        return sorted({*self.skipped, *self.pictures, *self.noisy})


def read(
    source: Path | bytes,
    name: str,
    password: str | None,
    started: float,
    recogniser: Recogniser | None = None,
) -> ReadDocument:
    """Read a PDF, pictures of text too where there is a `recogniser`. Raises `FileRefused`."""
    try:
        document = open_pdf(source, password)
    except FileRefused as refused:
        if not _is_worth_a_second_try(source, password, refused):
            raise FileRefused(refused.state, "wrong_password" if password else refused.reason) from refused
        return _second_try(source, name, password, started, refused)
    try:
        return _read(document, source, name, password, started, recogniser)
    finally:
        document.close()


def _read(
    document: pypdfium2.PdfDocument,
    source: Path | bytes,
    name: str,
    password: str | None,
    started: float,
    recogniser: Recogniser | None,
) -> ReadDocument:
    count = len(document)
    if count > MAX_PAGES:
        raise FileRefused(FileState.TOO_LARGE, "too_many_pages")
    found = _Reading()
    for index in range(count):
        if found.characters > MAX_CHARACTERS:
            found.leave_out(document, index)
        else:
            _read_page(document, index, found)
    if recogniser is not None:
        _recognise(document, found, recogniser)
    _refuse_unreadable(found, tried=recogniser is not None)
    blocks = BlockList()
    lines = found.all_lines()
    pdf_blocks.build(without_furniture(lines, found.pages), found.pages, _outline(document), blocks)
    if not len(blocks):  # nothing but headers and footers
        pdf_blocks.build(lines, found.pages, {}, blocks)
    if not len(blocks):
        damaged = len(found.skipped) == count
        state = (FileState.DAMAGED, "damaged") if damaged else (FileState.NO_TEXT, "no_text")
        return _second_try(source, name, password, started, FileRefused(*state))
    read = _finish(blocks, found.pages, found.unread(), _own_title(document), name)
    return replace(read, scanned=tuple(found.scanned), remarks=found.remarks())


def _refuse_unreadable(found: _Reading, *, tried: bool) -> None:
    """Refuse a file of which there is next to nothing but pictures or noise."""
    visible = sum(len(page.text) - page.text.count(" ") for page in found.pages)
    if visible >= FEW_CHARACTERS * max(1, len(found.pages)):
        return
    if found.noisy and len(found.noisy) >= len(found.pictures):
        raise FileRefused(FileState.NO_TEXT, "unreadable_text")
    if found.pictures:
        raise FileRefused(FileState.NO_TEXT, "scan_unread" if tried else "scan")


def _recognise(document: pypdfium2.PdfDocument, found: _Reading, recogniser: Recogniser) -> None:
    """Read pictures and noise by recognition; pages with a little text too, if there is much more on them."""
    numbers = sorted({*found.pictures, *found.noisy, *found.thin})
    for done, number in enumerate(numbers):
        recogniser.tell(done, len(numbers))
        page = found.pages[number - 1]
        read = recogniser.read(document[number - 1], number)
        if read is None or (number in found.thin and len(read.text) < MUCH_MORE * len(page.text)):
            continue
        found.pages[number - 1] = replace(page, text=read.text)
        found.lines[number] = in_columns(read.lines)
        found.scanned.append(ScannedPage(number, read.words))
        for others in (found.pictures, found.noisy):
            if number in others:
                others.remove(number)


def _read_page(document: pypdfium2.PdfDocument, index: int, found: _Reading) -> None:
    number = index + 1
    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        found.skipped.append(number)
        found.pages.append(Page(number, *_LETTER, ""))
        return
    size = _size(page.get_size())
    try:
        text = PageText(page)
    except pypdfium2.PdfiumError:
        found.skipped.append(number)
        found.pages.append(Page(number, *size, ""))
        return
    found.characters += len(text.text)
    if found.characters > MAX_CHARACTERS:
        found.leave_out(document, index)
        text.close()
        return
    few = len(text.text.strip())
    covered = _covered(page, size) if few < THIN_CHARACTERS else 0.0
    if is_noise(text.text):
        found.noisy.append(number)
        found.pages.append(Page(number, *size, ""))
        text.close()
        return
    lines, unseen = pdf_unseen.seen(text, lines_of(text, number))
    found.unseen = found.unseen or bool(unseen)
    found.pages.append(Page(number, *size, _blanked(text.text, unseen)))
    if few < FEW_CHARACTERS and covered >= 0.5:
        found.pictures.append(number)
    elif covered >= 0.8:
        found.thin.append(number)
    found.lines[number] = in_columns(lines)
    text.close()


def _blanked(text: str, unseen: Sequence[tuple[int, int]]) -> str:
    """Put spaces where nobody sees anything, so that all other places stay."""
    for start, end in unseen:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_worth_a_second_try(source: Path | bytes, password: str | None, refused: FileRefused) -> bool:
    """Whether pdfminer.six may open what PDFium refuses."""
    if refused.state is FileState.DAMAGED:
        return True
    return password is None and isinstance(source, Path) and pdf_second.opens_freely(source)


def _size(size: tuple[float, float]) -> tuple[float, float]:
    width, height = size
    return (float(width), float(height)) if 0 < width < 1e5 and 0 < height < 1e5 else _LETTER


def _covered(page: pypdfium2.PdfPage, size: tuple[float, float]) -> float:
    """Return which share of the page pictures cover; half a page where one cannot be measured."""
    covered = 0.0
    try:
        for thing in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = thing.get_bounds()
            covered += abs(right - left) * abs(top - bottom)
    except pypdfium2.PdfiumError:
        return 0.5 if covered > 0 else 0.0
    return covered / (size[0] * size[1])


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
    source: Path | bytes, name: str, password: str | None, started: float, refused: FileRefused
) -> ReadDocument:
    """Let pdfminer.six try what PDFium could not; without success the first reason stands.

    Such pages cannot be drawn, so the document comes without: it is laid out like a text.
    """
    seconds = min(SECOND_TRY_SECONDS, ALL_SECONDS - (time.monotonic() - started))
    texts = pdf_second.page_texts(source, password, seconds) if seconds > 1 else []
    blocks = BlockList()
    for text in texts:
        pdf_second.add_blocks(blocks, text)
    if not len(blocks) or any(map(is_noise, texts)):
        raise refused
    return ReadDocument(
        title=choose_title("", "", name),
        blocks=blocks.blocks,
        pages=(),
        skipped_pages=(),
        effective_from=effective_from("\n".join(texts[:3])[:SEARCHED]),
        remarks=(Remark.AS_TEXT,),
    )


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
