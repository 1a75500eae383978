from hypothesis import given
from hypothesis import strategies as st

from hrdesk.store.rows import Table, checksum

_values = st.lists(
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text(max_size=9),
    max_size=4,
)


@given(_values, _values)
def test_different_rows_have_different_sums(one: list[object], other: list[object]):
    same = [(type(value), repr(value)) for value in one] == [(type(value), repr(value)) for value in other]
    assert (checksum(one) == checksum(other)) is same


def test_text_and_its_bytes_have_the_same_sum():
    assert checksum(["Größe"]) == checksum(["Größe".encode()])


def test_values_cannot_move_between_columns():
    assert checksum(["ab", "c"]) != checksum(["a", "bc"])


def test_parameters_follow_the_columns_and_end_with_the_sum():
    table = Table("things", ("id", "text"))
    assert table.parameters({"text": "b", "id": "a"}) == ["a", "b", checksum(["a", "b"])]


def test_lone_surrogates_are_replaced_before_the_sum_is_taken():
    table = Table("things", ("id", "text"))
    row = table.parameters({"id": "a", "text": "x\ud800y"})
    assert row[1] == "x\ufffdy" and row[2] == checksum(["a", "x\ufffdy"])
