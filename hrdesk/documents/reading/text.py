"""Plain text: paragraphs by empty lines, list items by their marks, headings where there is no doubt."""

import re
from collections.abc import Iterator

from hrdesk.core.documents import BlockKind
from hrdesk.documents.reading.blocks import BlockList

_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BULLET = re.compile(r"^\s{0,12}[-*•‣◦▪–—·]\s+(?=\S)")
_NUMBER = re.compile(r"^\s{0,12}(?:\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\))\s+(?=\S)")
_UNDERLINE = re.compile(r"^\s*(?:={3,}|-{3,}|~{3,})\s*$")
_SECTION = re.compile(
    r"^(?:(?:chapter|section|part|article|appendix|annex|schedule)\s+[\dIVXLA-Z]{1,6}\b|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[A-Z])",
    re.IGNORECASE,
)
MAX_HEADING = 90
SHORT_LINE = 50


def read(source: str) -> BlockList:
    """Return the blocks of a plain text."""
    blocks = BlockList()
    for lines in _groups(_BREAKS.split(source)):
        _add_group(blocks, lines)
    return blocks


def _groups(lines: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _add_group(blocks: BlockList, lines: list[str]) -> None:
    if len(lines) >= 2 and _UNDERLINE.match(lines[1]) and len(lines[0].strip()) <= MAX_HEADING:
        blocks.add(BlockKind.HEADING, lines[0], 1 if "=" in lines[1] else 2)
        lines = lines[2:]
    elif len(lines) == 1 and _is_heading(lines[0].strip()):
        blocks.add(BlockKind.HEADING, lines[0], _level(lines[0].strip()))
        return
    for item in _items(lines):
        first = item[0]
        kind = BlockKind.LIST_ITEM if _BULLET.match(first) or _NUMBER.match(first) else BlockKind.PARAGRAPH
        blocks.add(
            kind,
            _BULLET.sub("", "\n".join(item), count=1),
            _indent(first) if kind is BlockKind.LIST_ITEM else 0,
        )


def _items(lines: list[str]) -> Iterator[list[str]]:
    """Split a group of lines at list marks, and between lines that are all too short to be running text."""
    one_each = len(lines) > 1 and max(len(line.strip()) for line in lines) <= SHORT_LINE
    item: list[str] = []
    for line in lines:
        new_line = one_each and not line.lstrip()[:1].islower()
        if item and (new_line or _BULLET.match(line) or _NUMBER.match(line)):
            yield item
            item = []
        item.append(line)
    if item:
        yield item


def _is_heading(line: str) -> bool:
    if not 3 <= len(line) <= MAX_HEADING or line[-1] in ".,;:!?" or _BULLET.match(line):
        return False
    if _SECTION.match(line):
        return True
    letters = [letter for letter in line if letter.isalpha()]
    return len(letters) >= 3 and all(letter.isupper() for letter in letters)


def _level(line: str) -> int:
    number = re.match(r"\d+(?:\.\d+)*", line)
    return min(6, number.group().count(".") + 1) if number else 1


def _indent(line: str) -> int:
    return min(4, (len(line) - len(line.lstrip())) // 2)
