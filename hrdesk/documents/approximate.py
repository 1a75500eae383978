"""Finds the place that a quote was meant for when its letters are not quite those of the page.

First where it may stand: short runs of its letters (seeds) are looked for in the text; each says where the
quote would begin. Places that several seeds agree on are aligned letter by letter (rapidfuzz). A quote may
stand in two pieces with something between that is not part of it, such as the foot and the head of pages:
then it goes on from the end of one line to the beginning of another.

A place is only given when it cannot well be another: its letters must be alike, no word of it may be another
word, no "not" may come or go, and no other place may fit about as well. Numbers may differ only where letters
do too: text that is the same but for a number says something else.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hrdesk.documents.amounts import telling_words
from hrdesk.documents.normalise import Folded, fold, is_one_word

SHORTEST = 24  # folded characters
LEAST_SCORE = 86.0  # 4 % noise leaves 94 on average; short quotes vary
SEED, STEP = 7, 3
MOST_HITS = 60  # of one seed; those that stand everywhere say nothing
DRIFT = 0.08  # of the quote: how far characters that were lost or doubled move what comes after
MOST_PLACES = 4
FARTHEST = 3_000  # folded characters between two pieces of a quote
REACH = 20  # folded characters from the last seed of a piece to its end, where letters are wrong
LEAST_PIECE = 4
LEAST_PIECE_SCORE = 72.0  # one wrong letter of four; a long piece may not carry one that is of another text
ABOUT_AS_WELL = 0.6  # of a wrong letter
SHORT_PIECE, NEAR = 8, 300  # a shorter piece must stand near the other one, as over a page's border
LONG_WORD = 4
ALIKE = 0.5  # of a word's letters; less is another word

MOST_LOST = 0.4  # of the numbers of both texts

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\w*\d\w*")
_NEGATIONS = frozenset(
    "not no nor never none without cannot unless except nicht kein keine keinen keiner nie ohne "
    "ne pas jamais sans sin nunca ningún ninguna".split()
)


@dataclass(frozen=True, slots=True)
class Match:
    """Ranges of the raw text looked in, in order, and 0..100 how alike they are to the quote."""

    ranges: tuple[tuple[int, int], ...]
    score: float


class Text:
    """A text to look in, folded once with and once without its white space."""

    def __init__(self, raw: str, folded: Folded) -> None:
        self.raw = raw
        self.folded = folded  # without white space

    def raw_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the raw range of a folded one, which is cut to the text."""
        last = len(self.folded.text)
        start, end = max(0, min(start, last - 1)), max(1, min(end, last))
        return self.folded.original(start, max(start + 1, end))


def find(quote: str, text: Text) -> Match | None:
    """Return where the quote was meant to stand; None where that is not clear."""
    wanted = fold(quote, spaces=False).text
    if len(wanted) < SHORTEST or not text.folded.text:
        return None
    groups = _groups(_hits(wanted, text.folded.text), len(wanted))
    matches = [match for group in groups[:MOST_PLACES] if (match := _whole(quote, text, group, len(wanted)))]
    if not matches:
        some = groups[:MOST_PLACES]
        matches = [match for group in some if (match := _in_two(wanted, quote, text, group))]
    return _clearest(matches, text, len(wanted))


@dataclass(frozen=True, slots=True)
class _Group:
    """Seeds that agree on where the quote begins: `start` in the text; what of the quote they reach over."""

    start: int
    first: int
    last: int
    weight: int


def _hits(wanted: str, text: str) -> list[tuple[int, int]]:
    """Return (where the quote would begin, place in the quote) of each seed that stands in the text."""
    hits: list[tuple[int, int]] = []
    for place in range(0, len(wanted) - SEED + 1, STEP):
        seed = wanted[place : place + SEED]
        found: list[tuple[int, int]] = []
        at = text.find(seed)
        while at >= 0 and len(found) <= MOST_HITS:
            found.append((at - place, place))
            at = text.find(seed, at + 1)
        if len(found) <= MOST_HITS:
            hits.extend(found)
    return hits


def _groups(hits: list[tuple[int, int]], length: int) -> list[_Group]:
    """Gather hits that begin at about the same place, the heaviest groups first."""
    drift = 2 + int(DRIFT * length)
    groups: list[_Group] = []
    run: list[tuple[int, int]] = []
    for hit in [*sorted(hits), (1 << 60, 0)]:
        if run and (hit[0] - run[-1][0] > 2 or hit[0] - run[0][0] > drift):
            places = [place for _, place in run]
            groups.append(_Group(run[0][0], min(places), max(places) + SEED, len(set(places))))
            run = []
        run.append(hit)
    return sorted(groups, key=lambda group: -group.weight)


def _whole(quote: str, text: Text, group: _Group, length: int) -> Match | None:
    """Align the whole quote where a group of seeds says that it stands."""
    drift = 4 + int(DRIFT * length)
    low, high = text.raw_range(group.start - drift, group.start + length + drift)
    return _aligned(quote, text.raw, low, high)


def _aligned(quote: str, raw: str, low: int, high: int) -> Match | None:
    from rapidfuzz.fuzz import partial_ratio_alignment, ratio

    wanted, there = fold(quote).text, fold(raw[low:high])
    if not there.text:
        return None
    found = partial_ratio_alignment(wanted, there.text, score_cutoff=LEAST_SCORE - 10)
    if found is None or found.dest_start >= found.dest_end:
        return None
    start, end = _best_ends(wanted, there.text, found.dest_start, found.dest_end)
    score = ratio(wanted, there.text[start:end])
    if score < LEAST_SCORE or not means_the_same(wanted, there.text[start:end]):
        return None
    first, last = there.original(start, end)
    return Match(((low + first, low + last),), score)


def _best_ends(wanted: str, there: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a range, found letter by letter, to those borders of words that fit the quote best."""
    from rapidfuzz.fuzz import ratio

    slack = 3 + int(DRIFT * len(wanted))
    starts = [at for at in _borders(there, start, slack) if at < end and there[at] != " "]
    start = max(starts, key=lambda at: ratio(wanted, there[at:end]), default=start)
    ends = [at for at in _borders(there, end, slack) if at > start and there[at - 1] != " "]
    return start, max(ends, key=lambda at: ratio(wanted, there[start:at]), default=end)


def _borders(text: str, near: int, slack: int) -> list[int]:
    """Return the places around `near` that are not inside a word, the nearest first."""
    around = range(max(0, near - slack), min(len(text), near + slack) + 1)
    outside = [at for at in around if not is_one_word(text[at - 1 : at], text[at : at + 1])]
    return sorted(outside, key=lambda at: abs(at - near))


def _pairs(groups: Sequence[_Group]) -> Iterator[tuple[_Group, _Group]]:
    """Yield groups of which the one has the beginning of the quote, the other, further on, the rest."""
    for one in groups[: 2 * MOST_PLACES]:
        for two in groups[: 2 * MOST_PLACES]:
            if 0 < two.start - one.start <= FARTHEST and one.first < two.first and one.last < two.last:
                yield one, two


def _in_two(wanted: str, quote: str, text: Text, group: _Group) -> Match | None:
    """Put the quote together from the end of one line and the beginning of a later one.

    The seeds say where one of the pieces stands; the other is looked for at the lines before and after it.
    """
    from rapidfuzz.fuzz import ratio

    there, length = text.folded.text, len(wanted)
    best, score = (0, 0, 1 << 60, 0), LEAST_SCORE - 6
    for way in _ways(text, group, length):
        start, cut, again, end = way
        shortest = SHORT_PIECE if again - cut > NEAR else LEAST_PIECE
        if start < 0 or min(cut - start, end - again) < shortest:
            continue
        alike = ratio(wanted, there[start:cut] + there[again:end], score_cutoff=score)
        if alike < score or (alike == score and again - cut >= best[2] - best[1]):
            continue
        parts = (wanted[: cut - start], there[start:cut]), (wanted[cut - start :], there[again:end])
        if min(ratio(*part) for part in parts) >= LEAST_PIECE_SCORE:
            best, score = way, alike
    if not best[3]:
        return None
    drift = 3 + int(DRIFT * length)
    return _pieces(quote, text, (best[0] - drift, best[1]), (best[2], best[3] + drift))


_Way = tuple[int, int, int, int]  # from the beginning to a cut, and again to the end; folded places


def _ways(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to cut the quote at ends of lines: after, before or inside what the seeds found."""
    yield from _with_rest_after(text, group, length)
    yield from _with_rest_before(text, group, length)
    ends = _line_ends(text, group.start + LEAST_PIECE, group.start + length)
    for cut in ends:
        for again in ends:
            if cut < again:
                yield group.start, cut, again, again + length - (cut - group.start)


def _with_rest_after(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to go on after the piece that the seeds found."""
    reached = group.start + group.last
    for cut in _line_ends(text, reached - REACH, reached + REACH):
        for again in _line_ends(text, cut + 1, cut + FARTHEST):
            yield group.start, cut, again, again + length - (cut - group.start)


def _with_rest_before(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to begin before the piece that the seeds found."""
    begun, end = group.start + group.first, group.start + length
    for again in _line_ends(text, begun - REACH, begun + REACH):
        for cut in _line_ends(text, again - FARTHEST, again - 1):
            yield cut - (length - (end - again)), cut, again, end


def _line_ends(text: Text, low: int, high: int) -> list[int]:
    """Return the folded places between `low` and `high` where a line of the raw text ends."""
    places = text.folded.places
    low, high = max(1, low), min(len(places) - 1, high)
    return [at for at in range(low, high + 1) if "\n" in text.raw[places[at - 1] + 1 : places[at]]]


def _pieces(quote: str, text: Text, one: tuple[int, int], two: tuple[int, int]) -> Match | None:
    """Align the quote with two pieces of the text as if they were one."""
    first, second = text.raw_range(*one), text.raw_range(*two)
    joined = text.raw[slice(*first)] + "\n" + text.raw[slice(*second)]
    found = _aligned(quote, joined, 0, len(joined))
    if found is None:
        return None
    start, end = found.ranges[0]
    border = first[1] - first[0]
    if not start < border < end:
        return None
    return Match(((first[0] + start, first[1]), (second[0], second[0] + end - border - 1)), found.score)


def _clearest(matches: Sequence[Match], text: Text, length: int) -> Match | None:
    """Return the best match, unless another place with other words fits about as well."""
    if not matches:
        return None
    best = max(matches, key=lambda match: match.score)
    about_as_well = ABOUT_AS_WELL * 100 / max(1, length)
    for other in matches:
        apart = other.ranges[0][0] >= best.ranges[-1][1] or other.ranges[-1][1] <= best.ranges[0][0]
        if apart and best.score - other.score < about_as_well and _words(text, other) != _words(text, best):
            return None
    return best


def _words(text: Text, match: Match) -> str:
    shown = "".join(fold(text.raw[start:end], spaces=False).text for start, end in match.ranges)
    return "".join(filter(str.isalnum, shown))


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
