"""What changed between two versions of a policy, sentence by sentence, without a model.

Sentences that are the same (folded as in `normalise`: case, quotes, line ends do not count) hold the two
texts together, by their longest common sequence. Between them sentences are paired in order so that as
much as possible is alike. What is left was removed or added, or moved: the same sentence stands elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from hrdesk.core.documents import Page, Passage
from hrdesk.core.versions import Change, ChangeKind, Side
from hrdesk.documents.answering import sentences
from hrdesk.documents.locate import locate
from hrdesk.documents.normalise import key

ALIKE = 0.5
"""Sentences less alike are shown as one removed and one added: nobody sees one sentence reworded any more."""
MOST_PAIRS = 1_000_000  # in one gap; beyond, the texts have nothing to do with each other
LEAST_MOVED = 24  # characters; shorter lines ("Yes", "4 days") turn up anywhere

_WORD = re.compile(r"\s*\S+")
_Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence: characters `start`..`end` of passage number `passage`; `key` is what is compared."""

    key: str
    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A sentence or several of the old version (first, behind the last) against those of the new one."""

    old: tuple[int, int] | None
    new: tuple[int, int] | None


class Text:
    """A version as it is compared: its passages in reading order, and its pages."""

    def __init__(self, passages: Sequence[Passage], pages: Sequence[Page]) -> None:
        self.passages = passages
        self.pages = {page.number: page for page in pages}
        self.units = [
            _Unit(key(passage.text[start:end]), number, start, end)
            for number, passage in enumerate(passages)
            for start, end in sentences(passage.text)
        ]

    def side(self, first: int, last: int) -> Side:
        """Return sentences `first` up to (not including) `last`, all of one passage, with their place."""
        unit = self.units[first]
        passage = self.passages[unit.passage]
        text = passage.text[unit.start : self.units[last - 1].end]
        numbers = dict.fromkeys(span.page for span in passage.spans)
        pages = [self.pages[number] for number in numbers if number in self.pages]
        found = locate(text, pages, passage.spans) if pages else None
        spans = found.spans if found is not None and found.exact else ()
        return Side(text, passage.path, spans[0].page if spans else passage.page, passage.text, spans)


def compare(old: Text, new: Text) -> tuple[tuple[Change, ...], int]:
    """Return the changes in the order of the new version, and the number of sentences that are the same."""
    codes = LCSseq.opcodes([unit.key for unit in old.units], [unit.key for unit in new.units])
    steps: list[_Step] = []
    same, gap_old, gap_new = 0, 0, 0
    ends = [
        (code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in codes
        if code.tag == "equal"
    ]
    for begin, end, new_begin, new_end in [*ends, (len(old.units),) * 2 + (len(new.units),) * 2]:
        steps += _gap(old, new, (gap_old, begin), (gap_new, new_begin))
        same += end - begin
        gap_old, gap_new = end, new_end
    return tuple(_changes(old, new, _moved(old, new, steps))), same


def _gap(old: Text, new: Text, left: tuple[int, int], right: tuple[int, int]) -> list[_Step]:
    """Pair the sentences between two common ones, in order; what has no partner stays alone."""
    pairs = _pairs(old.units[slice(*left)], new.units[slice(*right)])
    steps: list[_Step] = []
    at, other = left[0], right[0]
    for one, two in [*((left[0] + a, right[0] + b) for a, b in pairs), (left[1], right[1])]:
        steps += [_Step((number, number + 1), None) for number in range(at, one)]
        steps += [_Step(None, (number, number + 1)) for number in range(other, two)]
        if one < left[1]:
            steps.append(_Step((one, one + 1), (two, two + 1)))
        at, other = one + 1, two + 1
    return steps


def _pairs(left: Sequence[_Unit], right: Sequence[_Unit]) -> list[tuple[int, int]]:
    """Return the pairs (old, new) in order whose likeness is greatest in sum."""
    if not left or not right or len(left) * len(right) > MOST_PAIRS:
        return []
    scores: _Scores = process.cdist(
        [unit.key for unit in left],
        [unit.key for unit in right],
        scorer=fuzz.ratio,
        score_cutoff=ALIKE * 100,
        dtype=np.float32,
    )
    best = np.zeros((len(left) + 1, len(right) + 1), dtype=np.float32)
    for row in range(len(left)):
        paired = np.maximum(best[row, 1:], best[row, :-1] + scores[row])
        best[row + 1, 1:] = np.maximum.accumulate(paired)
    return _traced(best, scores)


def _traced(best: _Scores, scores: _Scores) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    row, column = len(best) - 1, best.shape[1] - 1
    while row and column:
        if best[row, column] == best[row - 1, column]:
            row -= 1
        elif best[row, column] == best[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    assert all(scores[pair] > 0 for pair in pairs)
    return pairs[::-1]


def _moved(old: Text, new: Text, steps: Sequence[_Step]) -> list[_Step]:
    """Join a removed and an added sentence that are the same one."""
    gone: dict[str, list[int]] = {}
    for step in steps:
        if step.new is None and step.old is not None:
            gone.setdefault(old.units[step.old[0]].key, []).append(step.old[0])
    joined: dict[int, int] = {}
    for step in steps:
        if step.old is None and step.new is not None:
            text = new.units[step.new[0]].key
            if len(text) >= LEAST_MOVED and gone.get(text):
                joined[step.new[0]] = gone[text].pop(0)
    taken = set(joined.values())
    kept = [step for step in steps if step.new is not None or (step.old and step.old[0] not in taken)]
    return [
        replace(step, old=(joined[step.new[0]], joined[step.new[0]] + 1))
        if step.new is not None and step.new[0] in joined
        else step
        for step in kept
    ]


def _changes(old: Text, new: Text, steps: Sequence[_Step]) -> Iterator[Change]:
    for step in _gathered(old, new, steps):
        before = old.side(*step.old) if step.old else None
        after = new.side(*step.new) if step.new else None
        if before is None or after is None:
            yield Change(ChangeKind.ADDED if before is None else ChangeKind.REMOVED, before, after)
        elif key(before.text) == key(after.text):
            yield Change(ChangeKind.MOVED, before, after)
        else:
            first, second = _marks(before.text, after.text)
            yield Change(ChangeKind.CHANGED, replace(before, marks=first), replace(after, marks=second))


def _gathered(old: Text, new: Text, steps: Sequence[_Step]) -> list[_Step]:
    """Join removed (or added) sentences that follow each other in one passage: a section is one change."""
    found: list[_Step] = []
    for step in steps:
        last = found[-1] if found else None
        if last and step.new is None and last.new is None and _follow(old, last.old, step.old):
            found[-1] = _Step((last.old[0], step.old[1]), None)  # type: ignore[index]
        elif last and step.old is None and last.old is None and _follow(new, last.new, step.new):
            found[-1] = _Step(None, (last.new[0], step.new[1]))  # type: ignore[index]
        else:
            found.append(step)
    return found


def _follow(text: Text, one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    if one is None or other is None or one[1] != other[0]:
        return False
    return text.units[one[0]].passage == text.units[other[0]].passage


def _marks(old: str, new: str) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Return the ranges of the words that only one of two sentences has."""
    left, right = list(_WORD.finditer(old)), list(_WORD.finditer(new))
    matcher = SequenceMatcher(None, [_bare(m) for m in left], [_bare(m) for m in right], autojunk=False)
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return _ranges(left, [code[1:3] for code in codes]), _ranges(right, [code[3:5] for code in codes])


def _ranges(words: Sequence[re.Match[str]], runs: Sequence[tuple[Any, ...]]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (words[first].end() - len(words[first][0].lstrip()), words[last - 1].end())
        for first, last in runs
        if first < last
    )


def _bare(word: re.Match[str]) -> str:
    return key(word[0].strip())
