"""Importing the HR PDFs without embedding, against bare text extraction; and the memory that an import takes.

Bare is every page's text by pypdfium2, in this process, thrown away. Ours is all that a person waits for:
copying, child processes with limits, lines and blocks with their places, passages, and the store on disk.
Files whose text is noise are left out: ours reads their pictures, which is other work.
"""

import asyncio
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pypdfium2

from hrdesk.bootstrap import open_desk
from hrdesk.core.documents import LibraryFile
from hrdesk.documents.reading.quality import is_noise
from hrdesk.system.paths import Paths

HR_DOCUMENTS = Path(__file__).parents[3] / "shared" / "data" / "hrdocs"
REPEATS = 5
MANY_PAGES = 10_000
_LOOK_SECONDS = 0.05


def measure() -> Iterator[str]:
    """Yield pages a second of both, the ratio of the speeds, and the largest memory."""
    files = [file for file in sorted(HR_DOCUMENTS.glob("*.pdf")) if _is_readable(file)]
    if not files:
        yield "skipped: the HR documents are not here"
        return
    pages = sum(_bare(file) for file in files)
    repeats = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        for file in files:
            _bare(file)
        bare = time.perf_counter() - started
        with _memory() as memory:
            repeats.append((_import(files)[0], bare))
    ratios = sorted(bare / ours for ours, bare in repeats)
    spread = f"{ratios[0]:.2f}/{statistics.median(ratios):.2f}/{ratios[-1]:.2f}"
    ours, bare = (pages / statistics.median(each[way] for each in repeats) for way in (0, 1))
    yield f"{ours:.0f} pages a second, bare {bare:.0f}, ratio {spread} (min/median/max)"
    yield f"memory for the HR PDFs: {_told(memory)}"
    with tempfile.TemporaryDirectory() as folder, _memory() as memory:
        many = Path(folder) / "many.pdf"
        many.write_bytes(_pdf(MANY_PAGES))
        seconds, ends = _import([many])
    yield f"{ends[0].pages:,} pages in {seconds:.0f} s ({ends[0].state}), memory: {_told(memory)}"


def _is_readable(file: Path) -> bool:
    document = pypdfium2.PdfDocument(file)
    text = document[0].get_textpage().get_text_range()
    document.close()
    return bool(text.strip()) and not is_noise(text)


def _bare(file: Path) -> int:
    document = pypdfium2.PdfDocument(file)
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    pages = len(document)
    document.close()
    return pages


def _import(files: Sequence[Path]) -> tuple[float, list[LibraryFile]]:
    """Import into a new data folder without a model; return the seconds and how the files ended."""

    async def run() -> tuple[float, list[LibraryFile]]:
        with tempfile.TemporaryDirectory() as folder:
            desk = open_desk(Paths.at(Path(folder) / "data"), encrypt=False, models=Path(folder))
            try:
                started = time.perf_counter()
                ends = [file async for file in desk.library.add(files) if file.state.is_end]
                return time.perf_counter() - started, ends
            finally:
                await desk.close()

    return asyncio.run(run())


class _Peak:
    """The largest memory of this process and of all its children together, in megabytes."""

    def __init__(self) -> None:
        self.own = self.children = 0.0


@contextmanager
def _memory() -> Iterator[_Peak]:
    """Look at the memory many times a second (Linux); what processes share is counted once."""
    peak, done = _Peak(), threading.Event()

    def watch() -> None:
        while not done.wait(_LOOK_SECONDS):
            peak.own = max(peak.own, _megabytes(os.getpid()))
            peak.children = max(peak.children, sum(map(_megabytes, _descendants(os.getpid()))))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield peak
    finally:
        done.set()
        watching.join()


def _told(peak: _Peak) -> str:
    return f"{peak.own:.0f} MB here, {peak.children:.0f} MB in child processes"


def _megabytes(number: int) -> float:
    with suppress(OSError):  # it has just ended
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _descendants(number: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found = list(parents.get(number, []))
    for one in found:  # grows while it is walked
        found += parents.get(one, [])
    return found


def _pdf(pages: int) -> bytes:
    """Return a PDF with a heading and three lines on each page."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(pages):
        lines = "".join(
            f"({line} of page {page} says how many days of leave there are.) Tj T* "
            for line in ("One", "Two")
        )
        text = f"BT /F1 18 Tf 72 720 Td 24 TL (Rule {page}) Tj T* /F1 11 Tf {lines}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * page} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    parts, places, size = [b"%PDF-1.4\n"], [], 9
    for number, content in enumerate(objects, 1):
        places.append(size)
        parts.append(f"{number} 0 obj\n{content}\nendobj\n".encode())
        size += len(parts[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{size}\n%%EOF\n"
    return b"".join([*parts, end.encode()])
