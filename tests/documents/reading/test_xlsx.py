import zipfile

import pytest

from hrdesk.core.documents import FileState, Remark
from hrdesk.documents.reading import read as read_file
from hrdesk.documents.reading.xlsx import read
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import sheet_rows, xlsx

LEAVE = sheet_rows(["Leave", "Days a year"], ["Sick", 10], ["Annual", 25])


def shape(path):
    blocks, _, _ = read(path)
    return [(block.kind.value, block.level, block.text) for block in blocks]


def test_sheets_are_sections_and_rows_repeat_their_heads(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ("Leave", LEAVE), ("Pay", sheet_rows(["One line."])))
    assert shape(path) == [
        ("heading", 2, "Leave"),
        ("table_row", 1, "Leave | Days a year"),
        ("table_row", 0, "Leave: Sick | Days a year: 10"),
        ("table_row", 0, "Leave: Annual | Days a year: 25"),
        ("heading", 2, "Pay"),
        ("paragraph", 0, "One line."),
    ]


def test_the_only_sheet_needs_no_name_and_the_file_gives_the_title(tmp_path):
    read = read_file(xlsx(tmp_path / "leave_days.xlsx", ("Sheet1", LEAVE)), "leave_days.xlsx")
    assert read.title == "Leave days"
    assert read.blocks[0].text == "Leave | Days a year"
    assert read.remarks == ()


def test_hidden_sheets_rows_and_columns_are_left_out_and_it_is_said(tmp_path):
    rows = LEAVE.replace('<row r="2">', '<row r="2" hidden="1">')
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    path = xlsx(tmp_path / "a.xlsx", ("Shown", columns + rows), ("Secret", LEAVE), hidden=["Secret"])
    found = read_file(path, "a.xlsx")
    assert found.remarks == (Remark.HIDDEN,)
    assert [block.text for block in found.blocks] == ["Shown", "Leave", "Annual"]


def test_shared_strings_are_looked_up_without_readings(tmp_path):
    row = '<sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c t="s"><v>99</v></c></row></sheetData>'
    assert shape(xlsx(tmp_path / "a.xlsx", ("Sheet1", row))) == [("paragraph", 0, "T1")]


def test_a_cell_over_several_rows_stands_in_each(tmp_path):
    rows = sheet_rows(["Country", "Leave", "Days"], ["France", "Sick", 10], [None, "Annual", 25])
    rows = rows.replace('<row r="3">', '<row r="3"><c r="A3"/>')
    path = xlsx(tmp_path / "a.xlsx", ("Sheet1", rows + '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'))
    assert shape(path)[-1][2] == "Country: France | Leave: Annual | Days: 25"


def test_dates_and_amounts_are_written_as_shown(tmp_path):
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="&quot;€&quot;#,##0.00"/></numFmts><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="9"/></cellXfs>'
    )
    cells = '<c s="1"><v>46023</v></c><c s="2"><v>1250</v></c><c s="3"><v>0.6</v></c><c t="b"><v>1</v></c>'
    path = xlsx(tmp_path / "a.xlsx", ("Sheet1", f"<sheetData><row>{cells}</row></sheetData>"), styles=styles)
    assert shape(path)[0][2] == "2026-01-01 | €1,250.00 | 60% | TRUE"


def test_a_workbook_that_is_none_is_damaged(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing/>")
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "a.xlsx")
    assert refused.value.state is FileState.DAMAGED


def test_a_sheet_that_breaks_off_is_damaged(tmp_path):
    path = xlsx(tmp_path / "a.xlsx", ("Sheet1", "<sheetData><row>"))
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.state is FileState.DAMAGED
