"""Cuts a document into passages: about 900 characters under one heading, none overlapping.

The recipe was measured on real handbooks: split at headings, pack blocks of one section up to 900 characters
(at most 1,400), merge a tail under 200, split blocks over 1,200 at sentence or line ends. A passage keeps the
heading path "Title > H1 > H2" as its own field and the places of its blocks on the pages. The first passage
of a section begins with the headings above it: questions of a FAQ are headings, and so is, in many a PDF,
any line in bold (measured on the same handbooks: R@5 .86 without, .89 with).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hrdesk.core.documents import Block, BlockKind, Page, PassageText, ReadDocument, Span
from hrdesk.documents.normalise import Places, key

TARGET = 900
MOST = 1_400
SMALL_TAIL = 200
LONG_BLOCK = 1_200
MAX_HEADING = 200

_ENDS = re.compile(r"(?<=[.!?;:])[\"'”’)\]]*\s+|\n+|(?<=[。！？])")


@dataclass(slots=True)
class _Piece:
    """A block or a part of one, with its place."""

    text: str
    spans: tuple[Span, ...]
    is_lead: bool = False
    head: "_Piece | None" = None


@dataclass(slots=True)
class _Section:
    path: str
    heads: tuple[_Piece, ...] = ()
    pieces: list[_Piece] = field(default_factory=list)


def cut(document: ReadDocument) -> list[PassageText]:
    """Return the passages of a document in reading order."""
    pages = {page.number: page for page in document.pages}
    passages: list[PassageText] = []
    for section in _sections(document, pages):
        heads = section.heads  # they do not count for the size: the cuts stay where the text wants them
        for group in _groups(section.pieces):
            passages.append(_passage(section.path, group, heads))
            heads = ()
    return passages


def _sections(document: ReadDocument, pages: dict[int, Page]) -> Iterator[_Section]:
    headings: list[tuple[int, str]] = []
    above: list[_Piece] = []  # headings since the last text
    section = _Section(document.title)
    head: _Piece | None = None
    for block in document.blocks:
        if block.kind is BlockKind.HEADING:
            if section.pieces:
                yield section
                above = []
            while headings and headings[-1][0] >= block.level:
                headings.pop()
            headings.append((block.level, block.text[:MAX_HEADING]))
            above.append(_Piece(block.text, block.spans))
            section, head = _Section(_path(document.title, headings), _nearest(above, document.title)), None
            continue
        pieces = list(_pieces(block, pages))
        if block.kind is not BlockKind.TABLE_ROW:
            head = None
        elif block.level == 1:
            head = pieces[0] if pieces else None
        elif head is not None:
            for piece in pieces:
                piece.head = head
        section.pieces.extend(pieces)
    if section.pieces:
        yield section


def _nearest(above: list[_Piece], title: str) -> tuple[_Piece, ...]:
    """Return the last heading and those before it, as far as there is room; the title is in every path."""
    kept: list[_Piece] = []
    for piece in reversed(above):
        if key(piece.text) == key(title):
            continue
        if kept and sum(len(one.text) + 1 for one in [*kept, piece]) > SMALL_TAIL:
            break
        kept.append(piece)
    return tuple(reversed(kept))


def _path(title: str, headings: list[tuple[int, str]]) -> str:
    parts = [title]
    for _, heading in headings:
        if key(heading) != key(parts[-1]):
            parts.append(heading)
    return " > ".join(parts)


def _pieces(block: Block, pages: dict[int, Page]) -> Iterator[_Piece]:
    lead = block.text.endswith(":")
    if len(block.text) <= LONG_BLOCK:
        yield _Piece(block.text, block.spans, lead)
        return
    places = Places(pages, block.spans, block.text)
    for start, end in _parts(block.text):
        yield _Piece(block.text[start:end], places.part(start, end))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Split a long text into ranges of at most about 900 characters, at sentence ends where possible."""
    start = 0
    ends = [match.end() for match in _ENDS.finditer(text)] + [len(text)]
    last = 0
    for end in ends:
        while end - start > TARGET:
            if last <= start:  # one sentence longer than a passage: cut between words
                space = text.rfind(" ", start, start + TARGET)
                last = space + 1 if space > start else start + TARGET
            yield _trimmed(text, start, last)
            start = last
        last = end
    if start < len(text):
        yield _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    size = 0
    waiting: list[_Piece] = []
    for piece in pieces:
        length = len(piece.text) + 1
        if group and size + length > TARGET:
            if waiting:
                yield waiting
            carried = [group.pop()] if group[-1].is_lead and len(group) > 1 else []
            waiting, group = group, carried
            size = sum(len(one.text) + 1 for one in group)
        group.append(piece)
        size += length
    if waiting and size < SMALL_TAIL and sum(len(one.text) + 1 for one in waiting) + size <= MOST:
        yield waiting + group
        return
    if waiting:
        yield waiting
    if group:
        yield group


def _passage(path: str, group: list[_Piece], heads: tuple[_Piece, ...]) -> PassageText:
    head = group[0].head
    if head is not None and len(head.text) < SMALL_TAIL:
        group = [head, *group]
    group = [*heads, *group]
    spans = tuple(span for piece in group for span in piece.spans)
    return PassageText(path, "\n".join(piece.text for piece in group), _joined(spans))


def _joined(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Put spans in order of the pages without repeats."""
    return tuple(dict.fromkeys(spans))
