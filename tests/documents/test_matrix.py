import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.documents.embedding import DIMENSIONS, unpack
from hrdesk.documents.matrix import Matrix


def _rows(count: int, seed: int = 1) -> bytes:
    return np.random.default_rng(seed).integers(-127, 128, (count, DIMENSIONS), dtype=np.int8).tobytes()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1_500), st.integers(0, 9))
def test_the_cosines_are_those_of_the_vectors_as_float(count: int, seed: int) -> None:
    blob = _rows(count, seed)
    query = np.random.default_rng(seed).normal(size=DIMENSIONS).astype("<f4")
    matrix = Matrix(range(count), [1] * count, blob)
    expected = unpack(blob) @ query if count else np.zeros(0, np.float32)
    assert matrix.cosines(query) == pytest.approx(expected, abs=1e-3)
    assert np.argsort(-matrix.cosines(query))[:5].tolist() == np.argsort(-expected)[:5].tolist()


def test_passages_come_in_parts_and_in_any_order() -> None:
    one, two, three = (_rows(1, seed) for seed in (1, 2, 3))
    matrix = Matrix([5], [9], one)
    matrix.add([7, 2], [9, 8], two + three)
    whole = Matrix([2, 5, 7], [8, 9, 9], three + one + two)
    query = np.ones(DIMENSIONS, np.float32)
    assert matrix.ids.tolist() == [2, 5, 7] and matrix.versions.tolist() == [8, 9, 9]
    assert np.array_equal(matrix.cosines(query), whole.cosines(query))
    assert matrix.rows([2, 5, 7, 1, 6, 8]).tolist() == [0, 1, 2, -1, -1, -1]


def test_a_passage_is_there_once() -> None:
    matrix = Matrix([1], [1], _rows(1))
    matrix.add([1, 2], [1, 1], _rows(2))
    assert matrix.ids.tolist() == [1, 2]


def test_rows_are_dropped() -> None:
    matrix = Matrix([1, 2, 3], [1, 2, 1], _rows(3))
    matrix.keep(matrix.versions == 1)
    assert matrix.ids.tolist() == [1, 3] and len(matrix) == 2
    assert len(matrix.cosines(np.ones(DIMENSIONS, np.float32))) == 2
    matrix.add([2], [2], _rows(1))
    assert matrix.ids.tolist() == [1, 2, 3]


def test_an_empty_matrix_answers() -> None:
    assert len(Matrix().cosines(np.ones(DIMENSIONS, np.float32))) == 0
    assert Matrix().rows([1]).tolist() == [-1]


def test_it_takes_little_more_memory_than_what_is_stored() -> None:
    matrix = Matrix()
    for start in range(0, 5_000, 500):
        matrix.add(range(start, start + 500), [1] * 500, _rows(500))
    assert matrix.room <= 1.5 * 5_000 * DIMENSIONS
