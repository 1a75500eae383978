"""Highlights: how much of a sentence's ink the rectangles cover, over all formats.

HRDESK_SENTENCES (1,000) random sentences, HRDESK_SEED (1): half are sentences of passages, looked for near
their passage as a citation is, half are sentences of page text, looked for in the whole document. Pictures
and rectangles come from the product's own child process; the truth comes from pdfminer.six and the ink itself
(see `tests.documents.ink`, also for what it cannot see). Of scans, those that were made here have a truth.
"""

import os
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.documents import Rect, Span
from hrdesk.documents import rendering_wire as wire
from hrdesk.documents.answering import sentences
from hrdesk.documents.locate import locate
from hrdesk.documents.reading.blocks import CELL_SEPARATOR
from hrdesk.system.workers import RENDERING, ChildProcess
from tests.documents.corpus import Sample, made, real, samples, scanned
from tests.documents.ink import InkedPage, Shares, Truth, letters

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
SCANNED = ("18F_code_of_conduct.pdf", "clef_benefits.pdf", "opengov_policy_manual.pdf")
PIXELS_A_POINT = 2.5
SHORTEST, LONGEST = 20, 600
LEAST_COVERED, MOST_SPILLED = 0.99, 0.02
SECONDS = 120.0
LISTED = 20

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

    @property
    def is_good(self) -> bool:
        """Whether both limits are kept."""
        one = self.shares
        return one is not None and one.covered >= LEAST_COVERED and one.spilled < MOST_SPILLED


def measure() -> Iterator[str]:
    """Yield the figures over all formats and for each."""
    count, seed = int(os.environ.get("HRDESK_SENTENCES", "1000")), int(os.environ.get("HRDESK_SEED", "1"))
    with tempfile.TemporaryDirectory() as folder:
        yield from figures(corpus(Path(folder)), count, seed)


def corpus(folder: Path) -> list[Sample]:
    """Read the shared data and files made here, among them scans where text can be recognised."""
    mine = made(folder / "made")
    originals = [DATA / "hrdocs" / name for name in SCANNED if (DATA / "hrdocs" / name).exists()]
    scans = [scanned(path, folder / "made") for path in originals]
    return list(samples(folder, [*mine, *scans, *real(DATA)]))


def figures(files: Sequence[Sample], count: int, seed: int) -> Iterator[str]:
    """Yield the lines for files that were read."""
    asked = _asked(files, count, random.Random(seed))
    yield f"{len(asked)} sentences, seed {seed}, of {len(files)} files"
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
    forms = sorted(by_form)
    forms += ["pdf"] if "pdf" in forms else []  # twice: the one format that is not laid out by ourselves
    drawn: dict[Asked, None] = {}
    for number in range(40 * count):
        one = draw(chance.choice(by_form[forms[number % len(forms)]]), chance)
        if one is not None:
            drawn.setdefault(one)
        if len(drawn) == count:
            break
    return sorted(drawn, key=lambda one: (one.sample.form, one.sample.name, one.page))


def draw(sample: Sample, chance: random.Random) -> Asked | None:
    """Return a sentence of a document; None where the page drawn has none."""
    if chance.random() < 0.5:
        passage = chance.choice(sample.passages)
        found = [passage.text[start:end] for start, end in sentences(passage.text)]
        found = [text for text in found if CELL_SEPARATOR not in text]
        page, near = passage.spans[0].page if passage.spans else 0, passage.spans
    else:
        chosen = chance.choice(sample.pages)
        found, page, near = _PAGE_SENTENCE.findall(chosen.text), chosen.number, ()
    found = [text for text in found if len(text) <= LONGEST and len(letters(text)) >= SHORTEST]
    return Asked(sample, page, chance.choice(found), near) if found and page else None


def _results(asked: Sequence[Asked], child: ChildProcess) -> Iterator[Result]:
    view: View | None = None
    for one in asked:
        if view is None or view.sample is not one.sample:
            mine = [other for other in asked if other.sample is one.sample]
            view = View(one.sample, {page for other in mine for page in pages_of(other)}, child)
        yield view.result(one)


def pages_of(asked: Asked) -> range:
    """Return the pages on which a sentence is looked for by the truth."""
    return range(asked.page, min(asked.page + 3, len(asked.sample.pages) + 1))


class View:
    """The pages of one file, drawn once."""

    def __init__(self, sample: Sample, pages: set[int], child: ChildProcess) -> None:
        self.sample, self._child = sample, child
        self._truth = Truth(sample.truth, pages)
        self._drawn: dict[int, InkedPage] = {}
        self._letters = letters("".join(page.text for page in sample.pages))

    def result(self, asked: Asked) -> Result:
        """Locate a sentence and measure its rectangles."""
        truth = self._truth.find(asked.text, pages_of(asked))
        # Without a passage any place is right for what stands twice.
        if truth is None or (not asked.near and self._letters.count(letters(asked.text)) != 1):
            return Result(asked, "unseen")
        located = locate(asked.text, self.sample.pages, asked.near)
        if located is None:
            return Result(asked, "not located")
        rects: dict[int, list[Rect]] = defaultdict(list)
        for span in located.spans:
            rects[span.page].extend(self._rects(span))
        shares = Shares(0, 0, 0, 0)
        for number in sorted({*truth, *rects}):
            shares += self._page(number).shares(truth.get(number, ()), rects.get(number, ()))
        if not shares.own:  # white on white
            return Result(asked, "unseen")
        return Result(asked, "exact" if located.exact else "approximate", shares)

    def _rects(self, span: Span) -> list[Rect]:
        message = wire.rects_request(self.sample.view, [span])
        answer, _ = self._child.request(message, seconds=SECONDS)
        return list(wire.parse_rects(answer, [span])[0])

    def _page(self, number: int) -> InkedPage:
        if number not in self._drawn:
            width = round(PIXELS_A_POINT * self.sample.pages[number - 1].width)
            message = wire.image_request(self.sample.view, number, width)
            image = wire.parse_image(*self._child.request(message, seconds=SECONDS))
            self._drawn[number] = InkedPage(image, self._truth.glyphs.get(number, []))
        return self._drawn[number]


def _report(results: Sequence[Result]) -> Iterator[str]:
    by_form: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        by_form[result.asked.sample.form].append(result)
    yield _line("all but scans", [one for one in results if one.asked.sample.form != "scan"])
    for form, some in sorted(by_form.items()):
        yield _line(form, some)
    worst = [one for one in results if one.end == "not located" or (one.shares and not one.is_good)]
    for one in worst[:LISTED]:
        yield f"  {_where(one)}"


def _where(result: Result) -> str:
    asked, one = result.asked, result.shares
    share = f"covered {one.covered:.3f}, spilled {one.spilled:.4f}, " if one else ""
    return f"{asked.sample.name} page {asked.page}: {share}{result.end}: {asked.text[:60]!r}"


def _line(form: str, results: Sequence[Result]) -> str:
    ends = Counter(one.end for one in results)
    measured = [one.shares for one in results if one.shares]
    if not measured:
        return f"{form}: nothing measured of {len(results)}"
    total = sum(measured[1:], measured[0])
    return (
        f"{form}: ink covered {total.covered:.4f}, other ink marked {total.spilled:.4f} of the pages' and "
        f"{total.foreign:.4f} of the marked; {sum(one.is_good for one in results)} of {len(measured)} "
        f"sentences keep both limits; {ends['not located']} not located, {ends['approximate']} approximate, "
        f"{ends['unseen']} unseen"
    )
