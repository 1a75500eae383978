import zipfile
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.kinds import Kind, kind_of
from hrdesk.documents.sentences import FileRefused


def kind(tmp_path: Path, name: str, data: bytes) -> Kind:
    path = tmp_path / "copy"
    path.write_bytes(data)
    return kind_of(path, name)


def zipped(tmp_path: Path, *names: str) -> bytes:
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "application/vnd.oasis.opendocument.text" if name == "mimetype" else "x")
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.pdf", b"%PDF-1.7", Kind.PDF),
        ("a.txt", b"%PDF-1.7", Kind.PDF),
        ("a.pdf", b"<html>\n%PDF-1.7", Kind.PDF),
        ("a.html", b"<html>\n%PDF-1.7", Kind.HTML),
        ("A.MD", b"# Leave", Kind.MARKDOWN),
        ("noextension", b"text", Kind.TEXT),
        ("MZ.txt", b"MZ is our company", Kind.TEXT),
        ("trailing.txt ", b"text", Kind.TEXT),
        ("mail.eml", b"From: x", Kind.EMAIL),
        ("list.csv", b"a,b", Kind.CSV),
        ("photo.pdf", b"\x89PNG\r\n", Kind.IMAGE),
        ("photo.webp", b"RIFF\0\0\0\0WEBP", Kind.IMAGE),
        ("photo.bmp", b"BM\0\0", Kind.IMAGE),
        ("BMW.txt", b"BM and others", Kind.TEXT),
    ],
)
def test_content_decides_before_the_name(tmp_path, name, data, expected):
    assert kind(tmp_path, name, data) is expected


def test_zip_files_are_told_apart_by_their_parts(tmp_path):
    assert kind(tmp_path, "is.pdf", zipped(tmp_path, "word/document.xml")) is Kind.WORD
    assert kind(tmp_path, "a.odt", zipped(tmp_path, "mimetype", "content.xml")) is Kind.OPEN_DOCUMENT


@pytest.mark.parametrize(
    ("name", "data", "state", "reason"),
    [
        ("a.pdf", b"", FileState.DAMAGED, "empty"),
        ("a.docx", b"%not a zip", FileState.DAMAGED, "damaged"),
        ("a.docx", b"PK\x03\x04 torn", FileState.DAMAGED, "damaged"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileState.NEEDS_PASSWORD, "protected_or_old"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileState.UNSUPPORTED, "old_word"),
        ("a.pdf", b"MZ\0\0", FileState.UNSUPPORTED, "program"),
        ("double.pdf.exe", b"text", FileState.UNSUPPORTED, "program"),
        ("photo.gif", b"GIF89a", FileState.UNSUPPORTED, "image"),
        ("photo.png", b"<svg/>", FileState.DAMAGED, "damaged"),
        ("mail.msg", b"From: x", FileState.UNSUPPORTED, "email"),
        ("list.numbers", b"a,b", FileState.UNSUPPORTED, "spreadsheet"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileState.NEEDS_PASSWORD, "protected_or_old"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileState.UNSUPPORTED, "spreadsheet"),
        ("page.xyz", b"text", FileState.UNSUPPORTED, "kind"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_helpful_reason(tmp_path, name, data, state, reason):
    with pytest.raises(FileRefused) as refused:
        kind(tmp_path, name, data)
    assert (refused.value.state, refused.value.reason) == (state, reason)


@pytest.mark.parametrize(
    ("part", "expected"),
    [("xl/workbook.xml", Kind.SPREADSHEET), ("ppt/p.xml", Kind.PRESENTATION), ("word/a", Kind.WORD)],
)
def test_office_files_are_known_by_their_folder_whatever_their_name(tmp_path, part, expected):
    assert kind(tmp_path, "a.zip", zipped(tmp_path, part)) is expected


def test_another_zip_file_is_refused(tmp_path):
    with pytest.raises(FileRefused) as refused:
        kind(tmp_path, "a.zip", zipped(tmp_path, "a"))
    assert refused.value.reason == "kind"
