"""Highlights: how much of a sentence's ink the rectangles cover, over all formats.

HRDESK_SENTENCES (1,000) random sentences, HRDESK_SEED (1): half are sentences of passages, looked for near
their passage as a citation is, half are sentences of page text, looked for in the whole document. Pictures and
rectangles come from the product's own child process; the truth comes from pdfminer.six and the ink itself
(see `tests.documents.ink`, also for what it cannot see).
"""

import os
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.documents import PageImage, Rect, Span
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import rendering_wire as wire
from hrdesk.documents.answering import sentences
from hrdesk.documents.locate import locate
from hrdesk.documents.reading.blocks import CELL_SEPARATOR
from hrdesk.system.workers import RENDERING, ChildProcess
from tests.documents.corpus import Sample, samples
from tests.documents.ink import Glyph, InkedPage, Shares, Stream, glyphs, in_reading_order, letters

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PIXELS_A_POINT = 2.5
SHORTEST, LONGEST = 20, 600
SENTENCES_A_PAGE = 4
LEAST_COVERED, MOST_SPILLED = 0.99, 0.02

_PAGE_SENTENCE = re.compile(r"(?<=[.!?]\s)[A-Z][^.!?]{20,400}[.!?](?=\s)")


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence to find; `near` where its passage stands, empty for one of the page's text."""

    sample: Sample
    page: int
    text: str
    near: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What was found for a sentence: a word for how it ended, and the ink."""

    asked: Asked
    end: str
    shares: Shares | None = None


def measure() -> Iterator[str]:
    """Yield the figures over all formats and for each."""
    count, seed = (
        int(os.environ.get(name, usual))
        for name, usual in (("HRDESK_SENTENCES", "1000"), ("HRDESK_SEED", "1"))
    )
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(seed)
        files = list(samples(Path(folder), DATA))
        asked = _asked(files, count, chance)
        yield f"{count} sentences, seed {seed}, of {len(files)} files"
        child = ChildProcess(wire.RENDERING_HANDLER, RENDERING)
        try:
            results = list(_results(asked, child))
        finally:
            child.close()
    yield from _report(results)


def _asked(files: Sequence[Sample], count: int, chance: random.Random) -> list[Asked]:
    """Draw sentences, as many from each format, from files and pages at random."""
    by_form: dict[str, list[Sample]] = defaultdict(list)
    for sample in files:
        by_form[sample.form].append(sample)
    drawn: dict[Asked, None] = {}
    forms = sorted(by_form)
    # PDF twice: it is the one format that is not laid out by ourselves.
    forms += ["pdf"] if "pdf" in forms else []
    tries = 0
    while len(drawn) < count and tries < 60 * count:
        form = forms[tries % len(forms)]
        tries += 1
        one = _draw(chance.choice(by_form[form]), chance)
        if one is not None:
            drawn.setdefault(one)
    return sorted(drawn, key=lambda one: (one.sample.form, one.sample.name, one.page))


def _draw(sample: Sample, chance: random.Random) -> Asked | None:
    if chance.random() < 0.5:
        passage = chance.choice(sample.passages)
        found = [passage.text[start:end] for start, end in sentences(passage.text)]
        found = [text for text in found if SHORTEST <= len(text) <= LONGEST and CELL_SEPARATOR not in text]
        page, near = passage.spans[0].page if passage.spans else 0, passage.spans
    else:
        chosen = chance.choice(sample.pages)
        found, page, near = _PAGE_SENTENCE.findall(chosen.text), chosen.number, ()
    found = [text for text in found if len(letters(text)) >= SHORTEST * 2 // 3]
    return Asked(sample, page, chance.choice(found), near) if found and page else None


def _results(asked: Sequence[Asked], child: ChildProcess) -> Iterator[Result]:
    views: dict[Path, _View] = {}
    for one in asked:
        if one.sample.view not in views:
            views.clear()
            pages = {one.page for one in asked if one.sample.view == one.sample.view}
            mine = [other for other in asked if other.sample.view == one.sample.view]
            pages = {page for other in mine for page in range(other.page, other.page + 3)}
            views[one.sample.view] = _View(one.sample, pages, child)
        yield views[one.sample.view].result(one)


class _View:
    """The pages of one file, drawn once."""

    def __init__(self, sample: Sample, pages: set[int], child: ChildProcess) -> None:
        self._sample, self._child = sample, child
        try:
            self._glyphs = glyphs(sample.view, pages)
        except Exception:  # whatever pdfminer stumbles over: these pages have no truth
            self._glyphs = {}
        self._drawn: dict[int, InkedPage] = {}

    def result(self, asked: Asked) -> Result:
        truth = self._truth(asked)
        if truth is None:
            return Result(asked, "unseen")
        located = locate(asked.text, self._sample.pages, asked.near)
        if located is None:
            return Result(asked, "not located")
        rects: dict[int, list[Rect]] = defaultdict(list)
        for span in located.spans:
            rects[span.page].extend(self._rects(span))
        shares = Shares(0, 0, 0, 0)
        for number in sorted({*truth, *rects}):
            shares += self._page(number).shares(truth.get(number, ()), rects.get(number, ()))
        if not shares.own:
            return Result(asked, "unseen")
        return Result(asked, "exact" if located.exact else "approximate", shares)

    def _truth(self, asked: Asked) -> dict[int, list[int]] | None:
        """Return the glyphs of the sentence by page, in the order drawn or else in that of reading."""
        numbers = [number for number in range(asked.page, asked.page + 3) if self._glyphs.get(number)]
        for sort in (False, True):
            orders = {
                n: in_reading_order(self._glyphs[n]) if sort else list(range(len(self._glyphs[n])))
                for n in numbers
            }
            found = Stream([(n, [self._glyphs[n][at] for at in orders[n]]) for n in numbers]).find(asked.text)
            if found:
                truth: dict[int, list[int]] = defaultdict(list)
                for number, at in found:
                    truth[number].append(orders[number][at])
                self._with_marks(truth, asked.text)
                return truth
        return None

    def _with_marks(self, truth: dict[int, list[int]], text: str) -> None:
        """Add the punctuation before and after the letters, which `find` leaves out."""
        first, last = min(truth), max(truth)
        bare = "".join(text.split())
        before = next(at for at, sign in enumerate(bare) if letters(sign))
        after = next(at for at, sign in enumerate(reversed(bare)) if letters(sign))
        for number, place, marks, step in (
            (first, truth[first][0], bare[:before][::-1], -1), (last, truth[last][-1], bare[len(bare) - after :], 1)
        ):  # fmt: skip
            for mark in marks:
                place += step
                while 0 <= place < len(self._glyphs[number]) and self._glyphs[number][place].text.isspace():
                    place += step
                if not 0 <= place < len(self._glyphs[number]) or letters(self._glyphs[number][place].text):
                    break
                truth[number].append(place)

    def _rects(self, span: Span) -> list[Rect]:
        answer, _ = self._child.request(wire.rects_request(self._sample.view, [span]), seconds=60)
        return list(wire.parse_rects(answer, [span])[0])

    def _page(self, number: int) -> InkedPage:
        if number not in self._drawn:
            width = round(PIXELS_A_POINT * self._sample.pages[number - 1].width)
            message = wire.image_request(self._sample.view, number, width)
            image: PageImage = wire.parse_image(*self._child.request(message, seconds=60))
            self._drawn[number] = InkedPage(image, self._glyphs.get(number, []))
        return self._drawn[number]


def _report(results: Sequence[Result]) -> Iterator[str]:
    by_form: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_form[result.asked.sample.form].append(result)
    yield _line("all", [one for one in results if not one.asked.sample.is_scan])
    for form, some in sorted(by_form.items()):
        yield _line(form, some)
    worst = [
        one
        for one in results
        if one.shares and (one.shares.covered < LEAST_COVERED or one.shares.spilled > MOST_SPILLED)
    ]
    for one in sorted(worst, key=lambda one: one.shares.covered if one.shares else 1)[:20]:
        assert one.shares
        yield (
            f"  {one.asked.sample.name} p{one.asked.page}: covered {one.shares.covered:.3f}, spilled "
            f"{one.shares.spilled:.4f}, foreign {one.shares.foreign:.3f}, {one.end}: {one.asked.text[:60]!r}"
        )
    for one in [one for one in results if one.end == "not located"][:20]:
        yield f"  not located: {one.asked.sample.name} p{one.asked.page} near={bool(one.asked.near)}: {one.asked.text[:90]!r}"


def _line(form: str, results: Sequence[Result]) -> str:
    ends = Counter(one.end for one in results)
    measured = [one.shares for one in results if one.shares]
    if not measured:
        return f"{form}: nothing measured of {len(results)}"
    total = sum(measured[1:], measured[0])
    good = sum(one.covered >= LEAST_COVERED and one.spilled < MOST_SPILLED for one in measured)
    return (
        f"{form}: ink covered {total.covered:.4f}, other ink marked {total.spilled:.4f} of the pages', {total.foreign:.4f} of the "
        f"marked; both limits kept by {good} of {len(measured)} sentences; {ends['not located']} not located, "
        f"{ends['approximate']} approximate, {ends['unseen']} unseen"
    )
