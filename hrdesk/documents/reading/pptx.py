"""Presentations (PPTX): every slide a section under its title, with lists, tables, diagrams and notes.

Hidden slides, comments, footers and slide numbers are left out; what stands on layouts and masters is
decoration. Names of parts are taken from the package's relations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from hrdesk.core.documents import Block, BlockKind, FileState
from hrdesk.documents.reading.archive import Archive, attribute, below, child, local
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.grid import is_head, text_cell
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.reading.relations import main_part, related, relation_id
from hrdesk.documents.sentences import FileRefused

_SLIDE = re.compile(r"^ppt/slides/slide(\d{1,6})\.xml$")
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("ftr", "dt", "sldNum", "hdr", "sldImg")
_OFF = ("0", "false", "off")


def read(source: Source) -> tuple[tuple[Block, ...], str, bool]:
    """Return the blocks, the title property, and whether slides are hidden. Raises `FileRefused`."""
    with Archive(source) as archive:
        blocks = BlockList()
        left_out = False
        found = 0
        for number, name in enumerate(_slides(archive), start=1):
            slide = archive.xml(name)
            if slide is None:
                continue
            found += 1
            if attribute(slide, "show", "1") in _OFF:
                left_out = True
                continue
            _add_slide(blocks, archive, name, slide, number)
        if not found and main_part(archive, "ppt/presentation.xml") is None:
            raise FileRefused(FileState.DAMAGED, "damaged")
        title = child(archive.optional_xml("docProps/core.xml"), "title")
    return blocks.blocks, (title.text or "") if title is not None else "", left_out


def _slides(archive: Archive) -> list[str]:
    """Return the slides in the order in which they are shown."""
    main = main_part(archive, "ppt/presentation.xml")
    presentation = archive.optional_xml(main) if main else None
    parts = related(archive, main) if main else {}
    order = child(presentation, "sldIdLst")
    shown = [parts.get(relation_id(one), ("", ""))[1] for one in order] if order is not None else []
    if presentation is not None:
        return [name for name in shown if name in archive.names]
    numbered = ((_SLIDE.match(name), name) for name in archive.names)
    return [name for _, name in sorted((int(match[1]), name) for match, name in numbered if match)]


def _add_slide(blocks: BlockList, archive: Archive, name: str, slide: etree._Element, number: int) -> None:
    parts = related(archive, name)
    found = _Slide({part: archive.optional_xml(place) for part, (kind, place) in _diagrams(parts).items()})
    found.read(child(slide, "cSld", "spTree"))
    notes = [part for kind, part in parts.values() if kind == "notesSlide" and part in archive.names]
    spoken = [text for part in notes for text in _notes(archive.optional_xml(part))]
    if not (found.title or len(found.blocks) or spoken):
        return
    blocks.add(BlockKind.HEADING, found.title or f"Slide {number}", 1 if found.is_opening else 2)
    for block in found.blocks.blocks:
        blocks.add(block.kind, block.text, block.level)
    if spoken:
        blocks.add(BlockKind.HEADING, "Notes", 3)
    for text in spoken:
        blocks.add_paragraph(text)


def _diagrams(parts: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {part: place for part, place in parts.items() if place[0] == "diagramData"}


def _notes(root: etree._Element | None) -> Iterator[str]:
    for shape in below(root, "sp") if root is not None else ():
        if _placeholder(shape) not in (*_FURNITURE, *_TITLES):
            body = child(shape, "txBody")
            yield from (_text(one) for one in body if local(one) == "p") if body is not None else ()


@dataclass
class _Slide:
    """What one slide shows, in the order of its file; the title apart."""

    diagrams: dict[str, etree._Element | None]
    blocks: BlockList = field(default_factory=BlockList)
    title: str = ""
    is_opening: bool = False

    def read(self, tree: etree._Element | None) -> None:
        """Read the shapes of a slide or group."""
        for element in tree if tree is not None else ():
            name = local(element)
            if name == "sp":
                self._shape(element)
            elif name == "grpSp":
                self.read(element)
            elif name == "graphicFrame":
                self._frame(element)
            elif name == "AlternateContent":
                choice = child(element, "Choice")
                self.read(choice if choice is not None else child(element, "Fallback"))

    def _shape(self, shape: etree._Element) -> None:
        kind = _placeholder(shape)
        body = child(shape, "txBody")
        if body is None or kind in _FURNITURE or _is_hidden(shape):
            return
        paragraphs = [one for one in body if local(one) == "p"]
        if kind in _TITLES and not self.title:
            self.title = clean(" ".join(_text(one) for one in paragraphs))
            self.is_opening = kind == "ctrTitle"
            return
        is_list = kind in ("body", "obj", "") and sum(bool(_text(one).strip()) for one in paragraphs) > 1
        counts: dict[int, int] = {}
        for paragraph in paragraphs:
            self._paragraph(paragraph, counts, is_list=is_list and kind is not None)

    def _paragraph(self, paragraph: etree._Element, counts: dict[int, int], *, is_list: bool) -> None:
        text = _text(paragraph)
        if not text.strip():
            return
        properties = child(paragraph, "pPr")
        value = attribute(properties, "lvl", "0")
        level = int(value) if value.isdecimal() and len(value) == 1 else 0
        numbered = child(properties, "buAutoNum")
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        if numbered is not None:
            counts[level] = counts.get(level, _start(numbered) - 1) + 1
            self.blocks.add(BlockKind.LIST_ITEM, f"{counts[level]}. {text}", level)
        elif child(properties, "buChar") is not None or (is_list and child(properties, "buNone") is None):
            self.blocks.add(BlockKind.LIST_ITEM, text, level)
        else:
            self.blocks.add_paragraph(text)

    def _frame(self, frame: etree._Element) -> None:
        data = child(frame, "graphic", "graphicData")
        for element in data if data is not None else ():
            if local(element) == "tbl":
                self._table(element)
            elif local(element) == "relIds":
                diagram = self.diagrams.get(attribute(element, "dm"))
                for paragraph in below(diagram, "p") if diagram is not None else ():
                    self.blocks.add_paragraph(_text(paragraph))

    def _table(self, table: etree._Element) -> None:
        rows = [row for row in _table_rows(table) if any(row)]
        if max((len(row) for row in rows), default=0) < 2:
            for row in rows:
                self.blocks.add_paragraph(row[0])
            return
        said = attribute(child(table, "tblPr"), "firstRow")
        self.blocks.add_table(rows, has_head=said not in _OFF if said else _looks_headed(rows))


def _placeholder(shape: etree._Element) -> str | None:
    """Return the type of a placeholder ("" for an ordinary one), None for a free shape."""
    place = child(shape, "nvSpPr", "nvPr", "ph")
    return None if place is None else attribute(place, "type")


def _is_hidden(shape: etree._Element) -> bool:
    return attribute(child(shape, "nvSpPr", "cNvPr"), "hidden", "0") not in _OFF


def _start(numbered: etree._Element) -> int:
    value = attribute(numbered, "startAt", "1")
    return int(value) if value.isdecimal() and len(value) < 6 else 1


def _looks_headed(rows: list[list[str]]) -> bool:
    """Whether a table that says nothing about heads has them; some programs never say it."""
    return is_head([{place: text_cell(text) for place, text in enumerate(row) if text} for row in rows])


def _table_rows(table: etree._Element) -> Iterator[list[str]]:
    """Yield the texts of each row; a cell over several rows, or a head over columns, is repeated."""
    above: list[str] = []
    for row in table:
        if local(row) != "tr":
            continue
        texts: list[str] = []
        for cell in row:
            if local(cell) != "tc":
                continue
            text = clean(" ".join(_text(one) for one in below(cell, "p")))
            if attribute(cell, "hMerge", "0") not in _OFF:
                text = texts[-1] if texts and not above else ""
            elif attribute(cell, "vMerge", "0") not in _OFF and len(texts) < len(above):
                text = above[len(texts)]
            texts.append(text)
        above = texts
        yield texts


def _text(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for element in paragraph.iter():
        name = local(element)
        if name == "t":
            pieces.append(element.text or "")
        elif name in ("br", "tab"):
            pieces.append(" ")
    return "".join(pieces)
