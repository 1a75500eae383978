"""Mending typing errors of a question, and nothing else.

A word is only touched when neither the policies nor the encoder's vocabulary (21,000 common English words)
know it, so that "sack" never becomes "slack"; and only replaced by a common word that the policies use and
that is one slip of the keys away: a letter missing, too many, swapped or wrong. People are told what was
searched for instead.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from hrdesk.documents.embedding import TOKENIZER_FILE
from hrdesk.documents.words import STOP

Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
"""Returns in how many passages each word occurs (as `PassageStore.document_frequencies` does)."""

_SHORTEST = 4  # letters; shorter words have too many neighbours
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"[A-Za-z]+")


def mended(question: str, frequencies: Frequencies, folder: Path) -> str:
    """Return the question with its typing errors mended; `folder` is where the encoder's files lie.

    Words in capitals inside a sentence are names or codes and stay as they are.
    """
    known = english(str(folder))
    if not known:
        return question
    doubtful = [match for match in _WORD.finditer(question) if _is_doubtful(match, question, known)]
    unused = {word for word, count in frequencies({m.group().lower() for m in doubtful}).items() if not count}
    result = question
    for match in reversed(doubtful):
        word = match.group().lower()
        better = _best(word, known, frequencies) if word in unused else None
        if better is not None:
            result = result[: match.start()] + better + result[match.end() :]
    return result


def notice(question: str, searched: str) -> str:
    """Return the sentence that tells what was searched for, "" where nothing was mended."""
    return "" if question == searched else f"Searched for: {searched}"


@lru_cache(maxsize=1)
def english(folder: str) -> frozenset[str]:
    """Return the common English words that the encoder in `folder` knows; none without the encoder."""
    try:
        pieces = json.loads((Path(folder) / TOKENIZER_FILE).read_text("utf-8"))["model"]["vocab"]
    except (OSError, ValueError, KeyError, TypeError):  # without the encoder nothing is mended
        return frozenset()
    return frozenset(piece for piece in pieces if _WORD.fullmatch(piece) and len(piece) >= _SHORTEST - 1)


def _is_doubtful(match: re.Match[str], question: str, known: frozenset[str]) -> bool:
    word = match.group()
    inside = question[: match.start()].rstrip()[-1:] not in ("", ".", "?", "!")
    part_of_more = re.search(r"[\w'’@./-]$", question[: match.start()]) or re.match(
        r"[\w'’@/-]|\.\w", question[match.end() :]
    )
    if len(word) < _SHORTEST or part_of_more or (inside and not word.islower()):
        return False
    lower = word.lower()
    return lower not in known and lower not in STOP and lower.removesuffix("s") not in known


def _best(word: str, known: frozenset[str], frequencies: Frequencies) -> str | None:
    """Return the likeliest word the policies use; a wrong key is less likely than a slip of the order."""
    for typed, ending in ((word, ""), (word.removesuffix("s"), "s")):
        for neighbours in (_slips(typed), _wrong_keys(typed)):
            counts = frequencies(sorted(neighbours & known))
            used = [(count, candidate) for candidate, count in counts.items() if count]
            if used:
                return max(used)[1] + ending
    return None


def _slips(word: str) -> set[str]:
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    extra = {left + right[1:] for left, right in halves if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1}
    missing = {left + letter + right for left, right in halves for letter in _LETTERS}
    return extra | swapped | missing


def _wrong_keys(word: str) -> set[str]:
    return {word[:place] + letter + word[place + 1 :] for place in range(len(word)) for letter in _LETTERS}
