"""Files with a password: opened in the reading child, in memory, for this one reading.

`opened` gives what the readers read; a password is used where one is needed and forgotten with the child.
"""

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pypdfium2
import pypdfium2.raw as pdfium

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.archive import MAX_PARTS
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.sentences import FileRefused

T = TypeVar("T")

_DEFAULT = "VelvetSweatshop"  # with which Excel protects a workbook that opens without a question
_WRONG = FileState.NEEDS_PASSWORD, "wrong_password"
_FAULTS = (
    ValueError,
    KeyError,
    IndexError,
    ArithmeticError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
)
_OFFICE_PARTS = ("word/", "xl/", "ppt/", "content.xml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def opened(path: Path, password: str | None) -> tuple[Source, bool]:
    """Return the Office file inside a protected one, any other file as it is; and whether it took one.

    Raises `FileRefused`: "password" where there is none, "wrong_password", "protection" for a cipher that
    is not known here, "unpacked_size".
    """
    with path.open("rb") as file:
        head = file.read(len(_OLE))
    if head == _OLE:
        return _office(path, password)
    if head.startswith(b"PK\x03\x04"):
        return _zip(path, password)
    return path, False


def variants(password: str) -> Iterator[str]:
    """Yield a password as it was typed, then as other programs may have written the same letters.

    Letters with accents can be one sign or two, and before PDF 2.0 a password was in the letters of a code
    page, which PDFium takes for Latin-1.
    """
    tried: set[str] = set()
    forms = (unicodedata.normalize(form, password) for form in ("NFC", "NFKC", "NFD"))
    for one in (password, *forms, *_in_code_pages(unicodedata.normalize("NFC", password))):
        if one not in tried:
            tried.add(one)
            yield one


def _in_code_pages(password: str) -> Iterator[str]:
    for page in ("cp1252", "mac_roman", "cp437"):
        try:
            yield password.encode(page).decode("latin-1")
        except UnicodeEncodeError:
            continue


def unprotected_pdf(path: Path, password: str) -> bytes | None:
    """Return a PDF without the password that it needs; None where it needs none, or cannot be opened so."""
    if _pdf(path, None) is not None:
        return None
    for one in variants(password):
        document = _pdf(path, one)
        if document is not None:
            made = io.BytesIO()
            try:
                document.save(made, flags=pdfium.FPDF_REMOVE_SECURITY)
            finally:
                document.close()
            return made.getvalue()
    return None


def _pdf(path: Path, password: str | None) -> pypdfium2.PdfDocument | None:
    try:
        return pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError:
        return None


def _office(path: Path, password: str | None) -> tuple[Source, bool]:
    from hrdesk.documents.reading import office_locks
    from hrdesk.documents.reading.ole import CompoundFile

    try:
        file = CompoundFile(path.read_bytes())
    except ValueError:  # its kind is told from its name
        return path, False
    if office_locks.PACKAGE not in file:
        return path, False

    def unlock(one: str) -> io.BytesIO | None:
        inside = office_locks.unlock(file, one)
        return None if inside is None else io.BytesIO(inside)

    default = _tried(lambda: unlock(_DEFAULT))
    return (_with(unlock, password), True) if default is None else (default, False)


def _zip(path: Path, password: str | None) -> tuple[Source, bool]:
    from hrdesk.documents.reading import zip_locks

    try:
        archive = zipfile.ZipFile(path)
    except (*_FAULTS, NotImplementedError):  # its reader tells what is wrong with it
        return path, False
    with archive:
        is_office = any(name.startswith(_OFFICE_PARTS) for name in archive.namelist()[:MAX_PARTS])
        if not is_office or not _tried(lambda: zip_locks.is_locked(archive)):
            return path, False
        return _with(lambda one: zip_locks.unlock(archive, one), password), True


def _with(unlock: Callable[[str], io.BytesIO | None], password: str | None) -> io.BytesIO:
    if password is None:
        raise FileRefused(FileState.NEEDS_PASSWORD, "password")
    for one in variants(password):
        inside = _tried(partial(unlock, one))
        if inside is not None:
            return inside
    raise FileRefused(*_WRONG)


def _tried(work: Callable[[], T]) -> T:
    """Run `work` and turn what broken files cause into a refusal."""
    try:
        return work()
    except NotImplementedError as error:
        raise FileRefused(FileState.NEEDS_PASSWORD, "protection") from error
    except OverflowError as error:
        raise FileRefused(FileState.TOO_LARGE, "unpacked_size") from error
    except _FAULTS as error:
        raise FileRefused(FileState.DAMAGED, "damaged") from error
