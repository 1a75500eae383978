import hashlib
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.errors import HrdeskError
from hrdesk.documents import embedding
from hrdesk.documents.embedding import DIMENSIONS, handle, model_available, pack, unpack
from hrdesk.system.workers import TRUSTED, ChildProcess

MODELS = Path(__file__).resolve().parents[2] / "resources" / "models"
needs_model = pytest.mark.skipif(
    not model_available(MODELS), reason="The encoder is not built: run packaging/build_model.py."
)


def _encode(*texts: str) -> npt.NDArray[np.float32]:
    answer, payload = handle({"texts": list(texts), "folder": str(MODELS)}, b"")
    assert answer == {"count": len(texts), "dimensions": DIMENSIONS}
    return np.frombuffer(payload, "<f4").reshape(-1, DIMENSIONS)


@needs_model
def test_the_published_similarities_hold_for_the_small_model():
    rows = _encode("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
    cosines = rows @ rows.T
    assert [cosines[0, 1], cosines[0, 2], cosines[1, 2]] == pytest.approx([0.666, 0.105, 0.141], abs=0.04)


@needs_model
def test_rows_have_length_one_and_do_not_depend_on_their_neighbours():
    texts = ["sick leave " * size for size in (60, 1, 300, 5, 2)] + [""]
    together = _encode(*texts)
    alone = np.vstack([_encode(text) for text in texts])
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-4)
    assert np.array_equal(together, alone)


@needs_model
def test_odd_text_is_encoded_too():
    assert np.isfinite(_encode("\ud800 lone", "\0", "😀" * 500, "Ünïcödé")).all()


def _match(question: str, text: str, *parts: str) -> list[float]:
    ranges = [(text.index(part), text.index(part) + len(part)) for part in parts]
    message = {"texts": [text], "folder": str(MODELS), "question": question, "ranges": [ranges]}
    answer, payload = handle(message, b"")
    assert answer == {"count": len(parts)}
    return list(np.frombuffer(payload, "<f4"))


@needs_model
def test_a_text_matches_only_when_it_has_every_word_that_was_asked_for():
    text = "Health insurance covers employees. Insurance for pets is offered at a discount."
    health, pets = _match("Is there pet insurance?", text, text[:34], text[35:])
    assert pets > health + 0.1


@needs_model
def test_ranges_that_are_not_read_match_nothing():
    text = "sick leave " * 400 + "pension"
    assert _match("pension", text, "pension", "sick leave")[0] == 0.0
    assert _match("pension", "a  b", "  ") == [0.0]


@needs_model
@pytest.mark.parametrize("question", ["", "what is it?", "?", "\ud800", "word " * 400])
def test_odd_questions_can_be_matched(question):
    assert np.isfinite(_match(question, "The pension begins at 67.", "pension")).all()


@needs_model
def test_the_child_process_encodes():
    child = ChildProcess("hrdesk.documents.embedding:handle", TRUSTED)
    try:
        answer, payload = child.request({"texts": ["award leave"], "folder": str(MODELS)}, seconds=60)
    finally:
        child.close()
    assert answer["count"] == 1 and len(payload) == DIMENSIONS * 4


def _fake_model(folder: Path, model: bytes = b"model", listed: bytes = b"model") -> None:
    (folder / embedding.MODEL_FILE).write_bytes(model)
    (folder / embedding.TOKENIZER_FILE).write_bytes(b"{}")
    files = {embedding.MODEL_FILE: listed, embedding.TOKENIZER_FILE: b"{}"}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"files": digests}))


def test_a_model_is_available_only_with_all_its_files(tmp_path):
    assert not model_available(tmp_path)
    _fake_model(tmp_path)
    assert model_available(tmp_path)
    (tmp_path / "tokenizer.json").unlink()
    assert not model_available(tmp_path)


def test_a_model_that_is_not_the_one_built_is_refused(tmp_path):
    _fake_model(tmp_path, model=b"changed")
    with pytest.raises(HrdeskError, match="damaged"):
        handle({"texts": ["x"], "folder": str(tmp_path)}, b"")


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": 1}'])
def test_an_unreadable_manifest_is_refused_with_a_sentence(tmp_path, manifest):
    _fake_model(tmp_path)
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(HrdeskError):
        handle({"texts": ["x"], "folder": str(tmp_path)}, b"")


@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_packed_vectors_come_back_almost_the_same(count, seed):
    rows = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype("<f4")
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    blobs = pack(rows.tobytes())
    assert [len(blob) for blob in blobs] == [DIMENSIONS] * count
    again = unpack(b"".join(blobs))
    assert np.abs(again - rows).max() <= 0.5 / 127 + 1e-6


def test_the_middle_of_two_wordings_lies_between_them():
    rows = np.zeros((2, DIMENSIONS), "<f4")
    rows[0, 0] = rows[1, 1] = 1
    middle = np.frombuffer(embedding.middle(rows.tobytes()), "<f4")
    assert np.allclose(middle[:2], 2**-0.5) and not middle[2:].any()
    assert np.allclose(np.frombuffer(embedding.middle(rows[:1].tobytes()), "<f4"), rows[0])
