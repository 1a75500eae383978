from hypothesis import given
from hypothesis import strategies as st

from hrdesk.ui.chat.heights import Heights

LISTS = st.lists(st.integers(0, 500), max_size=60)


@given(LISTS)
def test_tops_are_running_sums(values):
    heights = Heights(values)
    assert [heights.top(row) for row in range(len(values) + 1)] == [
        sum(values[:row]) for row in range(len(values) + 1)
    ]
    assert heights.total == sum(values)


@given(LISTS, st.integers(-10, 40_000))
def test_the_row_at_a_place_covers_it(values, y):
    heights = Heights(values)
    row = heights.row_at(y)
    if not values:
        assert row == -1
    elif 0 <= y < sum(values):
        assert heights.top(row) <= y < heights.top(row) + heights[row]
    else:
        assert 0 <= row < len(values)


@given(LISTS, LISTS, st.data())
def test_changes_leave_what_a_fresh_list_would_hold(values, added, data):
    heights = Heights(values)
    row = data.draw(st.integers(0, len(values)))
    heights.insert(row, added)
    expected = [*values[:row], *added, *values[row:]]
    if expected:
        changed = data.draw(st.integers(0, len(expected) - 1))
        grown = heights.set(changed, 77)
        assert grown == 77 - expected[changed]
        expected[changed] = 77
        heights.remove(changed, 1)
        del expected[changed]
    assert [heights.top(at) for at in range(len(heights) + 1)] == [
        sum(expected[:at]) for at in range(len(expected) + 1)
    ]
