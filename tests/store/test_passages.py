from pathlib import Path

import pytest

from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.records import RecordStore
from tests.store.samples import publish

ONE, TWO = b"\1" * 384, b"\2" * 384


def test_better_matches_come_first_with_larger_scores(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["Leave. " + "other words here " * 20, "Leave for leave takers", "Nothing"])
    found = passages.lexical('"leave"')
    texts = passages.get(one for one, _ in found)
    assert [texts[one].text[:9] for one, _ in found] == ["Leave for", "Leave. ot"]
    assert found[0][1] > found[1][1]


def test_words_are_found_in_any_inflection_and_in_headings(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["Employees are reimbursed."], title="Travelling")
    assert len(passages.lexical('"reimburse"')) == 1
    assert len(passages.lexical('"travel"')) == 1


def test_only_the_best_are_taken(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["leave one", "leave two two two", "leave three three three three"])
    assert [number for number, _ in passages.lexical('"leave"', limit=2)] == [1, 2]


def test_an_empty_expression_finds_nothing(passages: PassageStore):
    assert passages.lexical("") == []


def test_a_passage_comes_with_all_that_is_needed_to_cite_it(documents: DocumentStore, passages: PassageStore):
    file = publish(documents, "a.pdf", ["Ten days."], title="Leave policy", category="leave")
    ((number, passage),) = passages.get([1]).items()
    assert (number, passage.version, passage.document_id) == (1, "sha-a.pdf", file.document_id)
    assert (passage.title, passage.file, passage.path) == ("Leave policy", "a.pdf", "Leave policy > Part")
    assert (passage.category, passage.page, passage.text) == ("leave", 1, "Ten days.")


def test_passages_that_are_not_there_are_left_out(passages: PassageStore):
    assert passages.get([1, 2]) == {} == passages.get([])


def test_numbers_may_be_those_of_numpy(documents: DocumentStore, passages: PassageStore):
    numpy = pytest.importorskip("numpy")
    publish(documents, "a.pdf")
    assert len(passages.get(numpy.array([1, 2]))) == 1


def test_vectors_come_with_their_passages_and_versions(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["x", "y"], vectors=[ONE, TWO])
    publish(documents, "b.pdf", ["z"], vectors=[TWO])
    numbers, versions, blob = passages.vectors()
    assert (numbers, blob) == ([1, 2, 3], ONE + TWO + TWO)
    assert versions[0] == versions[1] != versions[2]


def test_vectors_are_read_in_part(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["x", "y", "z"], vectors=[ONE, TWO, ONE])
    assert passages.vectors(2, 3) == ([2, 3], [1, 1], TWO + ONE)


def test_passages_without_vectors_get_theirs_later(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["x", "y"], title="T")
    assert passages.without_vectors(limit=1) == [(1, "T > Part\nx")]
    assert passages.count_without_vectors() == (2, 2)
    before = passages.generation(), passages.encoded_through()
    passages.set_vectors({1: ONE, 2: TWO, 99: ONE})
    assert passages.without_vectors() == [] and passages.count_without_vectors() == (0, 2)
    assert passages.vectors()[2] == ONE + TWO
    assert passages.generation() == before[0] and passages.encoded_through() > before[1]


def test_a_passage_that_got_no_vector_is_not_offered_again(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["x", "y", "z"])
    passages.set_vectors({1: ONE}, through=2)
    assert [number for number, _ in passages.without_vectors()] == [3]
    assert passages.count_without_vectors(after=3) == (0, 3)


def test_passages_that_had_vectors_before_anything_was_counted_are_not_offered(
    documents: DocumentStore, passages: PassageStore
):
    publish(documents, "a.pdf", ["x"], vectors=[ONE])
    publish(documents, "b.pdf", ["y"])
    assert [number for number, _ in passages.without_vectors()] == [2]


def test_a_removed_file_gets_its_vectors_for_the_day_it_comes_back(
    documents: DocumentStore, passages: PassageStore
):
    file = publish(documents, "a.pdf", ["x"])
    documents.remove_file(file.id)
    passages.set_vectors(dict.fromkeys((number for number, _ in passages.without_vectors()), ONE))
    assert passages.vectors() == ([], [], b"")
    documents.restore_file(file.id)
    assert passages.vectors()[2] == ONE


def test_extents_say_where_the_passages_of_versions_lie(documents: DocumentStore, passages: PassageStore):
    first = publish(documents, "a.pdf", ["x", "y"])
    publish(documents, "b.pdf", ["z"])
    assert [(one.first, one.last) for one in passages.extents()] == [(1, 2), (3, 3)]
    documents.remove_file(first.id)
    assert [(one.first, one.last) for one in passages.extents()] == [(3, 3)]


def test_the_generation_is_the_same_until_something_changes(
    documents: DocumentStore, passages: PassageStore, path: Path
):
    assert passages.generation() == 0
    file = publish(documents, "a.pdf")
    first = passages.generation()
    other = Database.open(path)
    assert first > 0 and PassageStore(other).generation() == first
    DocumentStore(other).remove_file(file.id)
    assert passages.generation() > first
    other.close()


def test_frequencies_count_the_passages_of_a_word(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["leave and leave", "leaves", "travel"])
    found = passages.document_frequencies(["leave", "travel", "unicorn", 'od"d', ""])
    assert found == {"leave": 2, "travel": 1, "unicorn": 0, 'od"d': 0, "": 0}


def test_an_index_with_hidden_versions_is_still_in_order(documents: DocumentStore, records: RecordStore):
    file = publish(documents, "a.pdf", ["one", "two"])
    publish(documents, "b.pdf", ["three"])
    documents.remove_file(file.id)
    assert records.check_rows() == []


def test_the_passages_of_one_version_come_in_reading_order(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["leave one", "leave two"])
    gone = publish(documents, "b.pdf", ["leave three"])
    assert [one.text for one in passages.of_version("sha-a.pdf")] == ["leave one", "leave two"]
    documents.remove_file(gone.id)
    assert passages.of_version("sha-b.pdf") == []
    assert passages.of_version("sha-nowhere") == []


def test_stems_come_with_their_passages(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["Travel policies", "One policy of travelling", "Pay"], title="T")
    assert ("polici", 2) in passages.stems("pol") and ("travel", 2) in passages.stems("t")
    assert passages.stems("x") == []
    assert "policies" in passages.text_with("polici")
    assert passages.text_with("x") == ""


def test_new_stems_are_there_at_once(documents: DocumentStore, passages: PassageStore):
    publish(documents, "a.pdf", ["Travel"])
    assert passages.stems("pens") == []
    publish(documents, "b.pdf", ["Pension"])
    assert passages.stems("pens") == [("pension", 1)]


def test_a_sample_is_spread_over_the_library(documents: DocumentStore, passages: PassageStore):
    assert passages.sample(5) == []
    publish(documents, "a.pdf", [f"number {n}" for n in range(50)])
    assert passages.sample(5) == [f"number {n}" for n in (0, 10, 20, 30, 40)]
    assert len(passages.sample(100)) == 50
