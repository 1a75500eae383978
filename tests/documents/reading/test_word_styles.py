import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.documents.reading.figures import figure
from hrdesk.documents.reading.word_styles import Numbering, _Level


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (28, "lowerLetter", "bb"),
        (1, "upperLetter", "A"),
        (1994, "upperRoman", "MCMXCIV"),
        (4, "lowerRoman", "iv"),
        (0, "lowerRoman", "0"),
        (5, "klingon", "5"),
    ],
)
def test_figures_are_shown_as_word_shows_them(value, kind, shown):
    assert figure(value, kind) == shown


def test_deeper_levels_begin_again_after_a_higher_one():
    numbering = Numbering(
        {"1": "0"}, {"0": {0: _Level("decimal", "%1", 1), 1: _Level("decimal", "%1.%2", 1)}}
    )
    marks = [numbering.next_mark("1", depth) for depth in (0, 1, 1, 0, 1)]
    assert marks == ["1", "1.1", "1.2", "2", "2.1"]


def test_a_level_that_never_begins_again_goes_on_counting():
    levels = {0: _Level("decimal", "%1", 1), 1: _Level("decimal", "Article %2", 1, restarts=0)}
    numbering = Numbering({"1": "0"}, {"0": levels})
    marks = [numbering.next_mark("1", depth) for depth in (0, 1, 1, 0, 1)]
    assert marks == ["1", "Article 1", "Article 2", "2", "Article 3"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=40))
def test_numbers_of_sections_are_a_path_that_only_grows(depths):
    levels = {
        depth: _Level("decimal", ".".join(f"%{one + 1}" for one in range(depth + 1)), 1) for depth in range(4)
    }
    numbering = Numbering({"1": "0"}, {"0": levels})
    seen: list[tuple[int, ...]] = []
    for wanted in depths:
        depth = min(wanted, len(seen[-1]) if seen else 0)  # as people outline: one level deeper at a time
        mark = numbering.next_mark("1", depth)
        assert mark is not None
        seen.append(tuple(int(part) for part in mark.split(".")))
        assert len(seen[-1]) == depth + 1
    assert seen == sorted(set(seen))


def test_a_list_may_begin_anew_once():
    numbering = Numbering({"1": "0", "2": "0"}, {"0": {0: _Level("decimal", "%1.", 1)}}, {"2": {0: 5}})
    marks = [numbering.next_mark(number, 0) for number in ("1", "1", "2", "2", "1")]
    assert marks == ["1.", "2.", "5.", "6.", "7."]


def test_legal_numbering_turns_all_figures_decimal():
    levels = {0: _Level("upperRoman", "%1", 1), 1: _Level("decimal", "%1.%2", 1, is_legal=True)}
    numbering = Numbering({"1": "0"}, {"0": levels})
    assert [numbering.next_mark("1", depth) for depth in (0, 1)] == ["I", "1.1"]


def test_a_list_that_is_not_defined_gives_no_mark():
    assert Numbering().next_mark("7", 0) is None
