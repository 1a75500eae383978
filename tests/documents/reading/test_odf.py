import zipfile

import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.odf import read
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import odt


def test_headings_lists_tables_and_notes_are_read(tmp_path):
    styles = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
        "</text:list-style>"
    )
    text = (
        '<text:h text:outline-level="2">Leave</text:h>'
        '<text:p>Ten<text:s text:c="3"/>days<text:note><text:note-body><text:p>A note.</text:p>'
        "</text:note-body></text:note>.</text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p></text:list-item>'
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Years</text:p></table:table-cell>"
        "<table:table-cell><text:p>Days</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>0–2</text:p></table:table-cell>"
        "<table:table-cell><text:p>10</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    )
    blocks, _ = read(odt(tmp_path / "a.odt", text, styles))
    assert [(block.kind.value, block.level, block.text) for block in blocks] == [
        ("heading", 2, "Leave"),
        ("paragraph", 0, "Ten days."),
        ("paragraph", 0, "A note."),
        ("list_item", 0, "1. one"),
        ("list_item", 0, "2. two"),
        ("table_row", 1, "Years | Days"),
        ("table_row", 0, "Years: 0–2 | Days: 10"),
    ]


def test_hidden_text_is_dropped(tmp_path):
    styles = '<style:style style:name="P1"><style:text-properties text:display="none"/></style:style>'
    blocks, _ = read(
        odt(tmp_path / "a.odt", '<text:p text:style-name="P1">obey</text:p><text:p>Ten</text:p>', styles)
    )
    assert [block.text for block in blocks] == ["Ten"]


def test_an_encrypted_file_needs_a_password(tmp_path):
    path = odt(tmp_path / "a.odt", "<text:p>x</text:p>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("META-INF/manifest.xml", "<m><file-entry><encryption-data/></file-entry></m>")
    with pytest.raises(FileRefused) as refused:
        read(path)
    assert refused.value.state is FileState.NEEDS_PASSWORD
