"""CSV and TSV files: the separator is found by counting, the rest is the table's.

`csv.Sniffer` is not used: it may take minutes on a long line and takes letters for separators.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.blocks import BlockList, clean
from hrdesk.documents.reading.grid import MAX_COLUMNS, Row, add_rows, text_cell
from hrdesk.documents.sentences import FileRefused

SEPARATORS = ",;\t|"
SAMPLED_LINES = 60
SAMPLED_CHARACTERS = 60_000
MAX_FIELD = 1_000_000


def read(source: str) -> BlockList:
    """Return the blocks of a CSV file. Raises `FileRefused`."""
    blocks = BlockList()
    first, _, rest = source.partition("\n")
    said = first.strip().casefold()
    if said.startswith("sep=") and len(said) <= 5:  # Excel's own way to name the separator
        separator, source = (said[4:] or "\t"), rest
    else:
        separator = _separator(source)
    csv.field_size_limit(MAX_FIELD)
    try:
        add_rows(blocks, _rows(source, separator))
    except csv.Error as error:
        raise FileRefused(FileState.DAMAGED, "damaged") from error
    return blocks


def _rows(source: str, separator: str) -> Iterator[Row]:
    for values in csv.reader(io.StringIO(source.replace("\0", ""), newline=""), delimiter=separator):
        texts = (clean(value) for value in values[:MAX_COLUMNS])
        yield {column: text_cell(text) for column, text in enumerate(texts) if text}


def _separator(source: str) -> str:
    """Return the separator of which most lines have the same number, not counting what stands in quotes."""
    lines = [line for line in source[:SAMPLED_CHARACTERS].splitlines()[:SAMPLED_LINES] if line.strip()]
    best, best_score = ",", 0.0
    for separator in SEPARATORS:
        counts = Counter(_unquoted(line).count(separator) for line in lines)
        counts.pop(0, None)
        if not counts:
            continue
        number, times = counts.most_common(1)[0]
        score = times / len(lines) + min(number, 20) / 1_000
        if score > best_score:
            best, best_score = separator, score
    return best


def _unquoted(line: str) -> str:
    return "".join(line.split('"')[::2])
