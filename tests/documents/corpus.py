"""Real and self-made files of every format, read and cut as the product does, for measurements."""

import asyncio
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from hrdesk.core.documents import Page, PassageText
from hrdesk.documents.sentences import Refusal
from hrdesk.services.reading import Reader
from tests.documents import office_files

MOST_BYTES = 3_000_000
HANDBOOK_FILES = 12  # of each handbook
SUFFIXES = frozenset(".pdf .docx .docm .odt .xlsx .pptx .html .htm .md .txt .csv .eml".split())


@dataclass(frozen=True, slots=True)
class Sample:
    """A file that was read: the PDF that shows it, its pages and its passages.

    `truth` is the PDF whose glyphs say where the words stand: the same, or what a scan was made from.
    """

    form: str
    name: str
    view: Path
    pages: tuple[Page, ...]
    passages: tuple[PassageText, ...]
    truth: Path


def samples(folder: Path, paths: Iterable[Path]) -> Iterator[Sample]:
    """Read files and yield those that have text; copies go to `folder`."""
    reader = Reader(folder)
    with asyncio.Runner() as runner:
        try:
            for path in paths:
                copy = _copied(path, folder)
                read = runner.run(reader.read(copy, path.name, copy.stem)) if copy else None
                if copy is None or read is None or isinstance(read, Refusal):
                    continue
                document, passages = read
                laid_out = copy.with_suffix(".pages.pdf")
                view = laid_out if laid_out.exists() else copy
                if view.suffix.lower() == ".pdf":
                    form = "scan" if document.scanned else _form(path)
                    truth = path.with_suffix(".original")
                    yield Sample(
                        form, path.name, view, document.pages, tuple(passages),
                        truth if truth.exists() else view,
                    )  # fmt: skip
        finally:
            runner.run(reader.aclose())


def _form(path: Path) -> str:
    suffix = path.suffix.lower()
    return {".docm": "docx", ".htm": "html"}.get(suffix, suffix[1:])


def _copied(path: Path, folder: Path) -> Path | None:
    """Copy a file under the name the product gives it; None where the same bytes were there before."""
    copy = folder / f"{hashlib.sha256(path.read_bytes()).hexdigest()}{path.suffix.lower()}"
    if copy.exists():
        return None
    shutil.copyfile(path, copy)
    return copy


def real(data: Path) -> Iterator[Path]:
    """Yield the files of the shared data that hrdesk can read, some of each handbook."""
    paths = [*sorted(data.glob("hrdocs/*")), *sorted(data.glob("files/*/*"))]
    for handbook in sorted(data.glob("handbooks/*")):
        some = sorted(handbook.rglob("*.md"))
        paths.extend(some[:: max(1, len(some) // HANDBOOK_FILES)][:HANDBOOK_FILES])
    for path in paths:
        if path.suffix.lower() in SUFFIXES and path.stat().st_size <= MOST_BYTES:
            yield path


def scanned(pdf: Path, folder: Path, count: int = 3) -> Path:
    """Make a scan of the first pages of a PDF: pictures at 200 dots an inch; the PDF is kept beside it."""
    document, scan = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new()
    for number in range(min(count, len(document))):
        page = document[number]
        width, height = page.get_size()
        image = pypdfium2.PdfImage.new(scan)
        image.set_bitmap(page.render(scale=200 / 72))
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        sheet = scan.new_page(width, height)
        sheet.insert_obj(image)
        sheet.gen_content()
    made = folder / f"{pdf.stem} scanned.pdf"
    scan.save(made)
    scan.close()
    document.close()
    shutil.copyfile(pdf, made.with_suffix(".original"))
    return made


_LEAVE = (
    "Employees accrue fifteen days of annual leave in each calendar year of service.",
    "Unused leave of up to 5 days may be carried over until 31 March of the following year.",
    "The first-aid allowance (see § 4.2) is paid “quarterly” – never in advance – to certified officers.",
    "Führungskräfte genehmigen Überstunden; Zuschläge für Nacht- und Sonntagsarbeit betragen 25 %.",
    "Un congé supplémentaire est accordé à l’employé après dix années de service révolues.",
    "Travel booked before approval is not reimbursed unless a director waives rule 7(b) in writing.",
)
_TABLE = (
    ("Years of service", "Days a year", "Notice"),
    ("0 to 2", "10", "Two weeks"),
    ("3 to 5", "15", "One month"),
    ("6 or more", "20", "Three months"),
)


def made(folder: Path) -> list[Path]:
    """Write one small file of each format, and a PDF for each way that a page may be turned."""
    folder.mkdir()
    return [*_office(folder), *_plain(folder), *_turned(folder)]


def _office(folder: Path) -> list[Path]:
    rows = office_files.sheet_rows(
        *_TABLE, *[(one, f"{number}", "Manager") for number, one in enumerate(_LEAVE)]
    )
    return [
        office_files.docx(folder / "leave.docx", "".join(map(office_files.paragraph, _LEAVE * 4))),
        office_files.odt(folder / "leave.odt", "".join(f"<text:p>{one}</text:p>" for one in _LEAVE * 4)),
        office_files.xlsx(folder / "leave.xlsx", ("Leave", rows)),
        office_files.pptx(folder / "leave.pptx", office_files.shape(*_LEAVE)),
    ]


def _plain(folder: Path) -> list[Path]:
    text = "\n\n".join(_LEAVE * 4)
    grid = [",".join(_TABLE[0]), *(f"{number},{2 * number},{number} months" for number in range(90))]
    head = "From: hr@example.org\nSubject: Leave\nContent-Type: text/plain; charset=utf-8\n\n"
    words = {
        "leave.txt": text,
        "leave.md": f"# Leave\n\n{text}\n",
        "leave.html": f"<h1>Leave</h1><p>{'</p><p>'.join(_LEAVE * 4)}</p>",
        "leave.csv": "\n".join(";".join(row) for row in _TABLE * 5),
        "grid.csv": "\n".join(grid),
        "leave.eml": head + text,
    }
    for name, one in words.items():
        (folder / name).write_text(one, encoding="utf-8")
    return [folder / name for name in words]


def _turned(folder: Path) -> list[Path]:
    lines = [half for line in _LEAVE for half in (line[:60], line[60:])]
    paths = []
    for angle in (0, 90, 180, 270):
        page = office_files.lines(lines, top=460)  # low enough for a page that is turned on its side
        paths.append(folder / f"turned{angle}.pdf")
        paths[-1].write_bytes(office_files.pdf([page], rotate=angle, title=f"Turned by {angle}"))
    return paths
