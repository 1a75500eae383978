import zipfile

import pytest

from hrdesk.core.documents import FileState, Remark
from hrdesk.documents.reading import read as read_file
from hrdesk.documents.reading.pptx import read
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import pptx, shape


def outline(path):
    blocks, _, _ = read(path)
    return [(block.kind.value, block.level, block.text) for block in blocks]


def cell(text: str, more: str = "") -> str:
    return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


def table(rows: str, properties: str = "<a:tblPr/>") -> str:
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{properties}{rows}</a:tbl>"
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def test_slides_are_sections_in_the_order_in_which_they_are_shown(tmp_path):
    last = shape("Ten days a year.", "Certificate after three.", place="body") + shape(
        "Sick leave", place="title"
    )
    first = shape("Leave policy", place="ctrTitle") + shape("3", place="sldNum")
    assert outline(pptx(tmp_path / "a.pptx", last, first)) == [
        ("heading", 1, "Leave policy"),
        ("heading", 2, "Sick leave"),
        ("list_item", 0, "Ten days a year."),
        ("list_item", 0, "Certificate after three."),
    ]


def test_notes_are_read_and_hidden_slides_left_out(tmp_path):
    path = pptx(
        tmp_path / "a.pptx",
        shape("Free words"),
        shape("Secret"),
        notes=shape("Ask HR first.", place="body") + shape("1", place="sldNum"),
        hidden=[2],
    )
    read = read_file(path, "a.pptx")
    assert [block.text for block in read.blocks] == ["Slide 2", "Free words", "Notes", "Ask HR first."]
    assert read.remarks == (Remark.HIDDEN,)


MERGED_ABOVE = 'vMerge="1"'


def test_tables_keep_their_heads_also_over_merged_cells(tmp_path):
    rows = (
        f"<a:tr>{cell('Leave')}{cell('Days')}{cell('Who')}</a:tr>"
        f"<a:tr>{cell('Sick')}{cell('10')}{cell('All')}</a:tr>"
        f"<a:tr>{cell('', MERGED_ABOVE)}{cell('20')}{cell('Managers')}</a:tr>"
    )
    assert [text for _, _, text in outline(pptx(tmp_path / "a.pptx", table(rows)))][-2:] == [
        "Leave: Sick | Days: 10 | Who: All",
        "Leave: Sick | Days: 20 | Who: Managers",
    ]


def test_numbered_lists_are_counted(tmp_path):
    numbered = '<a:p><a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr><a:r><a:t>{}</a:t></a:r></a:p>'
    paragraphs = numbered.format("Tell your manager") + numbered.format("Fill in the form")
    path = pptx(tmp_path / "a.pptx", f"<p:sp><p:txBody>{paragraphs}</p:txBody></p:sp>")
    assert [text for _, _, text in outline(path)][1:] == ["1. Tell your manager", "2. Fill in the form"]


def test_groups_are_read(tmp_path):
    path = pptx(tmp_path / "a.pptx", f"<p:grpSp>{shape('In a group')}</p:grpSp>")
    assert outline(path)[-1] == ("paragraph", 0, "In a group")


def test_a_package_without_a_presentation_is_damaged(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as archive:
        archive.writestr("ppt/readme.txt", "x")
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "a.pptx")
    assert refused.value.state is FileState.DAMAGED
