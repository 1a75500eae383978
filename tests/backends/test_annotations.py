"""From a provider's annotations to our marks, and text without markers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.annotations import GrowingText, Place, clean, marked, nearest, overlap
from hrdesk.core.runs import Evidence

LEAVE = Evidence("h1", "file-leave", "leave.pdf", "Staff accrue ten days of sick leave a year.")
NOTICE = Evidence("h2", "file-leave", "leave.pdf", "The notice period is four weeks.")
TRAVEL = Evidence("h3", "file-travel", "travel.pdf", "Hotels are paid up to 120 EUR a night.")
ALL = (LEAVE, NOTICE, TRAVEL)
MARKER = "【4:0†source】"


def place_of(text: str, marker: str, file_id: str) -> Place:
    return Place(text.index(marker), file_id, len(marker))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Ten days【4:0†source】.", "Ten days."),
        ("Ten days 【12:3†leave policy.pdf】 a year", "Ten days a year"),
        ("Ten days <|0198b-77|>.", "Ten days."),
        ("Ten days [file-Ab12_x].", "Ten days."),
        ("【1】Ten", "Ten"),
        ("【重要】年次休暇", "【重要】年次休暇"),
        ("a < b and [file] and <b>|x|</b>", "a < b and [file] and <b>|x|</b>"),
        ("keep [p2] and [h1]", "keep [p2] and [h1]"),
    ],
)
def test_markers_go_and_everything_else_stays(raw, shown):
    assert clean(raw) == shown


def test_a_mark_takes_the_place_of_the_marker():
    text = f"You have ten sick days{MARKER}. Hotels up to 120 EUR."
    assert (
        marked(text, [place_of(text, MARKER, "file-leave")], ALL)
        == "You have ten sick days [h1]. Hotels up to 120 EUR."
    )


def test_the_sentence_chooses_among_the_chunks_of_the_file():
    text = f"You have ten sick days.{MARKER} The notice period is four weeks.【4:1†source】"
    places = [place_of(text, MARKER, "file-leave"), place_of(text, "【4:1†source】", "file-leave")]
    assert marked(text, places, ALL) == "You have ten sick days. [h1] The notice period is four weeks. [h2]"


def test_a_point_marks_the_words_before_it():
    text = "Hotels are paid up to 120 EUR. Ask first."
    assert marked(text, [Place(30, "file-travel")], ALL) == "Hotels are paid up to 120 EUR. [h3] Ask first."
    assert marked(text, [Place(31, "file-travel")], ALL) == "Hotels are paid up to 120 EUR. [h3] Ask first."


def test_a_point_inside_a_word_waits_for_its_end():
    assert marked("Hotels are paid.", [Place(3, "file-travel")], ALL) == "Hotels [h3] are paid."


def test_positions_outside_of_the_text_are_clamped():
    assert marked("Hotels are paid.", [Place(9_999, "file-travel")], ALL) == "Hotels are paid. [h3]"
    assert marked("", [Place(-4, "file-travel", 7)], ALL) == " [h3]"


def test_an_index_that_counts_files_goes_to_the_sentence_that_fits():
    text = "In short. Hotels are paid up to 120 EUR. Ask first."
    assert (
        marked(text, [Place(0, "file-travel")], ALL)
        == "In short. Hotels are paid up to 120 EUR. [h3] Ask first."
    )


def test_an_unknown_file_gets_no_mark_and_its_marker_goes():
    text = f"Dogs may fly{MARKER}."
    assert marked(text, [place_of(text, MARKER, "file-other")], ALL) == "Dogs may fly."


@pytest.mark.parametrize(
    "place",
    [
        Place(16, "0198b-uuid"),
        Place(16, "file-a"),
        Place(16, "file-afile-b"),
        Place(16, "never seen", file="leave.pdf"),
    ],
)
def test_a_file_is_known_by_either_id_by_joined_ids_and_by_name(place):
    one = Evidence("h1", "0198b-uuid", "leave.pdf", "Ten days.", attributes={"file_id": "file-a"})
    assert marked("You get ten days.", [place], [one]) == "You get ten days [h1]."


def test_left_over_markers_cite_where_nothing_is_annotated():
    one = Evidence("h1", "0198b-uuid", "leave.pdf", "Ten days.")
    assert marked("You get ten days <|0198b-uuid|>.", [], [one]) == "You get ten days [h1]."


def test_the_same_source_twice_at_one_place_is_marked_once():
    text = "You have ten sick days【4:0†a】【4:1†a】."
    places = [place_of(text, "【4:0†a】", "file-leave"), place_of(text, "【4:1†a】", "file-leave")]
    assert marked(text, places, [LEAVE]) == "You have ten sick days [h1]."


def test_the_first_of_equal_chunks_is_taken():
    assert nearest("nothing in common", ALL) is LEAVE
    assert overlap("", "anything") == 0.0


def test_a_growing_text_holds_back_what_may_become_a_marker():
    growing = GrowingText()
    growing.add("Ten days 【4:0")
    assert growing.text == "Ten days"
    growing.add("†source】.")
    assert growing.text == "Ten days."
    growing.add(" Ask [fi")
    assert growing.text == "Ten days. Ask"
    assert growing.end() == "Ten days. Ask [fi"


TEXTS = st.lists(
    st.sampled_from(
        ["Ten days", " ", "  ", ".", "\n", "【4:0†s】", "<|ab-1|>", "[file-1]", "[p1]", "<", "【", "é", "𝄞"]
    )
).map("".join)


@given(TEXTS, st.data())
def test_text_shown_once_never_changes_however_it_is_cut(text, data):
    growing, shown = GrowingText(), ""
    rest = text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        growing.add(rest[:size])
        rest = rest[size:]
        assert growing.text.startswith(shown)
        shown = growing.text
    assert growing.end() == clean(text)


@given(
    TEXTS,
    st.lists(st.builds(Place, st.integers(-3, 60), st.sampled_from(["file-leave", "x"]), st.integers(0, 9))),
)
def test_marks_add_nothing_but_marks_and_take_nothing_but_markers(text, places):
    result = marked(text, places, ALL)
    known = [place for place in places if place.file_id == "file-leave"]
    assert len(re.findall(r" \[h\d\]", result)) <= len(places) + text.count("†")
    assert ("[h" in result) == bool(known)
    if all(place.marker_length <= 0 for place in places):
        bare = re.sub(r" \[h\d\]", "", result)
        assert "".join(bare.split()) == "".join(clean(text).split())


def test_large_texts_take_no_time():
    assert clean(" " * 200_000) == " " * 200_000
    text = "You have ten sick days. " * 8_000
    places = [Place((number + 1) * 24, "file-leave") for number in range(5_000)]
    assert marked(text, places, ALL).count("[h1]") == 1_000
    assert marked(text, [Place(0, "file-leave")] * 5_000, ALL).count("[h1]") == 1
