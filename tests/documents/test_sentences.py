import pytest

from hrdesk.core.documents import FileState, Remark
from hrdesk.documents.sentences import FileRefused, Refusal, sentence


@pytest.mark.parametrize("state", list(FileState))
def test_every_state_has_a_sentence_also_for_unknown_reasons(state):
    assert sentence(state).endswith(".")
    assert sentence(state, "never heard of") == sentence(state)


def test_skipped_pages_are_counted():
    assert "1 page could" in sentence(FileState.PARTLY_INDEXED, skipped_pages=1)
    assert "3 pages could" in sentence(FileState.PARTLY_INDEXED, "pages_skipped", skipped_pages=3)


def test_a_scan_and_unreadable_text_are_told_apart():
    assert sentence(FileState.NO_TEXT, "scan") != sentence(FileState.NO_TEXT, "unreadable_text")


def test_a_refused_file_is_an_error_and_a_value():
    refused = FileRefused(FileState.DAMAGED, "empty")
    assert refused.refusal == Refusal(FileState.DAMAGED, "empty", refused.title)


@pytest.mark.parametrize("remark", list(Remark))
def test_what_should_be_known_about_a_file_is_said_after_its_state(remark):
    told = sentence(FileState.INDEXED, "ok", remarks=[remark])
    assert told.startswith(sentence(FileState.INDEXED)) and len(told) > len(sentence(FileState.INDEXED))
