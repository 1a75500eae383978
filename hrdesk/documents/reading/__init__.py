"""Readers, one module per family of formats; they run in a child process with limits.

`handle` is the child's handler. The readers are imported when they are needed, so that a child which reads
Markdown does not load a PDF engine.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.core.documents import Block, BlockKind, FileState, ReadDocument, Remark
from hrdesk.documents.reading import engines, wire
from hrdesk.documents.reading.dates import SEARCHED, effective_from
from hrdesk.documents.reading.kinds import Kind, kind_of
from hrdesk.documents.reading.titles import choose_title
from hrdesk.documents.sentences import FileRefused

if TYPE_CHECKING:
    from hrdesk.documents.reading.recognise import Recogniser

_RECOGNISABLE = ("scan", "unreadable_text")

__all__ = ["handle", "read"]


def handle(message: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Answer one reading request: a document or a refusal, as `wire` describes them.

    The payload is the PDF that shows a picture. Where text recognition was not asked for, the answer says
    whether it would give more.
    """
    del payload
    path, name = Path(message["path"]), str(message.get("name") or message["path"])
    if not Path(name).suffix and message.get("kind"):
        name += message["kind"]
    seconds = message.get("recognise")
    view = b""
    try:
        recogniser = _recogniser(float(seconds)) if seconds else None
        kind = kind_of(path, name)
        view = _view(path, tried=recogniser is not None) if kind is Kind.IMAGE else b""
        document = read(view or path, name, message.get("password"), recogniser, kind=kind)
    except FileRefused as refused:
        answer = wire.dump_refusal(refused.state, refused.reason)
        more = refused.reason in _RECOGNISABLE
    else:
        answer, more = wire.dump(document), bool(document.skipped_pages) and kind is Kind.PDF
    if more and not seconds:
        answer["recognise"] = engines.is_available()
    return answer, view


def _recogniser(seconds: float) -> "Recogniser | None":
    from hrdesk.documents.reading.recognise import Recogniser

    engine = engines.find()
    return Recogniser(engine, seconds) if engine is not None else None


def _view(path: Path, *, tried: bool) -> bytes:
    """Return a picture as PDF pages; only text recognition can read it."""
    if not tried:
        raise FileRefused(FileState.NO_TEXT, "scan")
    from hrdesk.documents.reading import pictures

    return pictures.as_pdf(path)


def read(
    source: Path | bytes,
    name: str,
    password: str | None = None,
    recogniser: "Recogniser | None" = None,
    *,
    kind: Kind | None = None,
) -> ReadDocument:
    """Read the file at a path (or the bytes of a PDF), known to people as `name`.

    Raises `FileRefused` where it has no text.
    """
    started = time.monotonic()
    if isinstance(source, bytes) or (kind or kind_of(source, name)) is Kind.PDF:
        from hrdesk.documents.reading import pdf

        return pdf.read(source, name, password, started, recogniser)
    return _read_unpaged(source, name, kind or kind_of(source, name))


def _read_unpaged(path: Path, name: str, kind: Kind) -> ReadDocument:
    if kind is Kind.WORD:
        from hrdesk.documents.reading import ooxml

        blocks, title = ooxml.read(path)
        return _finish(blocks, title, name)
    if kind is Kind.OPEN_DOCUMENT:
        from hrdesk.documents.reading import odf

        blocks, title = odf.read(path)
        return _finish(blocks, title, name)
    if kind is Kind.SPREADSHEET:
        from hrdesk.documents.reading import xlsx

        blocks, title, left_out = xlsx.read(path)
        return _finish(blocks, title, name, remarks=(Remark.HIDDEN,) if left_out else ())
    if kind is Kind.PRESENTATION:
        from hrdesk.documents.reading import pptx

        blocks, title, left_out = pptx.read(path)
        return _finish(blocks, title, name, remarks=(Remark.HIDDEN,) if left_out else ())
    if kind is Kind.IMAGE:
        raise FileRefused(FileState.NO_TEXT, "scan")
    return _read_characters(path, name, kind)


def _read_characters(path: Path, name: str, kind: Kind) -> ReadDocument:
    from hrdesk.documents.reading.charset import decode

    if path.stat().st_size > 4 * wire.MAX_CHARACTERS:
        raise FileRefused(FileState.TOO_LARGE, "too_much_text")
    data = path.read_bytes()
    if kind is Kind.EMAIL:
        from hrdesk.documents.reading import email_file

        mail, subject, attached = email_file.read(data)
        return _finish(mail.blocks, subject, name, remarks=(Remark.ATTACHMENTS,) if attached else ())
    source = decode(data)
    if kind is Kind.CSV:
        from hrdesk.documents.reading import csv_file

        return _finish(csv_file.read(source).blocks, "", name)
    if kind is Kind.TEXT:
        from hrdesk.documents.reading import text

        return _finish(text.read(source).blocks, "", name)
    if kind is Kind.HTML:
        from hrdesk.documents.reading import html

        page = html.read(source)
        return _finish(page.blocks.blocks, page.title, name)
    from hrdesk.documents.reading import markdown

    blocks, title, front = markdown.read(source)
    return _finish(blocks.blocks, title, name, front)


def _finish(
    blocks: tuple[Block, ...], title: str, name: str, front: str = "", remarks: tuple[Remark, ...] = ()
) -> ReadDocument:
    if not blocks:
        raise FileRefused(FileState.NO_TEXT, "no_text")
    first_heading = next((b.text for b in blocks[:20] if b.kind is BlockKind.HEADING and b.level == 1), "")
    return ReadDocument(
        title=choose_title(title, first_heading, name),
        blocks=blocks,
        effective_from=effective_from(front + "\n" + _opening(blocks)),
        remarks=remarks,
    )


def _opening(blocks: tuple[Block, ...]) -> str:
    lines: list[str] = []
    size = 0
    for block in blocks:
        lines.append(block.text)
        size += len(block.text) + 1
        if size > SEARCHED:
            break
    return "\n".join(lines)[:SEARCHED]
