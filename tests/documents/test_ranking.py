import sqlite3
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.embedding import DIMENSIONS, pack
from hrdesk.documents.ranking import Matrix, fuse, match_expression


def _matrix(
    rows: npt.NDArray[np.float64] | Sequence[Sequence[float]],
    ids: Sequence[int] | None = None,
    versions: Sequence[int] | None = None,
) -> Matrix:
    vectors = np.zeros((len(rows), DIMENSIONS), np.float32)
    for row, values in enumerate(rows):
        vectors[row, : len(values)] = values
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Matrix(ids or range(len(rows)), versions or [1] * len(rows), b"".join(pack(vectors.tobytes())))


def _query(*values: float) -> npt.NDArray[np.float32]:
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[: len(values)] = values
    return (vector / np.linalg.norm(vector)).astype("<f4")


def test_an_expression_quotes_the_content_words_and_joins_them_by_or():
    assert match_expression("How much sick leave, and sick pay?") == '"sick" OR "leave" OR "pay"'


def test_no_words_give_no_expression():
    assert match_expression(" ?! ") == ""


@given(st.text())
def test_every_expression_is_good_fts5(text):
    expression = match_expression(text.replace("\0", " "))
    if not expression:
        return
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE f USING fts5(body, tokenize='porter unicode61')")
        database.execute("SELECT count(*) FROM f WHERE f MATCH ?", [expression]).fetchone()
    finally:
        database.close()


def test_cosines_take_the_query_as_bytes_or_as_numbers():
    matrix = _matrix([(1, 0), (0, 1), (1, 1)])
    query = _query(1, 0)
    assert matrix.cosines(query) == pytest.approx([1.0, 0.0, 0.707], abs=0.01)
    assert np.array_equal(matrix.cosines(query), matrix.cosines(query.tobytes()))


def test_words_and_meaning_are_added_three_to_seven():
    matrix = _matrix([(1, 0), (1, 1), (0, 1), (0, 1), (0, 1)])
    fused = {f.passage_id: f for f in fuse([(1, 9.0), (2, 3.0)], matrix, matrix.cosines(_query(1, 0)))}
    assert fused[0].score == pytest.approx(0.7)
    assert fused[0].lexical == 0.0 and fused[0].vector == 1.0
    assert fused[1].score == pytest.approx(0.3 + 0.7 * 0.707, abs=0.01)
    assert fused[2].score == pytest.approx(0.0, abs=0.01)


def test_the_best_comes_first_and_the_list_is_cut():
    matrix = _matrix([(0, 1), (1, 1), (1, 0), (0, 1)])
    fused = fuse([], matrix, matrix.cosines(_query(1, 0)), limit=2)
    assert [f.passage_id for f in fused] == [2, 1]


def test_only_allowed_versions_are_found_and_count_for_the_scale():
    matrix = _matrix([(1, 0), (1, 1), (0, 1)], ids=[10, 11, 12], versions=[1, 2, 2])
    fused = fuse([(11, 2.0)], matrix, matrix.cosines(_query(1, 0)), allowed={2})
    assert [f.passage_id for f in fused] == [11, 12]
    assert fused[0].vector == 1.0


def test_nothing_allowed_finds_nothing():
    matrix = _matrix([(1, 0)])
    assert fuse([], matrix, matrix.cosines(_query(1, 0)), allowed=set()) == []


def test_without_vectors_the_words_decide_alone():
    fused = fuse([(5, 8.0), (6, 4.0), (7, 2.0)], None, None)
    assert [(f.passage_id, f.vector, f.cosine) for f in fused] == [
        (5, None, None),
        (6, None, None),
        (7, None, None),
    ]
    assert [f.score for f in fused] == pytest.approx([1.0, 1 / 3, 0.0])


def test_a_passage_without_vector_so_far_counts_as_much_as_its_words_say():
    matrix = _matrix([(1, 0), (0, 1)], ids=[1, 9])
    fused = {
        f.passage_id: f for f in fuse([(2, 3.0), (3, 2.0), (4, 1.0)], matrix, matrix.cosines(_query(1, 0)))
    }
    assert [fused[number].score for number in (2, 3, 4)] == [1.0, 0.5, 0.0]
    assert fused[2].vector is None and fused[2].cosine is None
    assert fused[1].score == pytest.approx(0.7)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=30, unique=True))
def test_with_no_vector_among_the_hits_they_are_in_the_order_of_their_words(scores):
    hits = [(number, score) for number, score in enumerate(sorted(scores, reverse=True), 10)]
    matrix = _matrix([(1, 0), (0, 1)], ids=[1, 2])
    cosines = matrix.cosines(_query(1, 0))
    with_others = [f.passage_id for f in fuse(hits, matrix, cosines) if f.passage_id >= 10]
    assert with_others == [f.passage_id for f in fuse(hits, None, None)]


def test_a_single_passage_gets_full_marks():
    matrix = _matrix([(1, 0)])
    fused = fuse([(0, 0.5)], matrix, matrix.cosines(_query(1, 1)))
    assert fused[0].score == pytest.approx(1.0)


def test_an_empty_library_finds_nothing():
    matrix = Matrix((), (), b"")
    assert fuse([], matrix, matrix.cosines(_query(1, 0))) == []


def test_ids_and_vectors_that_do_not_go_together_are_a_bug():
    with pytest.raises(ValueError):
        Matrix([1, 2], [1, 1], b"\0" * DIMENSIONS)


@given(st.dictionaries(st.integers(0, 30), st.floats(0.01, 50), max_size=20), st.integers(0, 2**32 - 1))
def test_scores_stay_in_range_and_every_passage_comes_once(hits, seed):
    rows = np.random.default_rng(seed).normal(size=(25, 8))
    matrix = _matrix(rows)
    ordered = sorted(hits.items(), key=lambda hit: -hit[1])
    fused = fuse(ordered, matrix, matrix.cosines(_query(*rows[0])))
    assert all(0.0 <= f.score <= 1.0 for f in fused)
    assert len({f.passage_id for f in fused}) == len(fused)
    assert [f.score for f in fused] == sorted((f.score for f in fused), reverse=True)
