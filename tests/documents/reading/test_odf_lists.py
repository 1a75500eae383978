import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hrdesk.documents.reading.odf import read
from hrdesk.documents.reading.odf_lists import Count, Level, Lists, read_list_styles
from tests.documents.office_files import odt

LEVELS = {0: Level("decimal", after="."), 1: Level("decimal", shown=2), 2: Level("lowerLetter", "(", ")")}


def test_levels_count_below_each_other_and_begin_again():
    count = Count(LEVELS)
    marks = [count.mark(depth) for depth in (0, 1, 1, 2, 2, 0, 1, 2)]
    assert marks == ["1.", "1.1", "1.2", "(a)", "(b)", "2.", "2.1", "(a)"]


def test_an_item_may_begin_at_a_number_of_its_own():
    count = Count(LEVELS)
    assert [count.mark(0), count.mark(0, 7), count.mark(0)] == ["1.", "7.", "8."]


def test_bullets_and_unknown_levels_have_no_mark():
    count = Count({0: Level()})
    assert [count.mark(0), count.mark(3)] == ["", ""]


def element(name: str, **attributes: str) -> etree._Element:
    made = etree.Element(name)
    for key, value in attributes.items():
        made.set(key.replace("_", "-"), value)
    return made


def test_a_list_goes_on_only_where_it_says_so():
    lists = Lists({"L": LEVELS, "M": LEVELS})

    def mark(**attributes: str) -> str:
        return lists.open(element("list", **attributes)).mark(0)

    assert mark(style_name="L", id="one") == "1."
    assert mark(style_name="L", continue_numbering="true") == "2."
    assert mark(style_name="M", continue_list="one") == "1."  # another list after all
    assert mark(style_name="L", continue_list="one") == "3."
    assert mark(style_name="L") == "1."


STYLES = (
    '<text:outline-style style:name="O"><text:outline-level-style text:level="1" style:num-format="1"/>'
    '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
    "</text:outline-style>"
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="a"'
    ' style:num-suffix=")"/></text:list-style>'
)


def test_headings_and_lists_are_numbered_as_they_are_shown(tmp_path):
    text = (
        '<text:h text:outline-level="1">Leave</text:h><text:h text:outline-level="2">Sick leave</text:h>'
        '<text:h text:outline-level="2" text:is-list-header="true">A word before</text:h>'
        '<text:h text:outline-level="2">Pay</text:h>'
        '<text:list text:style-name="L"><text:list-item><text:p>a note</text:p><text:p>more</text:p>'
        "</text:list-item></text:list><text:p>Between.</text:p>"
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item>'
        "<text:p>a form</text:p></text:list-item></text:list>"
    )
    blocks, _ = read(odt(tmp_path / "a.odt", text, STYLES))
    assert [block.text for block in blocks] == [
        *("1 Leave", "1.1 Sick leave", "A word before", "1.2 Pay"),
        *("a) a note", "more", "Between.", "b) a form"),
    ]


def test_styles_are_found_in_all_places_and_later_ones_win():
    first = etree.fromstring(
        '<s><list-style name="L"><list-level-style-number level="1" num-format="1"/></list-style></s>'
    )
    later = etree.fromstring(
        '<s><list-style name="L"><list-level-style-number level="1" num-format="I"/></list-style></s>'
    )
    lists, outline = read_list_styles([None, first, later])
    assert (lists["L"][0].kind, outline) == ("upperRoman", {})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=40))
def test_marks_of_all_levels_are_a_path_that_only_grows(depths):
    count = Count({depth: Level("decimal", shown=depth + 1) for depth in range(4)}, closed=False)
    seen: list[tuple[int, ...]] = []
    for wanted in depths:
        depth = min(wanted, len(seen[-1]) if seen else 0)  # as people outline: one level deeper at a time
        mark = count.mark(depth)
        assert re.fullmatch(rf"\d+(\.\d+){{{depth}}}", mark)
        seen.append(tuple(int(part) for part in mark.split(".")))
    assert seen == sorted(set(seen))
