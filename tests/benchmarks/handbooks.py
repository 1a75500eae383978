"""The shared handbooks in the forms that HR files have: as they are, as Word documents and as PDF.

The blocks of the Markdown become real headings, lists and tables of python-docx, or HTML that Qt lays out and
prints. What is read back afterwards is the Word document or the PDF alone. Files are made once, under build/.
"""

import html
import os
from collections.abc import Sequence
from pathlib import Path

import docx
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from hrdesk.core.documents import Block, BlockKind, ReadDocument
from hrdesk.documents.reading import read
from hrdesk.documents.sentences import FileRefused
from hrdesk.documents.table_rows import groups, table_rows

FORMS = ("md", "docx", "pdf")
_MARGIN_MM = 20
_STYLE = "table { border-collapse: collapse } td, th { border: 1px solid #888; padding: 3px }"


def in_form(handbook: Path, form: str, cache: Path) -> Path:
    """Return the folder of `handbook` in one of `FORMS`; X.md is X.docx or X.pdf there."""
    if form == "md":
        return handbook
    target = cache / form / handbook.name
    if not target.is_dir():
        part = target.with_name(f"{target.name}.part{os.getpid()}")
        for file in sorted(handbook.rglob("*.md")):
            copy = (part / file.relative_to(handbook)).with_suffix(f".{form}")
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                _WRITERS[form](read(file, file.name), copy)
            except FileRefused:  # no text in it
                continue
        part.rename(target)
    return target


def _has_own_title(document: ReadDocument) -> bool:
    return any(b.kind is BlockKind.HEADING and b.level == 1 for b in document.blocks[:3])


def _write_docx(document: ReadDocument, target: Path) -> None:
    word = docx.Document()
    word.core_properties.title = document.title[:255]
    if not _has_own_title(document):
        word.add_paragraph(document.title, style="Title")
    for group in groups(document.blocks):
        block = group[0]
        if block.kind is BlockKind.TABLE_ROW:
            _add_table(word, group)
        elif block.kind is BlockKind.HEADING:
            word.add_heading(block.text, min(block.level, 9))
        elif block.kind is BlockKind.LIST_ITEM:
            word.add_paragraph(block.text, style=f"List Bullet{_depth(block)}")
        else:
            word.add_paragraph(block.text)
    word.save(str(target))


def _depth(block: Block) -> str:
    """Word's template has the styles List Bullet, List Bullet 2 and List Bullet 3."""
    return f" {min(block.level, 2) + 1}" if block.level else ""


def _add_table(word: "docx.document.Document", group: Sequence[Block]) -> None:
    rows = table_rows(group)
    table = word.add_table(rows=0, cols=max(len(row.cells) for row in rows), style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        for cell, text in zip(cells, row.cells, strict=False):
            cell.text = text
            for run in cell.paragraphs[0].runs:
                run.bold = row.is_head


def _write_pdf(document: ReadDocument, target: Path) -> None:
    application = QGuiApplication.instance() or QGuiApplication(["benchmark"])
    writer = QPdfWriter(str(target))
    writer.setResolution(144)
    writer.setTitle(document.title)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    a4, upright = QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(a4, upright, margins, QPageLayout.Unit.Millimeter))
    text = QTextDocument()
    text.setDefaultStyleSheet(_STYLE)
    title = "" if _has_own_title(document) else f"<h1>{html.escape(document.title)}</h1>"
    text.setHtml(title + "".join(_html(group) for group in groups(document.blocks)))
    text.print_(writer)
    del application


def _html(group: Sequence[Block]) -> str:
    block, text = group[0], html.escape(group[0].text)
    if block.kind is BlockKind.TABLE_ROW:
        rows = "".join(
            f"<tr>{''.join(_cell(cell, is_head=row.is_head) for cell in row.cells)}</tr>"
            for row in table_rows(group)
        )
        return f'<table border="1" cellspacing="0">{rows}</table><p></p>'
    if block.kind is BlockKind.HEADING:
        return f"<h{min(block.level, 6)}>{text}</h{min(block.level, 6)}>"
    if block.kind is BlockKind.LIST_ITEM:
        depth = block.level + 1
        return f"{'<ul>' * depth}<li>{text}</li>{'</ul>' * depth}"
    return f"<pre>{text}</pre>" if block.kind is BlockKind.CODE else f"<p>{text}</p>"


def _cell(text: str, *, is_head: bool) -> str:
    name = "th" if is_head else "td"
    return f"<{name}>{html.escape(text)}</{name}>"


_WRITERS = {"docx": _write_docx, "pdf": _write_pdf}
