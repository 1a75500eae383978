"""Quotes: how many of those that are nearly right are located, and whether any is marked in a wrong place.

HRDESK_QUOTES (1,000) of each kind, HRDESK_SEED (1). The truth is where the quote was taken from. A place is wrong
when less than half of it is the truth and its words are not those of the quote either (the same sentence may stand
twice); it is ragged when it is neither that nor right to 90 % in both ways.
"""

import os
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.fuzz import ratio

from hrdesk.core.documents import Page, Span
from hrdesk.documents.answering import sentences
from hrdesk.documents.locate import Located, locate
from tests.benchmarks.highlights import DATA, SHORTEST
from tests.documents import noise
from tests.documents.corpus import Sample, samples
from tests.documents.ink import letters

Place = tuple[int, int]  # page, character
WORDS = (8, 40)


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote as it stands, where its letters stand, and what is known of its place."""

    sample: Sample
    text: str
    truth: frozenset[Place]
    near: tuple[Span, ...]


def measure() -> Iterator[str]:
    """Yield what became of each kind of quote."""
    count, seed = (
        int(os.environ.get(name, usual)) for name, usual in (("HRDESK_QUOTES", "1000"), ("HRDESK_SEED", "1"))
    )
    with tempfile.TemporaryDirectory() as folder:
        yield from figures(list(samples(Path(folder), DATA)), count, seed)


def figures(files: Sequence[Sample], count: int, seed: int) -> Iterator[str]:
    """Yield the lines for files that were read."""
    chance = random.Random(seed)
    for kind, draw in KINDS.items():
        drawn: list[Quote] = []
        for _ in range(12 * count):
            one = draw(chance.choice(files), chance)
            if one is not None:
                drawn.append(one)
            if len(drawn) >= count:
                break
        yield f"{kind}: {_ends(drawn, lambda text: noise.dressed(text, chance))} (dressed otherwise)"
        yield f"{kind}: {_ends(drawn, lambda text: noise.noisy(text, chance, digits=False))} (4 % noise in letters)"
        yield f"{kind}: {_ends(drawn, lambda text: noise.noisy(text, chance))} (4 % noise, digits too)"
        if kind in ("sentence, anywhere", "sentence, near its passage"):
            yield f"{kind}: {_ends(drawn, lambda text: noise.with_other_number(text, chance))} (another number)"
            yield f"{kind}: {_ends(drawn, noise.turned_round)} (not put in or left out)"
    yield f"of another document: {_foreign(files, count, chance)}"


def _ends(quotes: Sequence[Quote], change: Callable[[str], str | None]) -> str:
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
        if os.environ.get("HRDESK_SHOW") and end in os.environ["HRDESK_SHOW"].split(","):
            where = located and [_text(quote.sample.pages, located)]
            print(
                f"  {end}: {quote.sample.name} {text!r}\n     truth {quote.text!r}\n     found {where!r} {located and located.score}"
            )
    total = sum(ends[end] for end in ("right", "ragged", "wrong", "none"))
    shares = ", ".join(f"{ends[end]} {end}" for end in ("right", "ragged", "wrong", "exact", "approximate"))
    return f"{(total - ends['none']) / max(1, total):.4f} of {total} located; {shares}"


def _end(quote: Quote, located: Located | None) -> str:
    if located is None:
        return "none"
    texts = {page.number: page.text for page in quote.sample.pages}
    found = {place for span in located.spans for place in _places(texts, span)}
    both = len(found & quote.truth)
    if both >= 0.9 * len(found) and both >= 0.9 * len(quote.truth):
        return "right"
    if both < 0.5 * len(found):
        twin = ratio(letters(_text(quote.sample.pages, located)), letters(quote.text)) >= 98
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
    sample: Sample, chance: random.Random, passages: Sequence[int]
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
    return Quote(sample, text[start:end], truth, near) if len(truth) >= 25 else None


def _sentence(sample: Sample, chance: random.Random, *, near: bool) -> Quote | None:
    at = chance.randrange(len(sample.passages))
    found = _from_passages(sample, chance, [at])
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
    found = _from_passages(sample, chance, [at, at + 1])
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
    found = _from_passages(sample, chance, [chance.choice(over)])
    if found is None:
        return None
    text, places, spans = found
    border = next(n for n, (page, _) in enumerate(places) if page != places[0][0])
    middle = next(n for n in range(len(text)) if len(letters(text[: n + 1])) > border)
    start, end = _window(text, middle, chance)
    return _quote(sample, text, start, end, places, spans if near else ())


KINDS: dict[str, Callable[[Sample, random.Random], Quote | None]] = {
    "sentence, near its passage": lambda sample, chance: _sentence(sample, chance, near=True),
    "sentence, anywhere": lambda sample, chance: _sentence(sample, chance, near=False),
    "across pages, near its passage": lambda sample, chance: _across_pages(sample, chance, near=True),
    "across pages, anywhere": lambda sample, chance: _across_pages(sample, chance, near=False),
    "across passages": _across_passages,
}


def _foreign(files: Sequence[Sample], count: int, chance: random.Random) -> str:
    """Look for sentences in documents that do not have them."""
    whole = {sample.name: letters("".join(page.text for page in sample.pages)) for sample in files}
    ends: Counter[str] = Counter()
    tries = 0
    while sum(ends.values()) < count and tries < 20 * count:
        tries += 1
        one = _sentence(chance.choice(files), chance, near=False)
        other = chance.choice(files)
        if one is None or letters(one.text) in whole[other.name]:
            continue
        located = locate(one.text, other.pages)
        ends["not located" if located is None else "exact" if located.exact else "approximate"] += 1
        if located is not None and os.environ.get("HRDESK_SHOW"):
            print(f"  foreign {one.text!r} in {other.name}: {_text(other.pages, located)!r} {located.score}")
    return ", ".join(f"{number} {end}" for end, number in sorted(ends.items()))
