from hrdesk.core.documents import Block, BlockKind
from hrdesk.documents.table_rows import Row, column_shares, fitted, groups, table_rows


def row(text: str, level: int = 0) -> Block:
    return Block(BlockKind.TABLE_ROW, text, level)


def test_repeated_heads_are_taken_off_and_empty_cells_kept_empty():
    rows = table_rows(
        [row("Years | Days | Note", 1), row("Years: 0–2 | Days: 10"), row("Days: 5 | Note: half")]
    )
    assert [(one.cells, one.is_head) for one in rows] == [
        (["Years", "Days", "Note"], True),
        (["0–2", "10", ""], False),
        (["", "5", "half"], False),
    ]


def test_a_table_without_heads_keeps_its_cells():
    assert [one.cells for one in table_rows([row("a: b | c"), row("d")])] == [["a: b", "c"], ["d"]]


def test_cells_beyond_the_heads_are_kept():
    assert table_rows([row("A | B", 1), row("A: 1 | B: 2 | 3")])[1].cells == ["1", "2", "3"]


def test_a_head_row_begins_a_new_table():
    text = Block(BlockKind.PARAGRAPH, "Text")
    found = list(groups([row("A | B", 1), row("1 | 2"), row("C | D", 1), row("3 | 4"), text, text]))
    assert [len(group) for group in found] == [2, 2, 1, 1]


def test_columns_share_the_width_by_what_stands_in_them():
    rows = [Row(["Leave", "Days"], is_head=True), Row(["x" * 24, "1"], is_head=False)]
    assert column_shares(rows) == [0.75, 0.25]


def test_cells_beyond_the_last_column_share_it():
    assert fitted(["a", "b", "c"], 2) == ["a", "b c"]
    assert fitted(["a"], 2) == ["a"]
