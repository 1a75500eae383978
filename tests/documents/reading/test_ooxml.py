import docx as python_docx
import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.ooxml import read
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import W, docx, paragraph

NUMBERS = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Our heading"/><w:basedOn w:val="H2"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
</w:styles>"""


def item(text: str, number: int, depth: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


@pytest.fixture
def shape(tmp_path):
    def read_body(body: str) -> list[tuple[str, int, str]]:
        blocks, _ = read(docx(tmp_path / "a.docx", body, numbering=NUMBERS, styles=STYLES))
        return [(block.kind.value, block.level, block.text) for block in blocks]

    return read_body


def test_styles_give_headings_also_through_what_they_are_based_on(shape):
    assert shape(styled("Handbook", "T") + styled("Leave", "Own") + paragraph("Ten days.")) == [
        ("heading", 1, "Handbook"),
        ("heading", 2, "Leave"),
        ("paragraph", 0, "Ten days."),
    ]


def test_a_short_bold_paragraph_is_a_heading(shape):
    bold = "<w:b/>"
    body = styled("Leave", "H2") + paragraph("Sick leave", run=bold) + paragraph("Note: bold text.", run=bold)
    assert [kind for kind, _, _ in shape(body)] == ["heading", "heading", "paragraph"]


def test_list_numbers_are_counted_as_word_does(shape):
    body = (
        item("one", 1)
        + item("sub", 1, 1)
        + item("sub", 1, 1)
        + item("two", 1)
        + item("again", 1, 1)
        + item("dot", 2)
    )
    assert [text for _, _, text in shape(body)] == [
        "1. one",
        "1.a) sub",
        "1.b) sub",
        "2. two",
        "2.a) again",
        "dot",
    ]


def test_deleted_hidden_and_contents_text_is_dropped_and_inserted_text_kept(shape):
    body = (
        "<w:p><w:r><w:t>Ten</w:t></w:r><w:del><w:r><w:delText> old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> days</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> AI: 50</w:t></w:r></w:p>" + styled("Leave ... 4", "TOC1")
    )
    assert shape(body) == [("paragraph", 0, "Ten days")]


def test_content_controls_text_boxes_and_signs_are_read(shape):
    body = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Inside</w:t><w:tab/><w:t>a</w:t><w:br/><w:t>control</w:t>"
        "<w:noBreakHyphen/></w:r></w:p></w:sdtContent></w:sdt><w:p><w:r><w:pict><w:txbxContent>"
        "<w:p><w:r><w:t>Boxed</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    assert [text for _, _, text in shape(body)] == ["Inside a control-", "Boxed"]


def test_tables_keep_heads_and_merged_cells(shape):
    def row(*cells: str, head: str = "") -> str:
        return (
            f"<w:tr><w:trPr>{head}</w:trPr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"
        )

    merged = "<w:tcPr><w:vMerge/></w:tcPr>" + paragraph("hidden")
    body = (
        "<w:tbl>"
        + row(paragraph("Years"), paragraph("Days"), head="<w:tblHeader/>")
        + row(paragraph("0–2"), paragraph("10"))
        + row(merged, paragraph("11"))
        + "</w:tbl>"
    )
    assert shape(body) == [
        ("table_row", 1, "Years | Days"),
        ("table_row", 0, "Years: 0–2 | Days: 10"),
        ("table_row", 0, "Days: 11"),
    ]


def test_a_table_that_only_places_things_is_read_as_text(shape):
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph('Text')}{inner}</w:tc><w:tc>{paragraph('Side')}</w:tc></w:tr></w:tbl>"
    )
    assert [text for _, _, text in shape(body)] == ["Text", "a | b", "Side"]


def test_notes_follow_the_paragraph_that_calls_them(tmp_path):
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("A note.")}</w:footnote></w:footnotes>'
    body = '<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/></w:r></w:p>' + paragraph("More")
    blocks, _ = read(docx(tmp_path / "a.docx", body, footnotes=notes))
    assert [block.text for block in blocks] == ["Text", "A note.", "More"]


def test_the_strict_namespace_reads_the_same(tmp_path):
    path = docx(tmp_path / "a.docx", paragraph("Ten days."))
    strict = path.read_bytes()
    assert read(path)[0][0].text == "Ten days."
    assert strict


def test_a_file_written_by_another_program_is_read(tmp_path):
    document = python_docx.Document()
    document.core_properties.title = "Our handbook"
    document.add_heading("Leave", level=1)
    document.add_paragraph("Ten days.")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("dot", style="List Bullet")
    document.save(str(tmp_path / "a.docx"))
    blocks, title = read(tmp_path / "a.docx")
    assert title == "Our handbook"
    assert [(block.kind.value, block.text) for block in blocks] == [
        ("heading", "Leave"),
        ("paragraph", "Ten days."),
        ("list_item", "1. first"),
        ("list_item", "dot"),
    ]


@pytest.mark.parametrize("body", ["</w:body>", "<w:p>"])
def test_torn_xml_is_damaged(tmp_path, body):
    with pytest.raises(FileRefused) as refused:
        read(docx(tmp_path / "a.docx", body))
    assert refused.value.state is FileState.DAMAGED
