"""The multilingual pack itself where it is installed, and the words around it."""

import numpy as np
import pytest

from hrdesk.core.documents import Coverage, Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import multilingual
from hrdesk.documents.multilingual import (
    DIMENSIONS,
    FARTHEST,
    Vectors,
    available,
    handle,
    judge,
    notice,
    pack,
)
from hrdesk.services.multilingual import MultilingualEncoder

GERMAN = "Wie viele Tage Urlaub habe ich im Jahr?"
needs_pack = pytest.mark.skipif(
    not available(), reason="The multilingual pack is not installed: pip install 'hrdesk[multilingual]'."
)


def test_nothing_asked_in_another_language_is_called_answered():
    assert judge(0.9) == (Outcome.CLOSEST, 0.9)
    assert judge(FARTHEST - 0.01)[0] is Outcome.NOT_FOUND
    assert judge(None) == (Outcome.NOT_FOUND, 0.0)
    assert judge(-0.2)[1] == 0.0


def test_how_a_question_was_understood_is_said():
    said = "Understood as a question in German and compared by meaning with the English policies."
    assert notice(GERMAN, Coverage(3, 3)) == said
    assert notice(GERMAN, Coverage(1, 3)).endswith("So far 1 of 3 passages can be compared like this.")
    assert notice("有給休暇は何日ありますか", Coverage(3, 3)).startswith(
        "Understood as a question in Japanese"
    )


def test_only_languages_that_the_pack_knows_are_given_to_it():
    assert multilingual.understands(GERMAN) and multilingual.understands("When is payday?")
    assert not multilingual.understands("\U00010380\U00010381\U00010382 \U00010383")  # Ugaritic


def vectors(*rows: list[float]) -> bytes:
    made = np.zeros((len(rows), DIMENSIONS), "<f4")
    for number, row in enumerate(rows):
        made[number, : len(row)] = row
    return made.tobytes()


def test_the_nearest_passages_come_first_and_only_allowed_ones():
    blob = b"".join(pack(vectors([0, 1], [0.6, 0.8], [1, 0], [-1, 0], [0.8, 0.6])))
    kept = Vectors([11, 12, 13, 14, 15], [1, 1, 2, 2, 3], blob)
    found = kept.nearest(vectors([1, 0]), None)
    assert [one.passage_id for one in found] == [13, 15, 12, 11, 14]
    assert found[0].score == 1.0 and found[-1].score == 0.0
    assert [one.lexical for one in found] == [0.0] * 5
    assert found[1].cosine == pytest.approx(0.8, abs=0.01)
    assert [one.passage_id for one in kept.nearest(vectors([1, 0]), {1, 3}, limit=2)] == [15, 12]
    assert kept.nearest(vectors([1, 0]), set()) == [] == Vectors().nearest(vectors([1, 0]), None)


def test_many_passages_are_compared_block_by_block(monkeypatch):
    monkeypatch.setattr(multilingual, "_BLOCK", 7)
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(50, DIMENSIONS)).astype("<f4")
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kept = Vectors(range(50), [1] * 50, b"".join(pack(rows.tobytes())))
    found = kept.nearest(rows[17].tobytes(), None)
    assert found[0].passage_id == 17 and found[0].cosine == pytest.approx(1, abs=0.01)
    order = np.argsort(-(rows @ rows[17]))[:5]
    assert [one.passage_id for one in found[:5]] == list(order)


def test_a_pack_that_is_not_there_is_said(monkeypatch):
    monkeypatch.setattr(multilingual, "_PACKAGE", "no_such_package")
    multilingual._encoder.cache_clear()
    assert not available()
    with pytest.raises(HrdeskError, match="not installed"):
        handle({"texts": ["x"]}, b"")


@needs_pack
def test_a_pack_of_other_contents_is_not_loaded(monkeypatch):
    monkeypatch.setattr(multilingual, "_FILES", {"sp.model": "0" * 64})
    multilingual._encoder.cache_clear()
    with pytest.raises(HrdeskError, match="damaged"):
        handle({"texts": ["x"]}, b"")


@needs_pack
async def test_the_child_puts_a_question_beside_its_answer_in_another_language():
    encoder = MultilingualEncoder()
    try:
        texts = [GERMAN, "Employees have 28 days of annual leave a year.", "Lock the screen.", "\ud800", ""]
        rows = np.frombuffer(await encoder.vectors(texts), "<f4").reshape(-1, DIMENSIONS)
    finally:
        await encoder.aclose()
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert rows[0] @ rows[1] > 0.3 > rows[0] @ rows[2]
