"""Whether two texts that are nearly the same, letter by letter, differ as by slips or in meaning.

No word may be another word, no "not" may come or go, and a number may differ only where letters do too, by
one slip: text that is the same but for a number says something else.
"""

import re
from collections.abc import Iterator, Sequence

from hrdesk.documents.amounts import telling_words

LONG_WORD = 4
ALIKE = 0.5  # of a word's letters; less is another word
MOST_LOST = 0.4  # of the numbers of both texts

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\w*\d\w*")
_NEGATIONS = frozenset(
    "not no nor never none without cannot unless except nicht kein keine keinen keiner nie ohne "
    "ne pas jamais sans sin nunca ningún ninguna".split()
)


def means_the_same(wanted: str, there: str) -> bool:
    """Whether two texts that are nearly the same, letter by letter, differ as by slips and not in meaning."""
    from rapidfuzz.distance import Indel

    changes = [change for change in Indel.opcodes(wanted, there) if change.tag != "equal"]
    kept_here, kept_there = (
        _kept(wanted, [(c.src_start, c.src_end) for c in changes]),
        _kept(there, [(c.dest_start, c.dest_end) for c in changes]),
    )
    if not (_words_kept(wanted, kept_here) and _words_kept(there, kept_there)):
        return False
    here, others = telling_words(wanted), telling_words(there)
    if here - others and others - here:
        return False
    both = ((wanted, kept_here), (there, kept_there))
    damage = [share for text, kept in both for share in _damage(text, kept)]
    if not any(damage):
        return True
    are_slips = any(not stays and text[at].isalpha() for text, kept in both for at, stays in enumerate(kept))
    most = max(2.0, MOST_LOST * len(damage))
    return are_slips and max(damage) <= 1 and sum(map(bool, damage)) <= most


def _kept(text: str, changes: Sequence[tuple[int, int]]) -> list[bool]:
    kept = [True] * len(text)
    for start, end in changes:
        kept[start:end] = [False] * (end - start)
    return kept


def _words_kept(text: str, kept: Sequence[bool]) -> bool:
    """Whether long words, and words that turn the meaning, have most of their letters on both sides."""
    for word in _WORD.finditer(text):
        counts = len(word.group()) >= LONG_WORD or word.group() in _NEGATIONS
        is_word = any(sign.isalpha() for sign in word.group())
        if counts and is_word and sum(kept[word.start() : word.end()]) < ALIKE * len(word.group()):
            return False
    return True


def _damage(text: str, kept: Sequence[bool]) -> Iterator[float]:
    """Yield for each number how much of it is lost, counted in slips: more than one makes it another."""
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        yield kept[start:end].count(False) / max(1, (end - start) // 3)
