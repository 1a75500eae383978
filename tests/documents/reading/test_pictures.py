import zlib

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage

from hrdesk.core.documents import FileState
from hrdesk.documents.pdf_text import open_pdf
from hrdesk.documents.reading.pictures import as_pdf
from hrdesk.documents.sentences import FileRefused


def image(path, size=(210, 297), dots=0, colour="white"):
    made = QImage(QSize(*size), QImage.Format.Format_ARGB32)
    made.fill(QColor(colour))
    if dots:
        made.setDotsPerMeterX(round(dots / 0.0254))
    assert made.save(str(path))
    return path


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp", "tiff", "webp"])
def test_every_kind_of_picture_becomes_a_page_as_long_as_paper(tmp_path, suffix):
    document = open_pdf(as_pdf(image(tmp_path / f"a.{suffix}")))
    assert len(document) == 1
    assert document[0].get_size() == pytest.approx((595.3, 842), abs=1)


def test_the_scanners_resolution_gives_the_size_of_the_paper(tmp_path):
    document = open_pdf(as_pdf(image(tmp_path / "a.png", (400, 200), dots=200)))
    assert document[0].get_size() == pytest.approx((144, 72), abs=0.5)


def test_what_is_see_through_is_white(tmp_path):
    page = open_pdf(as_pdf(image(tmp_path / "a.png", colour="transparent")))[0]
    bitmap = page.render(grayscale=True)
    assert min(bytes(bitmap.buffer)[: bitmap.width]) > 240


def test_damage_is_refused(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with pytest.raises(FileRefused) as refused:
        as_pdf(path)
    assert refused.value.state is FileState.DAMAGED


def test_pictures_beyond_all_measure_are_refused_without_being_decoded(tmp_path):
    path = tmp_path / "a.png"
    image(path, (20, 20))
    data = bytearray(path.read_bytes())
    data[16:24] = (40_000).to_bytes(4, "big") * 2  # width and height of the header
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    path.write_bytes(bytes(data))
    with pytest.raises(FileRefused) as refused:
        as_pdf(path)
    assert refused.value.reason == "picture_size"
