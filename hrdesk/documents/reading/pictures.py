"""Image files (PNG, JPEG, TIFF, BMP, WebP) as PDF pages, so that a picture is read and shown like any scan.

Qt decodes them, in the reading child: its decoders are kept up to date with it, and turn photos upright.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from hrdesk.core.documents import FileState
from hrdesk.documents.sentences import FileRefused

MAX_PIXELS = 120_000_000  # as the file says; more is not decoded
KEPT_SIDE = 5_000  # pixels; more is scaled down
MAX_PICTURES = 200
QUALITY = 90
A4_POINTS = 842.0
INCH_METRES = 0.0254


def as_pdf(path: Path) -> bytes:
    """Return a PDF with one page for each picture of an image file. Raises `FileRefused`."""
    document = pypdfium2.PdfDocument.new()
    for image in _images(path):
        width, height = _points(image)
        page = document.new_page(width, height)
        thing = pypdfium2.PdfImage.new(document)
        thing.load_jpeg(io.BytesIO(_jpeg(image)), inline=True)
        thing.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page.insert_obj(thing)
        page.gen_content()
    if not len(document):
        raise FileRefused(FileState.DAMAGED, "damaged")
    output = io.BytesIO()
    document.save(output)
    document.close()
    return output.getvalue()


def _images(path: Path) -> Iterator[QImage]:
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    # The count, not `canRead`, tells the end: a TIFF of one page can be read for ever.
    for number in range(min(MAX_PICTURES, max(1, reader.imageCount()))):
        size = reader.size()
        if size.width() * size.height() > MAX_PIXELS:
            raise FileRefused(FileState.TOO_LARGE, "picture_size")
        if max(size.width(), size.height()) > KEPT_SIDE:
            reader.setScaledSize(size.scaled(QSize(KEPT_SIDE, KEPT_SIDE), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull() and number == 0:
            raise FileRefused(FileState.DAMAGED, "damaged")
        if image.isNull():
            return
        yield _on_white(image)
        reader.jumpToNextImage()


def _on_white(image: QImage) -> QImage:
    """Put a picture on white paper: what is see-through would come out black."""
    if not image.hasAlphaChannel():
        return image
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.setDotsPerMeterX(image.dotsPerMeterX())
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def _points(image: QImage) -> tuple[float, float]:
    """Return the size of the paper: by the scanner's resolution, else as long as A4."""
    width, height = max(1, image.width()), max(1, image.height())
    dots = image.dotsPerMeterX() * INCH_METRES
    scale = 72 / dots if 140 <= dots <= 1_300 else A4_POINTS / max(width, height)  # 72 and 96 are defaults
    return max(1.0, width * scale), max(1.0, height * scale)


def _jpeg(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", QUALITY)  # type: ignore[call-overload]
    buffer.close()
    return bytes(data.data())
