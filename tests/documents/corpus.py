"""Real and self-made files of every format, read and cut as the product does, for measurements."""

import asyncio
import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hrdesk.core.documents import Page, PassageText
from hrdesk.documents.sentences import Refusal
from hrdesk.services.reading import Reader
from tests.documents import office_files

MOST_BYTES = 3_000_000
HANDBOOK_FILES = 12  # of each handbook
SUFFIXES = frozenset(".pdf .docx .docm .odt .xlsx .pptx .html .htm .md .txt .csv .eml".split())


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that was read: the PDF that shows it, its pages and its passages."""

    form: str
    name: str
    view: Path
    pages: tuple[Page, ...]
    passages: tuple[PassageText, ...]
    is_scan: bool = False


def samples(folder: Path, data: Path) -> Iterator[Sample]:
    """Yield the files of the shared data and those made here that have text; copies go to `folder`."""
    reader = Reader(folder)
    with asyncio.Runner() as runner:
        try:
            for path in [*_made(folder / "made"), *_real(data)]:
                sample = runner.run(_sample(reader, path, folder))
                if sample is not None:
                    yield sample
        finally:
            runner.run(reader.aclose())


async def _sample(reader: Reader, path: Path, folder: Path) -> Sample | None:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    copy = folder / f"{sha256}{path.suffix.lower()}"
    if copy.exists():  # the same bytes again
        return None
    shutil.copyfile(path, copy)
    read = await reader.read(copy, path.name, sha256)
    if isinstance(read, Refusal):
        return None
    document, passages = read
    laid_out = folder / f"{sha256}.pages.pdf"
    view = laid_out if laid_out.exists() else copy
    if view.suffix.lower() != ".pdf":
        return None
    form = (
        path.suffix.lower()
        .lstrip(".")
        .replace("docm", "docx")
        .replace("htm", "html")
        .replace("htmll", "html")
    )
    scan = bool(document.scanned)
    return Sample("scan" if scan else form, path.name, view, document.pages, tuple(passages), scan)


def _real(data: Path) -> Iterator[Path]:
    paths = [*sorted(data.glob("hrdocs/*")), *sorted(data.glob("files/*/*"))]
    for handbook in sorted(data.glob("handbooks/*")):
        some = sorted(handbook.rglob("*.md"))
        paths.extend(some[:: max(1, len(some) // HANDBOOK_FILES)][:HANDBOOK_FILES])
    for path in paths:
        if path.suffix.lower() in SUFFIXES and path.stat().st_size <= MOST_BYTES:
            yield path


_LEAVE = (
    "Employees accrue fifteen days of annual leave in each calendar year of service.",
    "Unused leave of up to 5 days may be carried over until 31 March of the following year.",
    "The first-aid allowance (see § 4.2) is paid “quarterly” – never in advance – to certified officers.",
    "Führungskräfte genehmigen Überstunden; Zuschläge für Nacht- und Sonntagsarbeit betragen 25 %.",
    "Un congé supplémentaire est accordé à l’employé après dix années de service révolues.",
    "Travel booked before approval is not reimbursed unless a director waives rule 7(b) in writing.",
)
_TABLE = (("Years of service", "Days a year", "Notice"), ("0 to 2", "10", "Two weeks"),
          ("3 to 5", "15", "One month"), ("6 or more", "20", "Three months"))  # fmt: skip


def _made(folder: Path) -> list[Path]:
    """Write one small file of each office format."""
    folder.mkdir()
    text = "\n\n".join(_LEAVE * 4)
    rows = office_files.sheet_rows(*_TABLE, *[[one, number, "Manager"] for number, one in enumerate(_LEAVE)])
    turned = [office_files.lines([one for line in _LEAVE for one in (line[:60], line[60:])], top=460)]
    paths = [
        office_files.docx(folder / "leave.docx", "".join(map(office_files.paragraph, _LEAVE * 4))),
        office_files.odt(folder / "leave.odt", "".join(f"<text:p>{one}</text:p>" for one in _LEAVE * 4)),
        office_files.xlsx(folder / "leave.xlsx", ("Leave", rows)),
        office_files.pptx(folder / "leave.pptx", office_files.shape(*_LEAVE)),
    ]
    plain = {
        "leave.txt": text,
        "leave.md": f"# Leave\n\n{text}\n",
        "leave.html": f"<h1>Leave</h1><p>{'</p><p>'.join(_LEAVE * 4)}</p>",
        "leave.csv": "\n".join(";".join(row) for row in _TABLE * 5),
        "grid.csv": "\n".join(
            [",".join(_TABLE[0]), *(f"{n},{2 * n},{n} months of notice" for n in range(90))]
        ),
        "leave.eml": f"From: hr@example.org\nSubject: Leave\nContent-Type: text/plain; charset=utf-8\n\n{text}",
    }
    for name, words in plain.items():
        (folder / name).write_text(words, encoding="utf-8")
        paths.append(folder / name)
    for angle in (0, 90, 180, 270):
        (folder / f"turned{angle}.pdf").write_bytes(
            office_files.pdf(turned, rotate=angle, title=f"Turn {angle}")
        )
        paths.append(folder / f"turned{angle}.pdf")
    return paths
