"""Readers, one module per family of formats; they run in a child process with limits.

`handle` is the child's handler. The readers are imported when they are needed, so that a child which reads
Markdown does not load a PDF engine.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.core.documents import Block, BlockKind, FileState, ReadDocument, Remark
from hrdesk.documents.ordinary import held
from hrdesk.documents.reading import engines, protection, wire
from hrdesk.documents.reading.dates import SEARCHED, effective_from
from hrdesk.documents.reading.kinds import Kind, Source, kind_of
from hrdesk.documents.reading.titles import choose_title
from hrdesk.documents.sentences import FileRefused

if TYPE_CHECKING:
    from hrdesk.documents.reading.recognise import Recogniser, Report

_RECOGNISABLE = ("scan", "unreadable_text")

__all__ = ["handle", "read"]


def handle(
    message: dict[str, Any], payload: bytes, report: "Report | None" = None
) -> tuple[dict[str, Any], bytes]:
    """Answer one reading request: a document or a refusal, as `wire` describes them.

    The payload is a PDF to be shown instead of the file: that of a picture, or one that lost its password.
    Where text recognition was not asked for, the answer says whether it would give more; where it was,
    `report` is told of every page.
    """
    del payload
    name = str(message.get("name") or message["path"])
    if not Path(name).suffix and message.get("kind"):
        name += message["kind"]
    seconds, password = message.get("recognise"), message.get("password")
    view = b""
    try:
        recogniser = _recogniser(float(seconds), report) if seconds else None
        with held(Path(message["path"])) as path:
            source, unlocked = protection.opened(path, password)
            kind = kind_of(source, name)
            view = _view(path, kind, password, tried=recogniser is not None)
            document = read(view or source, name, password, recogniser, kind=kind)
        if unlocked or (view and kind is Kind.PDF):
            document = replace(document, remarks=(*document.remarks, Remark.UNLOCKED))
    except FileRefused as refused:
        answer = wire.dump_refusal(refused.state, refused.reason)
        more = refused.reason in _RECOGNISABLE
    else:
        unread = bool(document.skipped_pages) and Remark.CUT not in document.remarks
        answer, more = wire.dump(document), unread and kind is Kind.PDF
    if more and not seconds:
        answer["recognise"] = engines.is_available()
    return answer, view


def _recogniser(seconds: float, report: "Report | None") -> "Recogniser | None":
    from hrdesk.documents.reading.recognise import Recogniser

    engine = engines.find()
    return Recogniser(engine, seconds, report) if engine is not None else None


def _view(path: Path, kind: Kind, password: str | None, *, tried: bool) -> bytes:
    """Return the pages of what cannot be shown as it is, else nothing.

    A PDF loses its password; a picture becomes a PDF, which only text recognition can read.
    """
    if kind is Kind.PDF and password is not None:
        return protection.unprotected_pdf(path, password) or b""
    if kind is not Kind.IMAGE:
        return b""
    if not tried:
        raise FileRefused(FileState.NO_TEXT, "scan")
    from hrdesk.documents.reading import pictures

    return pictures.as_pdf(path)


def read(
    source: Source | bytes,
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
    if isinstance(source, bytes):
        from hrdesk.documents.reading import pdf

        return pdf.read(source, name, password, started, recogniser)
    kind = kind or kind_of(source, name)
    if kind is Kind.PDF and isinstance(source, Path):
        from hrdesk.documents.reading import pdf

        return pdf.read(source, name, password, started, recogniser)
    return _read_unpaged(source, name, kind)


def _read_unpaged(source: Source, name: str, kind: Kind) -> ReadDocument:
    if kind is Kind.WORD:
        from hrdesk.documents.reading import ooxml

        blocks, title = ooxml.read(source)
        return _finish(blocks, title, name)
    if kind is Kind.OPEN_DOCUMENT:
        from hrdesk.documents.reading import odf

        blocks, title = odf.read(source)
        return _finish(blocks, title, name)
    if kind is Kind.SPREADSHEET:
        from hrdesk.documents.reading import xlsx

        blocks, title, left_out = xlsx.read(source)
        return _finish(blocks, title, name, remarks=(Remark.HIDDEN,) if left_out else ())
    if kind is Kind.PRESENTATION:
        from hrdesk.documents.reading import pptx

        blocks, title, left_out = pptx.read(source)
        return _finish(blocks, title, name, remarks=(Remark.HIDDEN,) if left_out else ())
    if kind is Kind.IMAGE:
        raise FileRefused(FileState.NO_TEXT, "scan")
    if not isinstance(source, Path):  # a protected file with something else than an Office file inside
        raise FileRefused(FileState.UNSUPPORTED, "kind")
    return _read_characters(source, name, kind)


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
