"""How much of a text was read: words found (F1) and, for recognised scans, words wrong."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.documents import ReadDocument

# Rules of tables drawn with signs, and marks of lists, are no words.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Reference:
    """A file and the true text of it; of a scan, the text goes on after its last page."""

    path: Path
    text: str

    @property
    def is_scan(self) -> bool:
        """Whether the file shows pictures of its text."""
        return ".scan." in self.path.name


def references(folder: Path) -> Iterator[Reference]:
    """Yield the files of the collection that have a true text."""
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["text_ref"]:
            text = (folder / entry["text_ref"]).read_text(encoding="utf-8")
            yield Reference(folder / entry["path"], text)


def aim(path: Path) -> float:
    """Return the word F1 that a format must reach."""
    return 0.93 if path.suffix == ".odt" else 0.99


def words(text: str) -> list[str]:
    """Return the words of a text, in order and without case."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def text_of(document: ReadDocument) -> str:
    """Return what was read, in order."""
    return "\n".join(block.text for block in document.blocks)


def word_f1(found: str, true: str) -> float:
    """Return the harmonic mean of precision and recall over the words, however they are ordered."""
    one, two = Counter(words(found)), Counter(words(true))
    common = (one & two).total()
    return 2 * common / max(1, one.total() + two.total())


def words_wrong(found: str, true: str) -> float:
    """Return the word error rate: words to insert, delete or replace, by the words that are true.

    The true text may go on after what was found: the part of it that fits best is taken.
    """
    seen, whole = words(found), words(true)
    whole = whole[: int(1.3 * len(seen)) + 20]
    costs = list(range(len(seen) + 1))
    best, taken = costs[-1], 1
    for row, word in enumerate(whole, start=1):
        before, costs[0] = costs[0], row
        for column, other in enumerate(seen, start=1):
            costs[column], before = (
                min(costs[column] + 1, costs[column - 1] + 1, before + (word != other)),
                costs[column],
            )
        if costs[-1] < best:
            best, taken = costs[-1], row
    return best / taken
