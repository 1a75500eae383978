"""Collects blocks while a file is read: clean text, table rows with their heads, within the caps."""

import re
from collections.abc import Sequence

from hrdesk.core.documents import Block, BlockKind, FileState, Span
from hrdesk.documents.reading.wire import MAX_BLOCKS, MAX_CHARACTERS
from hrdesk.documents.sentences import FileRefused

# Controls, soft hyphens, byte order marks, direction overrides, tag characters (an invisible way to smuggle
# text), and noncharacters. Joiners stay: emoji and Indic scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufffe\uffff\U000e0000-\U000e007f]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
CELL_SEPARATOR = " | "
MAX_HEAD = 80
MAX_ROW = 20_000


def clean(text: str) -> str:
    """Return `text` with single spaces and without characters that carry no meaning."""
    return " ".join(_SURROGATES.sub("\ufffd", _UNWANTED.sub("", text)).split())


def clean_lines(text: str) -> str:
    """Return `text` cleaned line by line; for code, where lines mean something."""
    lines = (_SURROGATES.sub("\ufffd", _UNWANTED.sub("", line)).rstrip() for line in text.splitlines())
    return "\n".join(lines).strip("\n")


def row_text(cells: Sequence[str], heads: Sequence[str] = ()) -> str:
    """Join the cells of a row; each cell is preceded by its column's head where there is one."""
    parts = []
    for place, cell in enumerate(cells):
        if not cell:
            continue
        head = heads[place].rstrip(":") if place < len(heads) else ""
        parts.append(f"{head}: {cell}" if head and len(head) <= MAX_HEAD and head != cell else cell)
    return CELL_SEPARATOR.join(parts)


class BlockList:
    """Blocks in reading order. Raises `FileRefused` (too large) when a cap is passed."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._characters = 0

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What was collected so far."""
        return tuple(self._blocks)

    def add(self, kind: BlockKind, text: str, level: int = 0, spans: tuple[Span, ...] = ()) -> None:
        """Add one block; text without a visible character is left out."""
        cleaned = clean_lines(text) if kind is BlockKind.CODE else clean(text)
        if not cleaned:
            return
        self._characters += len(cleaned)
        if self._characters > MAX_CHARACTERS or len(self._blocks) >= MAX_BLOCKS:
            raise FileRefused(FileState.TOO_LARGE, "too_much_text")
        self._blocks.append(Block(kind, cleaned, min(level, 20), spans))

    def add_paragraph(self, text: str) -> None:
        """Add a paragraph."""
        self.add(BlockKind.PARAGRAPH, text)

    def add_table(
        self,
        rows: Sequence[Sequence[str]],
        *,
        has_head: bool,
        places: Sequence[tuple[Span, ...]] = (),
    ) -> None:
        """Add a table: the head row as it stands (level 1), then every row with its column heads.

        `places` are the spans of each row, where they are known.
        """
        cleaned = [[clean(cell).replace(CELL_SEPARATOR, " / ") for cell in row] for row in rows]
        heads = cleaned[0] if has_head and len(cleaned) > 1 else []
        for number, row in enumerate(cleaned):
            spans = places[number] if places else ()
            if heads and number == 0:
                shown = [head for place, head in enumerate(row) if place == 0 or head != row[place - 1]]
                self.add(BlockKind.TABLE_ROW, row_text(shown), 1, spans)
                continue
            text = row_text(row, heads)
            self.add(BlockKind.TABLE_ROW, text if len(text) <= MAX_ROW else row_text(row), 0, spans)
