"""Lines of PDF pages to blocks: headings, paragraphs, list items and table rows with their places.

Headings come from the outline where the file has one, and from size and weight of the letters: a style that
is larger or heavier than the text is a heading style, the largest is level 1. A paragraph ends where the
distance to the next line grows, an indent begins, a list mark stands, or a short line ends a sentence.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from hrdesk.core.documents import BlockKind, Page, Span
from hrdesk.documents.normalise import key
from hrdesk.documents.reading.blocks import BlockList
from hrdesk.documents.reading.pdf_lines import Line
from hrdesk.documents.reading.pdf_tables import Table, find_tables

Style = tuple[float, bool]

_BULLET = re.compile(r"^[•‣◦▪●∙·\uf0b7\uf0a7–—*o➢✓-]\s+(?=\S)")
_LONE_BULLET = re.compile(r"^[•‣◦▪●∙·\uf0b7\uf0a7–o➢✓]$")
_NUMBER = re.compile(r"^(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\([ivx]{1,5}\)|[ivx]{1,5}\.)\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_NOT_HEADING_END = re.compile(r"[.,;]$")
MAX_HEADING = 200
MAX_BOLD_HEADING = 140
LARGER = 1.12
AS_LARGE = 0.95
SMALLEST = 0.6  # of the size of text: browsers print headings of levels 5 and 6 small and bold


@dataclass(frozen=True, slots=True)
class _Look:
    """What the document's text looks like on the whole."""

    body: float
    pitch: float
    headings: Mapping[int, int]

    def level(self, line: Line) -> int:
        """Return the level of a heading line, 0 for text."""
        return self.headings.get(id(line), 0)


def build(
    lines: Sequence[Line], pages: Sequence[Page], outline: Mapping[tuple[int, str], int], blocks: BlockList
) -> None:
    """Add the blocks of `lines` to `blocks`; `outline` maps (page, folded title) to a level from 1."""
    if not lines:
        return
    texts = {page.number: page.text for page in pages}
    words = _Words(texts)
    look = _look(lines, outline)
    for group in _groups(_with_tables(lines), look):
        if isinstance(group, Table):
            _add_table(blocks, group, words)
        else:
            _add_lines(blocks, group, look, words)


def _look(lines: Sequence[Line], outline: Mapping[tuple[int, str], int]) -> _Look:
    weights: Counter[float] = Counter()
    heavy: Counter[bool] = Counter()
    for line in lines:
        weights[line.style[0]] += len(line.text)
        heavy[line.bold] += len(line.text)
    body = weights.most_common(1)[0][0]
    steps = [
        one.bottom - two.bottom
        for one, two in pairwise(lines)
        if one.page == two.page and one.style == two.style and 0.3 * body < one.bottom - two.bottom < 3 * body
    ]
    pitch = median(steps) if steps else 1.3 * body
    bold_counts = heavy[True] < 0.4 * (heavy[True] + heavy[False])
    levels = _levels(lines, body, outline, bold_counts=bold_counts)
    return _Look(body, pitch, _headings(lines, levels, body, pitch, outline))


def _levels(
    lines: Sequence[Line], body: float, outline: Mapping[tuple[int, str], int], *, bold_counts: bool
) -> dict[Style, int]:
    """Return the level of each heading style: as the outline has it, else by rank of size and weight."""
    voted: dict[Style, Counter[int]] = {}
    found: set[Style] = set()
    for line in lines:
        level = outline.get((line.page, key(line.text))) if outline else None
        if level is not None:
            voted.setdefault(line.style, Counter())[level] += 1
        if line.size >= LARGER * body or (bold_counts and line.bold and line.size >= SMALLEST * body):
            found.add(line.style)
    levels = {style: votes.most_common(1)[0][0] for style, votes in voted.items() if style in found}
    deepest = 0
    for style in sorted(found, reverse=True):
        deepest = levels.setdefault(style, min(6, deepest + 1))
    return levels


def _headings(
    lines: Sequence[Line],
    levels: Mapping[Style, int],
    body: float,
    pitch: float,
    outline: Mapping[tuple[int, str], int],
) -> dict[int, int]:
    """Return the level of each line that is a heading, by the line's identity."""
    found: dict[int, int] = {}
    for place, line in enumerate(lines):
        level = levels.get(line.style, 0)
        if not level or not any(letter.isalpha() for letter in line.text) or _BULLET.match(line.text):
            continue
        in_outline = outline.get((line.page, key(line.text))) if outline else None
        if in_outline is not None:
            found[id(line)] = in_outline
        elif line.size >= LARGER * body:
            if len(line.text) <= MAX_HEADING:
                found[id(line)] = level
        elif _stands_alone(lines, place, pitch, apart=line.size < AS_LARGE * body):
            found[id(line)] = level
    return found


def _stands_alone(lines: Sequence[Line], place: int, pitch: float, *, apart: bool) -> bool:
    """Whether a bold line is a heading, not emphasis inside a paragraph; `apart`: only with room above it."""
    line = lines[place]
    if len(line.text) > MAX_BOLD_HEADING or _NOT_HEADING_END.search(line.text):
        return False
    before = lines[place - 1] if place else None
    after = lines[place + 1] if place + 1 < len(lines) else None
    if apart and before and before.style != line.style and _close(before, line, pitch):
        return False
    if after and _close(line, after, pitch) and not after.bold and after.text[:1].islower():
        return False
    return not (
        before
        and _close(before, line, pitch)
        and not before.bold
        and not _SENTENCE_END.search(before.text)
        and before.right - before.left > 0.6 * (line.right - line.left)
    )


def _close(upper: Line, lower: Line, pitch: float) -> bool:
    return upper.page == lower.page and 0 <= upper.bottom - lower.bottom < 1.35 * pitch


def _with_tables(lines: Sequence[Line]) -> list[Line | Table]:
    tables = find_tables(lines)
    if not tables:
        return list(lines)
    inside: dict[int, Table] = {id(line): table for table in tables for line in table.lines}
    result: list[Line | Table] = []
    for line in lines:
        table = inside.get(id(line))
        if table is None:
            result.append(line)
        elif not result or result[-1] is not table:
            result.append(table)
    return result


def _groups(lines: Sequence[Line | Table], look: _Look) -> Iterator[list[Line] | Table]:
    group: list[Line] = []
    edges = _right_edges([line for line in lines if isinstance(line, Line)])
    for line in lines:
        if isinstance(line, Table):
            if group:
                yield group
            yield line
            group = []
            continue
        if group and _starts_block(group, line, look, edges[group[-1].page]):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _right_edges(lines: Sequence[Line]) -> dict[int, float]:
    edges: dict[int, list[float]] = {}
    for line in lines:
        edges.setdefault(line.page, []).append(line.right)
    return {page: sorted(values)[int(0.9 * (len(values) - 1))] for page, values in edges.items()}


def _starts_block(group: Sequence[Line], line: Line, look: _Look, right_edge: float) -> bool:
    last = group[-1]
    if _LONE_BULLET.match(last.text) and len(group) == 1:
        return False
    was, level = look.level(last), look.level(line)
    if was or level:
        same = was == level and last.page == line.page and last.style == line.style
        return not (same and 0 < last.bottom - line.bottom < 1.5 * max(line.size, look.pitch))
    if _BULLET.match(line.text) or _LONE_BULLET.match(line.text) or _NUMBER.match(line.text):
        return True
    step = last.bottom - line.bottom
    if last.page != line.page or step < -0.5 * line.size:  # a new page or column
        return bool(_SENTENCE_END.search(last.text)) or not line.text[:1].islower()
    if last.beside(line):
        return False
    if (
        step > 1.35 * look.pitch * max(1.0, line.size / look.body)
        or abs(line.size - last.size) > 0.15 * look.body
    ):
        return True
    ended = bool(_SENTENCE_END.search(last.text))
    indented = line.left - last.left > 0.9 * line.size and line.left - group[0].left > 0.9 * line.size
    short = last.right < right_edge - 6 * line.size
    return ended and (indented or short)


class _Words:
    """The words of the document, to tell a broken word from a hyphenated one."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        self.texts = texts
        self._known: set[str] | None = None

    def _words(self) -> set[str]:
        if self._known is None:
            found = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
            self._known = {word.casefold() for text in self.texts.values() for word in found.findall(text)}
        return self._known

    def joined(self, raw: str) -> str:
        """Join words that were broken at line ends."""
        if not _BREAK_MARK.search(raw):
            return raw
        return _BROKEN.sub(self._join, raw).replace("\ufffe", "-").replace("\x02", "-")

    def _join(self, match: re.Match[str]) -> str:
        left, right = match["left"], match["right"]
        if not (left[-1].isalpha() and right[0].isalpha()):
            return f"{left}-{right}"
        known = self._words()
        if (left + right).casefold() in known:
            return left + right
        hyphenated = f"{left}-{right}".casefold() in known or not right[0].islower()
        return f"{left}-{right}" if hyphenated else left + right


_BREAK_MARK = re.compile("[-\u2010\ufffe\x02\xad]")
_BROKEN = re.compile(r"(?P<left>\w+)(?:[-\u2010][ \t]*(?:\r\n|[\r\n])\s*|[\ufffe\x02\xad]\s*)(?P<right>\w+)")


def _spans(lines: Sequence[Line], texts: Mapping[int, str]) -> list[Span]:
    """Return where the lines stand; lines that follow each other in the page's text share a span."""
    spans: list[Span] = []
    for line in lines:
        last = spans[-1] if spans else None
        follows = last is not None and last.page == line.page and line.start >= last.end
        if last and follows and not texts[line.page][last.end : line.start].strip():
            spans[-1] = Span(last.page, last.start, line.end)
        else:
            spans.append(Span(line.page, line.start, line.end))
    return spans


def _raw(spans: Sequence[Span], texts: Mapping[int, str]) -> str:
    return "\r\n".join(texts[span.page][span.start : span.end] for span in spans)


def _add_lines(blocks: BlockList, lines: Sequence[Line], look: _Look, words: _Words) -> None:
    level = look.level(lines[0])
    if len(lines) > 1 and _LONE_BULLET.match(lines[0].text):
        _add(blocks, BlockKind.LIST_ITEM, lines[1:], words)
    elif level and sum(len(line.text) + 1 for line in lines) <= MAX_HEADING:
        _add(blocks, BlockKind.HEADING, lines, words, level)
    elif mark := _BULLET.match(lines[0].text):
        lines[0].start += mark.end()
        lines[0].text = lines[0].text[mark.end() :]
        _add(blocks, BlockKind.LIST_ITEM, lines, words)
    elif not _LONE_BULLET.match(lines[0].text):
        kind = BlockKind.LIST_ITEM if _NUMBER.match(lines[0].text) else BlockKind.PARAGRAPH
        _add(blocks, kind, lines, words)


def _add(blocks: BlockList, kind: BlockKind, lines: Sequence[Line], words: _Words, level: int = 0) -> None:
    spans = _spans(lines, words.texts)
    blocks.add(kind, words.joined(_raw(spans, words.texts)), level, tuple(spans))


def _add_table(blocks: BlockList, table: Table, words: _Words) -> None:
    cells: list[list[str]] = []
    places: list[tuple[Span, ...]] = []
    for row in table.rows:
        spans = [_spans(cell, words.texts) for cell in row]
        cells.append([words.joined(_raw(one, words.texts)) for one in spans])
        places.append(tuple(span for one in spans for span in one))
    blocks.add_table(cells, has_head=table.has_head, places=places)
