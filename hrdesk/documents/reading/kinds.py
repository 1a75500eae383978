"""What a file is: by its first bytes where they tell, else by its name.

`kind_of` returns a readable kind or raises `FileRefused` with the reason that helps most.
"""

import zipfile
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from hrdesk.core.documents import FileState
from hrdesk.documents.sentences import FileRefused

Source = Path | BinaryIO
"""Our copy of a file; or, in memory, what was inside a protected one."""


class Kind(StrEnum):
    """The families of files that can be read."""

    PDF = "pdf"
    WORD = "word"
    OPEN_DOCUMENT = "open_document"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    SPREADSHEET = "spreadsheet"
    PRESENTATION = "presentation"
    CSV = "csv"
    EMAIL = "email"
    IMAGE = "image"


_BY_SUFFIX = {
    ".pdf": Kind.PDF,
    ".docx": Kind.WORD,
    ".docm": Kind.WORD,
    ".dotx": Kind.WORD,
    ".odt": Kind.OPEN_DOCUMENT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    "": Kind.TEXT,
    ".xlsx": Kind.SPREADSHEET,
    ".xlsm": Kind.SPREADSHEET,
    ".xltx": Kind.SPREADSHEET,
    ".pptx": Kind.PRESENTATION,
    ".pptm": Kind.PRESENTATION,
    ".ppsx": Kind.PRESENTATION,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".eml": Kind.EMAIL,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"), Kind.IMAGE),
}
SUFFIXES = tuple(suffix for suffix in _BY_SUFFIX if suffix)
"""The endings of files that can be read, each with its dot."""
_REFUSED_SUFFIXES = {
    "spreadsheet": (".xls", ".xlsb", ".ods", ".numbers"),
    "presentation": (".ppt", ".odp", ".key"),
    "email": (".msg", ".mbox"),
    "image": (".gif", ".heic", ".heif", ".svg", ".avif"),
    "old_word": (".doc", ".dot", ".rtf"),
    "program": (".exe", ".dll", ".so", ".msi", ".bat", ".cmd", ".com", ".js", ".vbs", ".ps1", ".sh"),
}
_MAGIC = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"GIF8", "image"),
    (b"{\\rtf", "old_word"),
)
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OFFICE = (Kind.WORD, Kind.SPREADSHEET, Kind.PRESENTATION)
_CHARACTERS = (Kind.TEXT, Kind.MARKDOWN, Kind.HTML, Kind.CSV, Kind.EMAIL)
_PROGRAM_MAY_BE_TEXT = b"MZ"
HEAD = 1024


def kind_of(source: Source, name: str) -> Kind:
    """Say what a file, called `name` by people, is. Raises `FileRefused`."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.strip().lower()
    head = _head(source)
    if not head:
        raise FileRefused(FileState.DAMAGED, "empty")
    if head.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in head):
        return Kind.PDF
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(source, suffix)
    if head.startswith(_OLE):
        raise _ole_refusal(suffix)
    if head.startswith(_PICTURES) or _is_named_picture(head, suffix):
        return Kind.IMAGE
    return _plain_kind(head, suffix)


def _head(source: Source) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(HEAD)
    source.seek(0)
    return source.read(HEAD)


def _is_named_picture(head: bytes, suffix: str) -> bool:
    """Whether a file begins as its name promises; "BM" and "RIFF" alone may begin anything."""
    web = suffix == ".webp" and head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    return web or (suffix == ".bmp" and head.startswith(b"BM"))


def _zip_kind(source: Source, suffix: str) -> Kind:
    try:
        with zipfile.ZipFile(source) as archive:
            names = set(archive.namelist()[:20_000])
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(FileState.DAMAGED, "damaged") from error
    if b"opendocument.text" in mimetype:
        return Kind.OPEN_DOCUMENT
    for folder, kind in (("word/", Kind.WORD), ("xl/", Kind.SPREADSHEET), ("ppt/", Kind.PRESENTATION)):
        if any(name.startswith(folder) for name in names):
            return kind
    promised = _BY_SUFFIX.get(suffix)
    if promised in _OFFICE and promised is not None:
        return promised
    if suffix == ".odt":
        return Kind.OPEN_DOCUMENT
    raise FileRefused(FileState.UNSUPPORTED, _refusal_reason(suffix))


def _ole_refusal(suffix: str) -> FileRefused:
    """Refuse an OLE container: an old Office file, or a new one encrypted with a password."""
    if _BY_SUFFIX.get(suffix) in _OFFICE:
        return FileRefused(FileState.NEEDS_PASSWORD, "protected_or_old")
    return FileRefused(FileState.UNSUPPORTED, _refusal_reason(suffix))


def _plain_kind(head: bytes, suffix: str) -> Kind:
    kind = _BY_SUFFIX.get(suffix)
    text_like = kind in _CHARACTERS
    for magic, reason in _MAGIC:
        if head.startswith(magic) and not (magic == _PROGRAM_MAY_BE_TEXT and text_like and b"\0" not in head):
            raise FileRefused(FileState.UNSUPPORTED, reason)
    if text_like and kind is not None:
        return kind
    if kind is Kind.PDF:  # without its first line; a reader may still make sense of it
        return kind
    if kind is not None:  # the name promises another format, the content is none
        raise FileRefused(FileState.DAMAGED, "damaged")
    raise FileRefused(FileState.UNSUPPORTED, _refusal_reason(suffix))


def _refusal_reason(suffix: str) -> str:
    return next((reason for reason, suffixes in _REFUSED_SUFFIXES.items() if suffix in suffixes), "kind")
