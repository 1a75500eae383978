from hrdesk.documents.reading.blocks import BlockList
from hrdesk.documents.reading.grid import add_rows, text_cell


def texts(*rows):
    blocks = BlockList()
    add_rows(blocks, [{place: text_cell(text) for place, text in enumerate(row) if text} for row in rows])
    return [block.text for block in blocks.blocks]


def test_every_row_repeats_the_heads_of_its_columns():
    assert texts(["Leave", "Days"], ["Sick", "10"], ["Annual", "25"])[1:] == [
        "Leave: Sick | Days: 10",
        "Leave: Annual | Days: 25",
    ]


def test_a_title_above_a_table_is_a_paragraph_and_an_empty_row_ends_the_table():
    assert texts(["Leave 2026"], ["Leave", "Days"], ["Sick", "10"], [], ["Grade", "Pay"], ["A", "100"]) == [
        "Leave 2026",
        "Leave | Days",
        "Leave: Sick | Days: 10",
        "Grade | Pay",
        "Grade: A | Pay: 100",
    ]


def test_rows_after_a_gap_keep_the_heads_above():
    assert texts(["Leave", "Days"], ["Sick", "10"], [], ["Annual", "25"])[-1] == "Leave: Annual | Days: 25"


def test_names_and_values_are_not_heads_and_rows():
    assert texts(["Owner", "HR"], ["Version", "three"]) == ["Owner | HR", "Version | three"]
    assert texts(["Owner:", "HR", "x"], ["Version:", "3", "y"])[0] == "Owner: | HR | x"


def test_numbers_with_units_are_no_words():
    assert not any(
        text_cell(text).is_text for text in ("10", "1,250.00", "€ 30", "12 %", "-4", "(1.5)", "30 EUR")
    )
    assert all(text_cell(text).is_text for text in ("Days", "Level 3", "3rd year of service"))
