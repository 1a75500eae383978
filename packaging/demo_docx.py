"""Writes a sample policy as a Word document: real headings, marked table heads, header, page numbers."""

from pathlib import Path

import docx
from demo_source import ACCENT, COMPANY, Policy
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor


def write_docx(policy: Policy, target: Path) -> None:
    """Write the policy to `target`."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = policy.title, COMPANY, ""
    _set_styles(document)
    _set_page(document, f"{COMPANY} · {policy.head['kind']}")
    document.add_paragraph(policy.title, style="Title")
    for fact in policy.facts:
        document.add_paragraph(fact).paragraph_format.space_after = Pt(2)
    for block in policy.blocks:
        if block.rows:
            _table(document, block.rows)
        elif block.level:
            document.add_heading(block.text, block.level)
        else:
            document.add_paragraph(block.text)
    document.save(str(target))


def _set_styles(document: Document) -> None:
    colours = {"Heading 1": RGBColor.from_string(ACCENT.strip("#"))}
    for name, size in (("Normal", 11), ("Title", 26), ("Heading 1", 15), ("Heading 2", 12)):
        style = document.styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        if name != "Normal":
            style.font.color.rgb = colours.get(name, RGBColor(0x1B, 0x24, 0x30))
            fonts = style.element.rPr.rFonts  # the theme's typeface would win over the one set above
            for key in [key for key in fonts.attrib if "Theme" in key]:
                del fonts.attrib[key]
    document.styles["Normal"].paragraph_format.space_after = Pt(8)


def _set_page(document: Document, header: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.header.paragraphs[0].text = header
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    section.footer.paragraphs[0]._p.append(field)  # noqa: SLF001 - python-docx has no call for fields


def _table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for cells in rows:
        line = table.add_row()
        for cell, text in zip(line.cells, cells, strict=True):
            cell.text = text
            cell.paragraphs[0].paragraph_format.space_after = Pt(2)
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - as above
    for cell in head.cells:
        cell.paragraphs[0].runs[0].bold = True
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), "EAF3F2")
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - as above
    document.add_paragraph()
