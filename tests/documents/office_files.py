"""Small real files for tests: PDF pages by hand; Word, Excel, PowerPoint and ODT files as zips of XML."""

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

Text = tuple[float, float, float, str, str]  # x, y, size, font (F1 plain, F2 bold), text


def pdf(
    pages: Sequence[Sequence[Text]],
    *,
    rotate: int = 0,
    title: str = "",
    pictures: bool = False,
    crop: str = "0 0 612 792",
    sideways: bool = False,
) -> bytes:
    """Make a PDF whose pages show the given texts in Helvetica on 612 x 792 points, or a part of that.

    On a page that is turned the texts are upright all the same, unless `sideways`.
    """
    objects: dict[int, bytes] = {
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        5: b"<</Title(" + title.encode("latin-1") + b")>>",
        6: b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Length 1>>stream\n\x80\nendstream",
    }
    kids = []
    for number, texts in enumerate(pages):
        content = b"" if sideways else _UPRIGHT[rotate]
        content += b"q 612 0 0 792 0 0 cm /I0 Do Q\n" if pictures else b""
        for x, y, size, font, text in texts:
            escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")
            content += b"BT /%s %g Tf %g %g Td (%s) Tj ET\n" % (font.encode(), size, x, y, escaped)
        packed = zlib.compress(content)
        page = 10 + 2 * number
        kids.append(page)
        objects[page] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/CropBox[%s]/Rotate %d/Contents %d 0 R/Resources"
            b"<</Font<</F1 3 0 R/F2 4 0 R>>/XObject<</I0 6 0 R>>>>>>" % (crop.encode(), rotate, page + 1)
        )
        objects[page + 1] = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    objects[1] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _assemble(objects)


# Turns what is drawn against the turn of the page, as programs do for landscape pages.
_UPRIGHT = {
    0: b"",
    90: b"0 1 -1 0 612 0 cm\n",
    180: b"-1 0 0 -1 612 792 cm\n",
    270: b"0 -1 1 0 0 792 cm\n",
}


def _assemble(objects: dict[int, bytes]) -> bytes:
    output = b"%PDF-1.7\n"
    offsets: dict[int, int] = {}
    for number in sorted(objects):
        offsets[number] = len(output)
        output += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    start = len(output)
    size = max(objects) + 1
    output += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        output += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 65535 f \n"
    return output + b"trailer\n<</Size %d/Root 1 0 R/Info 5 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)


def lines(texts: Sequence[str], *, top: float = 700, left: float = 72, size: float = 11) -> list[Text]:
    """Set lines of plain text one below the other."""
    return [(left, top - number * size * 1.25, size, "F1", text) for number, text in enumerate(texts)]


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(path: Path, body: str, **parts: str) -> Path:
    """Write a Word file with the given body XML; `parts` are further parts of word/ without ".xml"."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", xml)
    return path


def paragraph(text: str, properties: str = "", run: str = "") -> str:
    """One paragraph of a Word file."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def odt(path: Path, text: str, styles: str = "") -> Path:
    """Write an ODT file with the given text XML."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {_ODF}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{text}</office:text></office:body></office:document-content>",
        )
    return path


_SHEETS = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    """The relations r1, r2 ... of a part, each given as the last word of its type and its target."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{rows}</Relationships>'


def xlsx(path: Path, *sheets: tuple[str, str], styles: str = "", hidden: Sequence[str] = ()) -> Path:
    """Write a workbook of sheets (name, XML below <worksheet>); texts are inline or in `T0`, `T1` ..."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}" '
        f'state="{"hidden" if name in hidden else "visible"}"/>'
        for number, (name, _) in enumerate(sheets, start=1)
    )
    targets = [("worksheet", f"worksheets/s{number}.xml") for number in range(1, len(sheets) + 1)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("officeDocument", "xl/workbook.xml")))
        archive.writestr("xl/workbook.xml", f"<workbook {_SHEETS}><sheets>{listed}</sheets></workbook>")
        others = [("sharedStrings", "strings.xml"), ("styles", "styles.xml")]
        archive.writestr("xl/_rels/workbook.xml.rels", relations(*targets, *others))
        strings = "".join(f"<si><t>T{number}</t><rPh><t>no</t></rPh></si>" for number in range(3))
        archive.writestr("xl/strings.xml", f"<sst {_SHEETS}>{strings}</sst>")
        archive.writestr("xl/styles.xml", f"<styleSheet {_SHEETS}>{styles}</styleSheet>")
        for number, (_, xml) in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/s{number}.xml", f"<worksheet {_SHEETS}>{xml}</worksheet>")
    return path


def sheet_rows(*rows: Sequence[str | float | None]) -> str:
    """The rows of a sheet: texts inline, numbers as numbers; None leaves a cell out."""
    made = ""
    for number, row in enumerate(rows, start=1):
        cells = ""
        for place, value in enumerate(row):
            where = f'r="{chr(ord("A") + place)}{number}"'
            if isinstance(value, str):
                cells += f'<c {where} t="inlineStr"><is><t>{value}</t></is></c>'
            elif value is not None:
                cells += f"<c {where}><v>{value}</v></c>"
        made += f'<row r="{number}">{cells}</row>' if cells else ""
    return f"<sheetData>{made}</sheetData>"


_SLIDES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def pptx(path: Path, *slides: str, notes: str = "", hidden: Sequence[int] = ()) -> Path:
    """Write a presentation of slides (XML below spTree), shown last to first; `notes` go with the first."""
    count = len(slides)
    order = "".join(f'<p:sldId id="{256 + number}" r:id="r{number}"/>' for number in range(count, 0, -1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", relations(("officeDocument", "ppt/presentation.xml")))
        archive.writestr(
            "ppt/presentation.xml",
            f"<p:presentation {_SLIDES}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
        )
        targets = [("slide", f"slides/slide{number}.xml") for number in range(1, count + 1)]
        archive.writestr("ppt/_rels/presentation.xml.rels", relations(*targets))
        for number, shapes in enumerate(slides, start=1):
            show = ' show="0"' if number in hidden else ""
            tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
            archive.writestr(f"ppt/slides/slide{number}.xml", f"<p:sld {_SLIDES}{show}>{tree}</p:sld>")
        archive.writestr("ppt/slides/_rels/slide1.xml.rels", relations(("notesSlide", "../notes/n1.xml")))
        tree = f"<p:cSld><p:spTree>{notes}</p:spTree></p:cSld>"
        archive.writestr("ppt/notes/n1.xml", f"<p:notes {_SLIDES}>{tree}</p:notes>")
    return path


def shape(*texts: str, place: str | None = None) -> str:
    """A shape of a slide with paragraphs; `place` is the type of its placeholder."""
    holder = "" if place is None else f'<p:ph type="{place}"/>'
    paragraphs = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in texts)
    return f"<p:sp><p:nvSpPr><p:nvPr>{holder}</p:nvPr></p:nvSpPr><p:txBody>{paragraphs}</p:txBody></p:sp>"
