import pytest

from hrdesk.documents.reading.word_styles import Numbering, _figure, _Level


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
    assert _figure(value, kind) == shown


def test_deeper_levels_begin_again_after_a_higher_one():
    numbering = Numbering(
        {"1": "0"}, {"0": {0: _Level("decimal", "%1", 1), 1: _Level("decimal", "%1.%2", 1)}}
    )
    marks = [numbering.next_mark("1", depth) for depth in (0, 1, 1, 0, 1)]
    assert marks == ["1", "1.1", "1.2", "2", "2.1"]


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
