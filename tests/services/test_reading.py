"""Reading in child processes: what a scan becomes with and without text recognition on the computer."""

import hashlib
import os
import sys
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState, Page, Remark, Span
from hrdesk.documents import rendering_wire, scans
from hrdesk.documents.normalise import key, span_text
from hrdesk.documents.reading import engines
from hrdesk.documents.sentences import Refusal
from hrdesk.services.reading import Reader
from tests.documents.children import SECONDS, rendering_child
from tests.documents.office_files import lines, pdf
from tests.documents.reading.test_pictures import image
from tests.shared_data import shared

needs_posix = pytest.mark.skipif(os.name != "posix", reason="The stand-in program is a script.")
# As Tesseract answers for a page of 2550 x 3300 pixels.
ANSWER = "".join(
    f"5\t1\t1\t1\t1\t{place}\t{300 + 400 * place}\t400\t350\t40\t95\t{word}\n"
    for place, word in enumerate(["Employees", "have", "ten", "days"])
)
PROGRAM = f"""#!{sys.executable}
import sys
if "--list-langs" in sys.argv:
    print("List:\\neng")
else:
    sys.stdin.buffer.read()
    print({ANSWER!r})
"""


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
async def reader(files):
    made = Reader(files)
    yield made
    await made.aclose()


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    if engines.has_package() or any(os.access(path, os.X_OK) for path in engines._USUAL):
        pytest.skip("Text recognition is installed where every program finds it.")


@pytest.fixture
def engine(monkeypatch, tmp_path):
    program = tmp_path / "tesseract"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


def kept(files: Path, data: bytes, suffix: str = ".pdf") -> tuple[Path, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    path = files / f"{sha256}{suffix}"
    path.write_bytes(data)
    return path, sha256


@needs_posix
async def test_a_scan_without_text_recognition_says_what_to_install(reader, files, no_engine):
    path, sha256 = kept(files, pdf([[]], pictures=True))
    read = await reader.read(path, "scan.pdf", sha256)
    assert isinstance(read, Refusal)
    assert (read.state, read.reason) == (FileState.NO_TEXT, "scan")
    assert "Tesseract" in read.message


@needs_posix
async def test_a_scan_is_recognised_marked_and_can_be_highlighted(reader, files, engine):
    path, sha256 = kept(files, pdf([lines(["Typed words of a page of its own."] * 3), []], pictures=True))
    told: list[tuple[int, int]] = []
    read = await reader.read(path, "scan.pdf", sha256, report=lambda *counts: told.append(counts))
    assert not isinstance(read, Refusal)
    assert told == [(0, 2), (1, 2)]  # both have a picture over the whole page
    document, passages = read
    assert document.remarks == (Remark.SCAN,)
    assert document.pages[1] == Page(2, 612, 792, "Employees have ten days")
    assert {passage.path.endswith(f"({scans.MARK})") for passage in passages} == {True}
    child = rendering_child()
    try:
        message = rendering_wire.image_request(path, 2, 612, [Span(2, 10, 18)])
        shown = rendering_wire.parse_image(*child.request(message, seconds=SECONDS))
    finally:
        child.close()
    assert shown.text == "Employees have ten days"
    (rect,) = shown.rects
    assert rect.x0 == pytest.approx(700 / 2550, abs=0.002)
    assert rect.x1 == pytest.approx(1450 / 2550, abs=0.002)
    assert rect.y0 == pytest.approx(400 / 3300, abs=0.002)


@needs_posix
async def test_a_picture_becomes_a_page_that_can_be_shown(reader, files, tmp_path, engine):
    path, sha256 = kept(files, image(tmp_path / "a.png").read_bytes(), ".png")
    read = await reader.read(path, "notice.png", sha256)
    assert not isinstance(read, Refusal)
    assert read[0].title == "Notice"
    assert (files / f"{sha256}.pages.pdf").read_bytes().startswith(b"%PDF-")
    assert scans.load(files / f"{sha256}{scans.SUFFIX}").keys() == {1}


@needs_posix
async def test_words_of_an_earlier_reading_do_not_stay(reader, files, no_engine):
    path, sha256 = kept(files, pdf([lines(["Employees have ten days of sick leave."])]))
    old = files / f"{sha256}{scans.SUFFIX}"
    old.write_text("{}")
    assert not isinstance(await reader.read(path, "a.pdf", sha256), Refusal)
    assert not old.exists()


async def test_a_pdf_whose_pages_cannot_be_drawn_is_laid_out_as_text_and_marked_there(reader, files):
    source = shared("files/pdf/pypdf__r5-user-password.pdf")
    copy = files / f"{'0' * 64}.pdf"
    copy.write_bytes(source.read_bytes())
    found = await reader.read(copy, "r5-user-password.pdf", copy.stem)
    assert not isinstance(found, Refusal)
    document, (passage, *_) = found
    assert Remark.AS_TEXT in document.remarks
    child = rendering_child()
    try:
        message = rendering_wire.rects_request(copy.with_suffix(".pages.pdf"), passage.spans)
        marked = rendering_wire.parse_rects(child.request(message, seconds=SECONDS)[0], passage.spans)
    finally:
        child.close()
    assert all(marked)
    pages = {page.number: page for page in document.pages}
    assert key(span_text(pages, passage.spans)) in key(passage.text)
