"""Quotes: how many of those that are nearly right are located, and whether any is marked in a wrong place.

HRDESK_QUOTES (1,000) of each kind, HRDESK_SEED (1). The truth is where the quote was taken from. A place is
wrong when less than half of it is the truth and its words are not those of the quote either (a sentence may
stand twice); it is ragged when it is neither that nor right to 90 % in both ways. With HRDESK_SHOW set to
some of these words ("wrong,ragged,none") such quotes are listed.
"""

import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rapidfuzz.fuzz import ratio

from hrdesk.core.documents import Page, Span
from hrdesk.documents.answering import sentences
from hrdesk.documents.locate import Located, locate
from tests.benchmarks.highlights import SHORTEST, corpus
from tests.documents import noise
from tests.documents.corpus import Sample
from tests.documents.ink import letters

Place = tuple[int, int]  # page, character
WORDS = (8, 40)
SHOWN = frozenset(os.environ.get("HRDESK_SHOW", "").split(",")) - {""}


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it stands, where its letters stand, and what is known of its place."""

    sample: Sample
    text: str
    truth: frozenset[Place]
    near: tuple[Span, ...]


_SAID = re.compile(r"[^\W\d_]{3,}")

Draw = Callable[[Sample, random.Random], Quote | None]


def measure() -> Iterator[str]:
    """Yield what became of each kind of quote."""
    count, seed = int(os.environ.get("HRDESK_QUOTES", "1000")), int(os.environ.get("HRDESK_SEED", "1"))
    with tempfile.TemporaryDirectory() as folder:
        yield from figures(corpus(Path(folder)), count, seed)


def figures(files: Sequence[Sample], count: int, seed: int) -> Iterator[str]:
    """Yield the lines for files that were read."""
    chance = random.Random(seed)
    changes: dict[str, Callable[[str], str | None]] = {
        "dressed otherwise": lambda text: noise.dressed(text, chance),
        "4 % noise in letters": lambda text: noise.noisy(text, chance, digits=False),
        "4 % noise, digits too": lambda text: noise.noisy(text, chance),
        "another number": lambda text: noise.with_other_number(text, chance),
        '"not" put in or left out': noise.turned_round,
    }
    for kind, draw in KINDS.items():
        quotes = list(_drawn(files, draw, count, chance))
        for name, change in changes.items():
            yield from _ends(f"{kind}, {name}", quotes, change)
    yield from _foreign(files, count, chance)


def _drawn(files: Sequence[Sample], draw: Draw, count: int, chance: random.Random) -> Iterator[Quote]:
    found = (draw(chance.choice(files), chance) for _ in range(12 * count))
    return islice((one for one in found if one is not None), count)


def _ends(name: str, quotes: Sequence[Quote], change: Callable[[str], str | None]) -> Iterator[str]:
    ends: Counter[str] = Counter()
    for quote in quotes:
        text = change(quote.text)
        if text is None or text == quote.text:
            continue
        located = locate(text, quote.sample.pages, quote.near)
        end = _end(quote, located)
        ends[end] += 1
        if located is not None:
            ends["exact" if located.exact else "approximate"] += 1
        if end in SHOWN:
            yield f"  {end}: {quote.sample.name}: {text!r} for {quote.text!r}"
            yield f"    found {_text(quote.sample.pages, located) if located else ''!r}"
    total = sum(ends[end] for end in ("right", "ragged", "wrong", "none"))
    shares = ", ".join(f"{ends[end]} {end}" for end in ("right", "ragged", "wrong", "exact", "approximate"))
    yield f"{name}: {(total - ends['none']) / max(1, total):.4f} of {total} located; {shares}"


def _end(quote: Quote, located: Located | None) -> str:
    if located is None:
        return "none"
    texts = {page.number: page.text for page in quote.sample.pages}
    found = {place for span in located.spans for place in _places(texts, span)}
    both = len(found & quote.truth)
    if both >= 0.9 * len(found) and both >= 0.9 * len(quote.truth):
        return "right"
    if both < 0.5 * len(found):
        twin = ratio(letters(_text(quote.sample.pages, located)), letters(quote.text)) >= 96
        return "right" if twin else "wrong"
    return "ragged"


def _text(pages: Sequence[Page], located: Located) -> str:
    texts = {page.number: page.text for page in pages}
    return "\n".join(texts[span.page][span.start : span.end] for span in located.spans)


def _places(texts: dict[int, str], span: Span) -> Iterator[Place]:
    for place in range(span.start, span.end):
        if texts[span.page][place].isalnum():
            yield span.page, place


def _from_passages(
    sample: Sample, passages: Sequence[int]
) -> tuple[str, list[Place], tuple[Span, ...]] | None:
    """Return the text of passages with the place of each of its letters, where the two agree."""
    texts = {page.number: page.text for page in sample.pages}
    some = [sample.passages[at] for at in passages]
    text = "\n".join(one.text for one in some)
    spans = tuple(span for one in some for span in one.spans)
    places = [place for span in spans for place in _places(texts, span)]
    there = "".join(letters(texts[page][at]) for page, at in places)
    if there != letters(text) or len(there) != len(places):
        return None
    return text, places, spans


def _quote(
    sample: Sample, text: str, start: int, end: int, places: list[Place], near: tuple[Span, ...]
) -> Quote | None:
    first, last = len(letters(text[:start])), len(letters(text[:end]))
    truth = frozenset(places[first:last])
    is_said = len(set(_SAID.findall(text[start:end]))) >= 3  # rows of crosses and figures are no sentences
    return Quote(sample, text[start:end], truth, near) if is_said and len(truth) >= 25 else None


def _sentence(sample: Sample, chance: random.Random, *, near: bool) -> Quote | None:
    at = chance.randrange(len(sample.passages))
    found = _from_passages(sample, [at])
    ranges = [r for r in sentences(sample.passages[at].text) if r[1] - r[0] >= max(30, SHORTEST)]
    if found is None or not ranges:
        return None
    text, places, spans = found
    return _quote(sample, text, *chance.choice(ranges), places, spans if near else ())


def _window(text: str, middle: int, chance: random.Random) -> tuple[int, int]:
    """Return a range of whole words around a place."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    at = next((n for n, (start, _) in enumerate(words) if start >= middle), len(words) - 1)
    count = chance.randint(*WORDS)
    before = chance.randint(3, max(3, count - 3))
    some = words[max(0, at - before) : at - before + count if at >= before else count]
    return (some[0][0], some[-1][1]) if some else (0, 0)


def _across_passages(sample: Sample, chance: random.Random) -> Quote | None:
    if len(sample.passages) < 2:
        return None
    at = chance.randrange(len(sample.passages) - 1)
    found = _from_passages(sample, [at, at + 1])
    if found is None:
        return None
    text, places, _ = found
    start, end = _window(text, len(sample.passages[at].text), chance)
    return _quote(sample, text, start, end, places, sample.passages[at].spans)


def _across_pages(sample: Sample, chance: random.Random, *, near: bool) -> Quote | None:
    """Return a window of words over the border of two pages, inside a passage that goes over it."""
    over = [at for at, one in enumerate(sample.passages) if len({span.page for span in one.spans}) == 2]
    if not over:
        return None
    found = _from_passages(sample, [chance.choice(over)])
    if found is None:
        return None
    text, places, spans = found
    border = next(n for n, (page, _) in enumerate(places) if page != places[0][0])
    middle = next(n for n in range(len(text)) if len(letters(text[: n + 1])) > border)
    start, end = _window(text, middle, chance)
    return _quote(sample, text, start, end, places, spans if near else ())


KINDS: dict[str, Draw] = {
    "sentence, near its passage": lambda sample, chance: _sentence(sample, chance, near=True),
    "sentence, anywhere": lambda sample, chance: _sentence(sample, chance, near=False),
    "across pages, near its passage": lambda sample, chance: _across_pages(sample, chance, near=True),
    "across pages, anywhere": lambda sample, chance: _across_pages(sample, chance, near=False),
    "across passages": _across_passages,
}


def _foreign(files: Sequence[Sample], count: int, chance: random.Random) -> Iterator[str]:
    """Look for sentences in documents that do not have them."""
    whole = {sample.name: letters("".join(page.text for page in sample.pages)) for sample in files}
    ends: Counter[str] = Counter()
    for one in _drawn(files, KINDS["sentence, anywhere"], count, chance):
        other = chance.choice(files)
        if letters(one.text) in whole[other.name]:
            continue
        located = locate(one.text, other.pages)
        ends["not located" if located is None else "exact" if located.exact else "approximate"] += 1
        if located is not None:
            yield f"  {one.text!r} in {other.name}: {_text(other.pages, located)!r}"
    yield f"of another document: {', '.join(f'{number} {end}' for end, number in sorted(ends.items()))}"
