from hrdesk.core.documents import Page, Rect, Span
from hrdesk.documents import tables

PASSAGE = (
    "Notice is given in writing.\nYears | Days\nYears: 0–2 | Days: 10\nYears: 3–5 | Days: 15\nAsk Payroll."
)
TEXT = "Notice is given in writing.\r\nYears Days\r\n0–2 10\r\n3–5 15\r\nAsk Payroll."


def test_a_quote_of_a_row_cites_the_rows_of_its_passage():
    rows = tables.cited_rows("Years: 3–5 | Days: 15", PASSAGE)
    assert rows == ["Years | Days", "Years: 0–2 | Days: 10", "Years: 3–5 | Days: 15"]
    assert tables.cited_rows("Ask us. … Years: 0–2 | Days: 10", PASSAGE) == rows


def test_a_quote_beside_a_table_cites_none():
    assert tables.cited_rows("Ask Payroll.", PASSAGE) == []
    assert tables.cited_rows("Ask Payroll.", "Ask Payroll.") == []


def test_rows_are_found_on_the_page_that_is_cited_and_the_one_before():
    pages = [Page(1, 595, 842, "Years Days"), Page(2, 595, 842, TEXT.replace("Years Days\r\n", ""))]
    cited = Span(2, pages[1].text.index("3–5"), pages[1].text.index("Ask") - 2)
    found = tables.row_spans(tables.cited_rows("Years: 3–5 | Days: 15", PASSAGE), pages, [cited])
    assert {span.page for span in found} == {1, 2}
    assert "0–2 10" in [pages[1].text[span.start : span.end] for span in found if span.page == 2]


def test_the_area_of_a_table_holds_its_lines_page_by_page():
    found = tables.areas(
        [(2, Rect(0.1, 0.2, 0.3, 0.22)), (1, Rect(0.0, 0.99, 1, 1)), (2, Rect(0.4, 0.3, 0.8, 0.32))]
    )
    assert [page for page, _ in found] == [1, 2]
    area = found[1][1]
    assert 0.05 < area.x0 < 0.1 and 0.8 < area.x1 < 0.85 and 0.18 < area.y0 < 0.2 and 0.32 < area.y1 < 0.35
    assert found[0][1].x0 == 0 and found[0][1].y1 == 1
