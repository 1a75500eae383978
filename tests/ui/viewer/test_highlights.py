from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Rect
from hrdesk.ui.viewer.highlights import gather

UNIT = st.floats(0, 0.9, allow_nan=False)
RECTS = st.builds(
    lambda x, y, w, h: Rect(x, y, x + w, y + h), UNIT, UNIT, st.floats(0.01, 0.1), st.floats(0.01, 0.1)
)


def test_lines_that_follow_each_other_are_one_highlight():
    lines = [
        (4, Rect(0.5, 0.20, 0.9, 0.22)),
        (4, Rect(0.1, 0.225, 0.9, 0.245)),
        (4, Rect(0.1, 0.25, 0.4, 0.27)),
    ]
    (only,) = gather(lines)
    assert only.page == 4 and only.top == 0.20 and only.bottom == 0.27


def test_a_gap_or_another_page_begins_another_highlight():
    lines = [(4, Rect(0.1, 0.2, 0.9, 0.22)), (4, Rect(0.1, 0.5, 0.9, 0.52)), (5, Rect(0.1, 0.52, 0.9, 0.54))]
    assert [(mark.page, mark.top) for mark in gather(lines)] == [(4, 0.2), (4, 0.5), (5, 0.52)]


def test_the_cells_of_a_table_row_are_one_highlight():
    assert len(gather([(2, Rect(0.1, 0.3, 0.2, 0.32)), (2, Rect(0.6, 0.301, 0.7, 0.32))])) == 1


def test_nothing_located_means_no_highlight():
    assert gather([]) == ()


@given(st.lists(st.tuples(st.integers(1, 3), RECTS), max_size=20))
def test_every_line_is_in_exactly_one_highlight(lines):
    marks = gather(lines)
    held = [(mark.page, rect) for mark in marks for rect in mark.rects]
    assert sorted(held, key=repr) == sorted(lines, key=repr)
