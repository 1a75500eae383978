"""Every state has a word, an icon and a place in the counts."""

import pytest

from hrdesk.core.documents import FileState
from hrdesk.ui.library.words import WORDS, Counts, can_retry, drawing, left_words, needs_attention, title
from hrdesk.ui.theme.icons import exists
from tests.ui.fakes import make_file


@pytest.mark.parametrize("state", list(FileState))
def test_every_state_has_a_word_and_an_icon(state):
    assert WORDS[state]
    assert exists(drawing(state))


@pytest.mark.parametrize("state", list(FileState))
def test_a_file_is_ready_or_on_its_way_or_needs_attention(state):
    counts = Counts.of([make_file("a.pdf", state)])
    ready = counts.ready and state is not FileState.PARTLY_INDEXED
    assert bool(ready) + bool(counts.waiting) + bool(counts.attention) == 1


def test_a_duplicate_is_no_trouble():
    file = make_file("a.pdf", FileState.DUPLICATE)
    assert not needs_attention(file) and not can_retry(file)


def test_counts_are_said_in_words():
    files = [make_file("a.pdf"), make_file("b.pdf", FileState.QUEUED), make_file("c.pdf", FileState.DAMAGED)]
    assert Counts.of(files).sentence == "3 files · 1 ready to be asked · 1 waiting · 1 needs attention"
    assert Counts.of(files[:1]).sentence == "1 file · 1 ready to be asked"


def test_a_file_without_a_title_is_called_by_its_name():
    assert title(make_file("2026/leave.pdf")) == "leave.pdf"
    assert title(make_file("2026/leave.pdf", title="Leave policy")) == "Leave policy"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (20, "less than a minute left"),
        (70, "about a minute left"),
        (300, "about 5 minutes left"),
        (1_300, "about 20 minutes left"),
        (3_500, "about an hour left"),
        (9_000, "about 2 hours left"),
    ],
)
def test_time_is_said_no_more_precisely_than_it_is_known(seconds, words):
    assert left_words(seconds) == words
