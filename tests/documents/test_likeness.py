import random

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.likeness import KEPT, LIKE, likeness, most_alike, same_words, sketch

_WORDS = [f"{first}{last}" for first in ("leave", "travel", "pay", "notice", "sick") for last in range(400)]


def text(seed: int, words: int = 3000) -> list[str]:
    return random.Random(seed).choices(_WORDS, k=words)


def changed(words: list[str], every: int) -> list[str]:
    return [f"other{at}" if at % every == 0 else word for at, word in enumerate(words)]


def alike(one: list[str], other: list[str]) -> float:
    return likeness(sketch([" ".join(one)]), sketch([" ".join(other)]))


def test_the_same_text_is_alike_however_it_is_cut_and_set():
    words = text(1)
    parts = [" ".join(words[at : at + 100]).upper() + ".\n" for at in range(0, len(words), 100)]
    assert likeness(sketch([" ".join(words)]), sketch(parts)) == 1.0


def test_versions_of_one_text_are_alike_and_other_texts_are_not():
    words = text(1)
    assert LIKE < alike(words, changed(words, 20)) < 0.95
    assert alike(words, text(2)) < 0.05


def test_the_estimate_is_near_the_true_share():
    words = text(1)
    for share in (0.25, 0.5, 0.75):
        kept = round(len(words) * share)
        true = kept / (2 * len(words) - kept)
        other = words[:kept] + text(3, len(words) - kept)
        assert abs(alike(words, other) - true) < 0.1


def test_a_long_text_has_a_sketch_of_bounded_size_and_a_short_one_none():
    assert len(sketch([" ".join(text(1, 50_000))])) == KEPT * 8
    assert sketch(["Ten days of leave a year."]) == b""
    assert likeness(b"", sketch([" ".join(text(1))])) == 0.0


def test_a_changed_number_makes_another_text():
    parts = ["Ten days of", "leave a year."]
    assert same_words(parts, ["TEN days", "of leave a  year"])
    assert not same_words(parts, ["Nine days of leave a year."])


def test_the_most_alike_of_many_is_found():
    words = text(1)
    others = {str(number): sketch([" ".join(text(number + 10))]) for number in range(30)} | {"short": b""}
    mine = sketch([" ".join(words)])
    assert most_alike(mine, others) is None
    others["old"], others["older"] = (sketch([" ".join(changed(words, every))]) for every in (40, 15))
    found = most_alike(mine, others)
    assert found == ("old", likeness(mine, others["old"]))
    assert most_alike(b"", others) is None and most_alike(mine, {}) is None


@given(st.integers(0, 9), st.integers(0, 9))
def test_likeness_does_not_depend_on_the_order(one: int, other: int):
    left, right = text(one, 300), changed(text(other, 300), 7)
    assert alike(left, right) == alike(right, left)
    assert 0.0 <= alike(left, right) <= 1.0
