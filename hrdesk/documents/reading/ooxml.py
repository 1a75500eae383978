"""Word files (DOCX, DOCM): the text as a reader sees it, with headings, list numbers and tables.

Deleted and hidden text is dropped, inserted text kept; text boxes, content controls and notes are read.
Headers, footers, comments and tables of contents are left out. Namespaces are ignored, so that the strict
variant of the format reads the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from hrdesk.core.documents import Block, BlockKind, FileState
from hrdesk.documents.reading.archive import Archive, attribute, below, child, local
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.reading.word_styles import (
    Numbering,
    Style,
    is_on,
    number_of,
    outline_level,
    read_numbering,
    read_styles,
)
from hrdesk.documents.sentences import FileRefused

MAX_CELL = 1_500
MAX_BOLD_HEADING = 100

_WRAPPERS = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "body", "docPartBody"))
_DROPPED = frozenset(
    (
        "del",
        "moveFrom",
        "delText",
        "instrText",
        "delInstrText",
        "pPr",
        "rPr",
        "sdtPr",
        "commentReference",
        "rt",
    )
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": " "}


def read(source: Source) -> tuple[tuple[Block, ...], str]:
    """Return the blocks and the title property of a Word file. Raises `FileRefused`."""
    with Archive(source) as archive:
        main = _main_part(archive)
        document = archive.xml(main)
        body = child(document, "body")
        if body is None:
            raise FileRefused(FileState.DAMAGED, "damaged")
        folder = main.rpartition("/")[0]
        reader = _Reader(
            BlockList(),
            read_styles(archive.optional_xml(f"{folder}/styles.xml")),
            read_numbering(archive.optional_xml(f"{folder}/numbering.xml")),
            _notes(archive, folder),
        )
        reader.read(body)
        title = child(archive.optional_xml("docProps/core.xml"), "title")
    return reader.blocks.blocks, (title.text or "") if title is not None else ""


def _main_part(archive: Archive) -> str:
    """Return the name of the part with the text, as the package's relations have it."""
    relations = archive.optional_xml("_rels/.rels")
    for relation in relations if relations is not None else ():
        if attribute(relation, "Type").endswith("/officeDocument"):
            name = attribute(relation, "Target").lstrip("/")
            if name in archive.names:
                return name
    if "word/document.xml" in archive.names:
        return "word/document.xml"
    raise FileRefused(FileState.DAMAGED, "damaged")


def _notes(archive: Archive, folder: str) -> dict[tuple[str, str], str]:
    notes: dict[tuple[str, str], str] = {}
    for kind in ("footnote", "endnote"):
        root = archive.optional_xml(f"{folder}/{kind}s.xml")
        for note in root if root is not None else ():
            if attribute(note, "type") in ("", "normal"):
                notes[kind, attribute(note, "id")] = " ".join(_text(one) for one in _paragraphs(note))
    return notes


@dataclass
class _Reader:
    blocks: BlockList
    styles: dict[str, Style]
    numbering: Numbering
    notes: dict[tuple[str, str], str]
    _deepest: int = field(default=0)

    def read(self, container: etree._Element) -> None:
        """Read what stands in a body, cell or text box, in order."""
        for element in container:
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name in _WRAPPERS:
                self.read(element)
            elif name == "AlternateContent":
                self.read(_choice(element))

    def _paragraph(self, paragraph: etree._Element) -> None:
        properties = child(paragraph, "pPr")
        style = self.styles.get(attribute(child(properties, "pStyle"), "val"), Style())
        text = "" if style.hidden else _text(paragraph)
        if text.strip() and not style.name.startswith("toc "):
            self._add(paragraph, properties, style, text)
        for box in _text_boxes(paragraph):
            self.read(box)
        for kind, identity in _references(paragraph):
            self.blocks.add_paragraph(self.notes.get((kind, identity), ""))

    def _add(
        self, paragraph: etree._Element, properties: etree._Element | None, style: Style, text: str
    ) -> None:
        number = number_of(properties) or style.number
        mark = self.numbering.next_mark(*number) if number and number[0] != "0" else None
        marked = f"{mark} {text}" if mark else text
        level = outline_level(properties) or style.level
        if level and len(clean(text)) <= 300:
            self._deepest = max(self._deepest, level)
            self.blocks.add(BlockKind.HEADING, marked, level)
        elif mark is not None and number is not None:
            self.blocks.add(BlockKind.LIST_ITEM, marked, number[1])
        elif _is_bold_heading(paragraph, style, clean(text)):
            self.blocks.add(BlockKind.HEADING, marked, min(6, self._deepest + 1))
        else:
            self.blocks.add_paragraph(marked)

    def _table(self, table: etree._Element) -> None:
        rows = [(row, list(_cells(row))) for row in _rows(table)]
        if not _holds_data(rows):
            for _, cells in rows:
                for cell in cells:
                    self.read(cell)
            return
        texts = [_row_texts(cells) for _, cells in rows]
        texts = [row for row in texts if any(row)]
        self.blocks.add_table(texts, has_head=bool(rows) and _is_head(table, *rows[0]))


def _choice(alternative: etree._Element) -> etree._Element:
    """Of two ways to say the same take the first."""
    for name in ("Choice", "Fallback"):
        found = child(alternative, name)
        if found is not None:
            return found
    return alternative


def _text(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for one in element:
        name = local(one)
        if name in _DROPPED or (name == "r" and is_on(child(one, "rPr", "vanish"))):
            continue
        if name == "t":
            yield one.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "AlternateContent":
            yield from _pieces(_choice(one))
        elif name != "txbxContent":
            yield from _pieces(one)


def _paragraphs(container: etree._Element) -> Iterator[etree._Element]:
    """Yield all paragraphs below an element, also those of nested tables."""
    return below(container, "p")


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    for element in paragraph:
        if local(element) == "txbxContent":
            yield element
        elif local(element) == "AlternateContent":
            yield from _text_boxes(_choice(element))
        elif local(element) not in _DROPPED and local(element) != "t":
            yield from _text_boxes(element)


def _references(paragraph: etree._Element) -> Iterator[tuple[str, str]]:
    for kind in ("footnote", "endnote"):
        for element in below(paragraph, f"{kind}Reference"):
            yield kind, attribute(element, "id")


def _is_bold_heading(paragraph: etree._Element, style: Style, text: str) -> bool:
    """Whether a short paragraph is all bold: many policies are written without heading styles."""
    if not 2 < len(text) <= MAX_BOLD_HEADING or text[-1] in ".,;" or not any(sign.isalpha() for sign in text):
        return False
    runs = [run for run in below(paragraph, "r") if _text(run).strip()]
    return bool(runs) and all(_is_bold(run, style) for run in runs)


def _is_bold(run: etree._Element, style: Style) -> bool:
    switch = child(run, "rPr", "b")
    return is_on(switch) if switch is not None else style.bold


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if local(element) == "tr" and child(element, "trPr", "del") is None:
            yield element
        elif local(element) in _WRAPPERS:
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if local(element) == "tc":
            yield element
        elif local(element) in _WRAPPERS:
            yield from _cells(element)


def _holds_data(rows: list[tuple[etree._Element, list[etree._Element]]]) -> bool:
    """Tell a table of data from one that only places things on the page."""
    if max((len(cells) for _, cells in rows), default=0) < 2:
        return False
    for _, cells in rows:
        for cell in cells:
            nested = next(below(cell, "tbl"), None)
            if nested is not None or sum(len(_text(one)) for one in _paragraphs(cell)) > MAX_CELL:
                return False
    return True


def _row_texts(cells: list[etree._Element]) -> list[str]:
    texts: list[str] = []
    for cell in cells:
        merged = child(cell, "tcPr", "vMerge")
        hidden = merged is not None and attribute(merged, "val", "continue") == "continue"
        texts.append("" if hidden else clean(" ".join(_cell_lines(cell))))
        span = attribute(child(cell, "tcPr", "gridSpan"), "val", "1")
        texts.extend([""] * (min(50, int(span)) - 1 if span.isdecimal() and len(span) < 4 else 0))
    return texts


def _cell_lines(cell: etree._Element) -> Iterator[str]:
    for paragraph in _paragraphs(cell):
        yield _text(paragraph)
        for box in _text_boxes(paragraph):
            yield from (_text(one) for one in _paragraphs(box))


def _is_head(table: etree._Element, row: etree._Element, cells: list[etree._Element]) -> bool:
    if is_on(child(row, "trPr", "tblHeader")):
        return True
    filled = [cell for cell in cells if any(_text(one).strip() for one in _paragraphs(cell))]
    runs = [run for cell in filled for run in below(cell, "r") if _text(run).strip()]
    if len(filled) > 1 and runs and all(is_on(child(run, "rPr", "b")) for run in runs):
        return True
    style = attribute(child(table, "tblPr", "tblStyle"), "val").casefold()
    first_row = attribute(child(table, "tblPr", "tblLook"), "firstRow") == "1"
    return first_row and len(filled) > 1 and style not in ("", "tablegrid", "tablenormal")
