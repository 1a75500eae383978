"""OpenDocument text (ODT): headings, paragraphs, lists, tables and notes.

Deleted and hidden text and tables of contents are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from hrdesk.core.documents import Block, BlockKind, FileState
from hrdesk.documents.reading.archive import Archive, attribute, child, local
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.reading.odf_lists import (
    MAX_LEVEL,
    Count,
    Lists,
    begins_at,
    first_text,
    is_unnumbered,
    read_list_styles,
    style_places,
)
from hrdesk.documents.sentences import FileRefused

MAX_CELL = 1_500
MAX_REPEAT = 50

_CONTAINERS = frozenset(("section", "text", "text-box", "frame", "index-body", "g", "page"))
_DROPPED = frozenset(
    """tracked-changes annotation annotation-end table-of-content alphabetical-index ruby-text hidden-text
    hidden-paragraph variable-decls sequence-decls user-field-decls forms""".split()
)
_SIGNS = {"s": " ", "tab": "\t", "line-break": "\n"}


def read(source: Source) -> tuple[tuple[Block, ...], str]:
    """Return the blocks and the title property of an ODT file. Raises `FileRefused`."""
    with Archive(source) as archive:
        manifest = archive.optional_xml("META-INF/manifest.xml")
        if manifest is not None and any(local(one) == "encryption-data" for one in manifest.iter()):
            raise FileRefused(FileState.NEEDS_PASSWORD, "password")
        content = archive.xml("content.xml")
        text = child(content, "body", "text")
        if content is None or text is None:
            raise FileRefused(FileState.DAMAGED, "damaged")
        lists, outline = read_list_styles(style_places(content, archive.optional_xml("styles.xml")))
        reader = _Reader(BlockList(), Lists(lists), Count(outline, closed=False), _hidden_styles(content))
        reader.read(text, 0)
        title = child(archive.optional_xml("meta.xml"), "meta", "title")
    return reader.blocks.blocks, (title.text or "") if title is not None else ""


def _styles(content: etree._Element) -> list[etree._Element]:
    styles = child(content, "automatic-styles")
    return [] if styles is None else list(styles)


def _hidden_styles(content: etree._Element) -> set[str]:
    return {
        attribute(style, "name")
        for style in _styles(content)
        if attribute(child(style, "text-properties"), "display") == "none"
    }


@dataclass
class _Reader:
    blocks: BlockList
    lists: Lists
    outline: Count
    hidden: set[str]

    def read(self, container: etree._Element, depth: int) -> None:
        """Read what stands in a text, section or frame, in order."""
        for element in container:
            name = local(element)
            if name in ("h", "p"):
                self._paragraph(element, BlockKind.PARAGRAPH, 0)
            elif name == "list":
                self._list(element, depth, self.lists.open(element), 0)
            elif name == "table":
                self._table(element, depth)
            elif name in _CONTAINERS:
                self.read(element, depth)

    def _paragraph(self, element: etree._Element, kind: BlockKind, level: int, mark: str = "") -> None:
        text = mark + self._text(element).lstrip() if mark else self._text(element)
        if not self._text(element).strip():
            text = ""
        if local(element) == "h":
            value = attribute(element, "outline-level", "1")
            heading = min(MAX_LEVEL, max(1, int(value))) if value.isdecimal() and len(value) < 3 else 1
            if text and not mark and not is_unnumbered(element):
                text = f"{self.outline.mark(heading - 1)} {text}"
            self.blocks.add(BlockKind.HEADING, text, min(6, heading))
        else:
            self.blocks.add(kind, text, level)
        for inner in element.iter():
            if local(inner) in ("text-box", "note-body"):
                self.read(inner, 0)

    def _list(self, element: etree._Element, depth: int, count: Count, level: int) -> None:
        """Read a list; `depth` is how deep it stands, `level` how deep in the list that counts it."""
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            counts = local(item) == "list-item" and first_text(item)
            mark = count.mark(level, begins_at(item)) if counts else ""
            for part in item:
                if local(part) in ("p", "h"):
                    self._paragraph(part, BlockKind.LIST_ITEM, depth, f"{mark} " if mark else "")
                    mark = ""
                elif local(part) == "list":
                    inner = self.lists.below(part, count)
                    self._list(part, depth + 1, inner, level + 1)

    def _table(self, table: etree._Element, depth: int) -> None:
        rows = [(row, list(_cells(row))) for row in _rows(table)]
        nested = any(local(one) == "table" for _, cells in rows for cell in cells for one in cell.iter())
        texts = [[self._cell_text(cell) for cell in cells] for _, cells in rows]
        widest = max((sum(map(bool, row)) for row in texts), default=0)
        if nested or widest < 2 or max((len(text) for row in texts for text in row), default=0) > MAX_CELL:
            for _, cells in rows:
                for cell in cells:
                    self.read(cell, depth)
            return
        has_head = child(table, "table-header-rows") is not None
        self.blocks.add_table([row for row in texts if any(row)], has_head=has_head)

    def _cell_text(self, cell: etree._Element) -> str:
        if local(cell) == "covered-table-cell":
            return ""
        return clean(" ".join(self._text(one) for one in cell.iter() if local(one) in ("p", "h")))

    def _text(self, element: etree._Element) -> str:
        return "".join(self._pieces(element))

    def _pieces(self, element: etree._Element) -> Iterator[str]:
        if attribute(element, "style-name") in self.hidden:
            return
        yield element.text or ""
        for one in element:
            name = local(one)
            if name in _SIGNS:
                count = attribute(one, "c", "1")
                yield _SIGNS[name] * (
                    min(MAX_REPEAT, int(count)) if count.isdecimal() and len(count) < 4 else 1
                )
            elif name not in _DROPPED and name not in ("note", "text-box", "frame", "list", "table"):
                yield from self._pieces(one)
            yield one.tail or ""


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if local(element) == "table-row":
            yield element
        elif local(element) in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        if local(element) in ("table-cell", "covered-table-cell"):
            count = attribute(element, "number-columns-repeated", "1")
            times = min(MAX_REPEAT, int(count)) if count.isdecimal() and len(count) < 6 else 1
            yield from [element] * max(1, times)
