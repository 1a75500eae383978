"""Finds the place that a quote was meant for when its letters are not quite those of the page.

First where it may stand: short runs of its letters (seeds) are looked for in the text; each says where the
quote would begin. Places that several seeds agree on are aligned letter by letter (rapidfuzz). A quote may
stand in two pieces with something between that is not part of it, such as the foot and the head of pages:
then it goes on from the end of one line to the beginning of another.

A place is only given when it cannot well be another: its letters must be alike, it may differ as by slips and
not in meaning (see `slips`), and no other place may fit about as well.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from hrdesk.documents.normalise import Folded, fold, is_one_word
from hrdesk.documents.slips import means_the_same

SHORTEST = 24  # folded characters
LEAST_SCORE = 86.0  # 4 % noise leaves 94 on average; short quotes vary
SEED, STEP = 7, 3
MOST_SEEDS = 200
MOST_HITS = 60  # of one seed; those that stand everywhere say nothing
LEAST_SHARE = 0.25  # of a quote's seeds that stand in one place; 4 % noise leaves 0.75
DRIFT = 0.08  # of the quote: how far characters that were lost or doubled move what comes after
SLACK = 16  # folded characters by which the first and the last seed may be wrong about the quote's ends
END = 60  # characters by which the ends of a quote are told
MOST_PLACES = 4
FARTHEST = 3_000  # folded characters between two pieces of a quote
REACH = 20  # folded characters from the last seed of a piece to its end, where letters are wrong
LEAST_PIECE = 4
LEAST_PIECE_SCORE = 75.0  # a long piece may not carry one that is of another text
ABOUT_AS_WELL = 0.6  # of a wrong letter
LONGEST_IN_TWO = 2_000  # folded characters; the ways to cut a longer quote take too long
SHORT_PIECE, NEAR = 8, 300  # a shorter piece must be right to the letter and stand near the other one


@dataclass(frozen=True, slots=True)
class Match:
    """Ranges of the raw text looked in, in order, and 0..100 how alike they are to the quote."""

    ranges: tuple[tuple[int, int], ...]
    score: float


class Text:
    """A text to look in, folded without its white space; `borders` are where its pages or spans begin."""

    def __init__(self, raw: str, folded: Folded, borders: Sequence[int] = ()) -> None:
        self.raw = raw
        self.folded = folded
        self._borders = [folded.folded(place) for place in borders]

    def is_border_between(self, start: int, end: int) -> bool:
        """Whether a page or span begins after the folded place `start`, and not after `end`."""
        return bisect_right(self._borders, start) < bisect_right(self._borders, end)

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
    step = max(STEP, len(wanted) // MOST_SEEDS)
    groups = _groups(_hits(wanted, text.folded.text, step), len(wanted))
    enough = LEAST_SHARE * len(wanted) / step
    likely = [group for group in groups[:MOST_PLACES] if group.weight >= enough]
    matches = [match for group in likely if (match := _whole(quote, text, group))]
    if not matches and len(wanted) <= LONGEST_IN_TWO:
        likely = [group for group in groups[:MOST_PLACES] if group.weight > 1]
        matches = [match for group in likely if (match := _in_two(wanted, quote, text, group))]
    return _clearest(matches, text, len(wanted))


@dataclass(frozen=True, slots=True)
class _Group:
    """Seeds that agree on where the quote stands.

    `start` and `end` in the text are where it would begin by the first of them and end by the last;
    `begun` and `reached` where the seeds themselves do.
    """

    start: int
    begun: int
    reached: int
    end: int
    weight: int


def _hits(wanted: str, text: str, step: int) -> list[tuple[int, int]]:
    """Return (where the quote would begin, place in the quote) of each seed that stands in the text."""
    hits: list[tuple[int, int]] = []
    for place in range(0, len(wanted) - SEED + 1, step):
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
            groups.append(_group(run, length))
            run = []
        run.append(hit)
    return sorted(groups, key=lambda group: -group.weight)


def _group(run: Sequence[tuple[int, int]], length: int) -> _Group:
    (start, first), (late, last) = min(run, key=itemgetter(1)), max(run, key=itemgetter(1))
    weight = len({place for _, place in run})
    return _Group(start, start + first, late + last + SEED, late + length, weight)


def _whole(quote: str, text: Text, group: _Group) -> Match | None:
    """Align the whole quote where a group of seeds says that it stands."""
    low, high = text.raw_range(group.start - SLACK, group.end + SLACK)
    start, end = text.raw_range(group.start, group.end)
    return _aligned(quote, text.raw, (low, high), (start, end))


def _aligned(quote: str, raw: str, around: tuple[int, int], likely: tuple[int, int]) -> Match | None:
    """Return the range of whole words next to the `likely` one that fits the quote best, if it fits."""
    from rapidfuzz.fuzz import ratio

    low, high = around
    wanted, there = fold(quote).text, fold(raw[low:high])
    if not there.text:
        return None
    start, end = _best_ends(
        wanted, there.text, there.folded(likely[0] - low), there.folded(likely[1] - 1 - low) + 1
    )
    score = ratio(wanted, there.text[start:end], score_cutoff=LEAST_SCORE)
    if not score or not means_the_same(wanted, there.text[start:end]):
        return None
    first, last = there.original(start, end)
    return Match(((low + first, low + last),), score)


def _best_ends(wanted: str, there: str, start: int, end: int) -> tuple[int, int]:
    """Move the ends of a range to those borders of words where the quote's own ends fit best."""
    from rapidfuzz.fuzz import ratio

    starts = [at for at in _borders(there, start, 2 * SLACK) if at < end and there[at] != " "]
    start = max(starts, key=lambda at: ratio(wanted[:END], there[at : min(end, at + END)]), default=start)
    ends = [at for at in _borders(there, end, 2 * SLACK) if at > start and there[at - 1] != " "]
    end = max(ends, key=lambda at: ratio(wanted[-END:], there[max(start, at - END) : at]), default=end)
    return start, end


def _borders(text: str, near: int, slack: int) -> list[int]:
    """Return the places around `near` that are not inside a word, the nearest first."""
    around = range(max(0, near - slack), min(len(text), near + slack) + 1)
    outside = [at for at in around if not is_one_word(text[at - 1 : at], text[at : at + 1])]
    return sorted(outside, key=lambda at: abs(at - near))


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
        if all(_is_piece(*part) for part in parts):
            best, score = way, alike
    if not best[3]:
        return None
    return _pieces(quote, text, best)


def _is_piece(wanted: str, there: str) -> bool:
    """Whether a piece is alike in itself; the rest of the quote may not make up for it."""
    from rapidfuzz.fuzz import ratio

    return wanted == there or (len(there) >= SHORT_PIECE and ratio(wanted, there) >= LEAST_PIECE_SCORE)


_Way = tuple[int, int, int, int]  # from the beginning to a cut, and again to the end; folded places


def _ways(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to cut the quote at ends of lines: after, before or inside what the seeds found."""
    yield from _with_rest_after(text, group, length)
    yield from _with_rest_before(text, group, length)
    ends = _line_ends(text, group.start + LEAST_PIECE, group.end)
    for cut in ends:
        for again in ends:
            if cut < again <= cut + NEAR and text.is_border_between(cut - 1, again):
                yield group.start, cut, again, again + length - (cut - group.start)


def _with_rest_after(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to go on after the piece that the seeds found."""
    for cut in _line_ends(text, group.reached - REACH, group.reached + REACH):
        for again in _line_ends(text, cut + 1, cut + FARTHEST):
            yield group.start, cut, again, again + length - (cut - group.start)


def _with_rest_before(text: Text, group: _Group, length: int) -> Iterator[_Way]:
    """Yield the ways to begin before the piece that the seeds found."""
    for again in _line_ends(text, group.begun - REACH, group.begun + REACH):
        for cut in _line_ends(text, again - FARTHEST, again - 1):
            yield cut - (length - (group.end - again)), cut, again, group.end


def _line_ends(text: Text, low: int, high: int) -> list[int]:
    """Return the folded places between `low` and `high` where a line of the raw text ends."""
    places = text.folded.places
    low, high = max(1, low), min(len(places) - 1, high)
    return [at for at in range(low, high + 1) if "\n" in text.raw[places[at - 1] + 1 : places[at]]]


def _pieces(quote: str, text: Text, way: _Way) -> Match | None:
    """Align the quote with two pieces of the text as if they were one."""
    start, cut, again, end = way
    first, second = text.raw_range(start - SLACK, cut), text.raw_range(again, end + SLACK)
    border = first[1] - first[0]
    moved = second[0] - border - 1  # from a place in the second piece to where it is when they are joined
    joined = text.raw[slice(*first)] + "\n" + text.raw[slice(*second)]
    likely = text.raw_range(start, cut)[0] - first[0], text.raw_range(again, end)[1] - moved
    found = _aligned(quote, joined, (0, len(joined)), likely)
    if found is None or not found.ranges[0][0] < border < found.ranges[0][1]:
        return None
    begin, finish = found.ranges[0]
    return Match(((first[0] + begin, first[1]), (second[0], finish + moved)), found.score)


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
