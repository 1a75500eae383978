"""Sentence vectors: all-MiniLM-L6-v2 in int8 through onnxruntime, in a child process of its own.

`handle` serves the child; the window's process only packs and unpacks vectors. Vectors have 384 numbers and
length 1, so that a dot product is a cosine. They are stored as int8 with the fixed scale 127: a quarter of
the space of float32, and a ranking of its own neighbours that is 99.3 % the same.

The model was trained on English (Reimers and Gurevych 2019, sentence-transformers); it reads the first 256
word pieces of a text, about 1,000 characters.

A vector says what a text is about, not whether it has all that was asked for: a passage on insurance lies
near to a question about pet insurance. So the encoder also matches word by word (late interaction, Khattab
and Zaharia 2020, ColBERT): the match of a question with a stretch of text is the cosine of that word of the
question which finds the least like it there.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hrdesk.core.errors import HrdeskError
from hrdesk.documents.words import STOP

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DIMENSIONS = 384
MODEL_FILE = "all-MiniLM-L6-v2-int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
_FILES = (MODEL_FILE, TOKENIZER_FILE, "manifest.json")
_MAX_PIECES = 256
_MOST_MATCHED = 384  # word pieces of a passage that are matched: the longest passages are that long
_THREADS = 2
SCALE = 127.0


def model_available(folder: Path) -> bool:
    """Whether the model's files are in `folder`; what is in them is checked when they are loaded."""
    return all((folder / name).is_file() for name in _FILES)


def handle(message: dict[str, Any], _payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Serve one request of the encoder process.

    `message` holds "texts" (a list of strings) and "folder" (where the model lies). The answer's payload
    is one row of 384 float32 (little endian, L2-normalised) per text, in their order. With a "question" and,
    for each text, "ranges" (pairs of characters), it is one float32 per range: how well it matches. Raises
    `HrdeskError` when the model is missing or not the one that was built.
    """
    texts = [str(text) for text in message["texts"]]
    if "question" in message:
        found = _encoder(str(message["folder"])).matches(str(message["question"]), texts, message["ranges"])
        return {"count": len(found)}, found.astype("<f4").tobytes()
    vectors = _encoder(str(message["folder"])).encode(texts)
    return {"count": len(texts), "dimensions": DIMENSIONS}, vectors.astype("<f4").tobytes()


class _Encoder:
    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        model, tokenizer = _checked(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        # Threads that wait in a loop would take the cores from the window; waiting asleep costs nothing.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_str(tokenizer.decode("utf-8"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> "npt.NDArray[np.float32]":
        """Return the vectors of `texts` (n x 384)."""
        import numpy as np

        result = np.zeros((len(texts), DIMENSIONS), np.float32)
        for number, text in enumerate(texts):
            pooled = self._run(_cut(self._pieces(text).ids, _MAX_PIECES)).mean(axis=0)
            result[number] = pooled / np.linalg.norm(pooled)
        return result

    def matches(
        self, question: str, texts: Sequence[str], ranges: Sequence[Sequence[Sequence[int]]]
    ) -> "npt.NDArray[np.float32]":
        """Return how well each range of each text matches the question (-1..1), 0 if it is not read."""
        import numpy as np

        asked = self._pieces(question)
        words = self._directions(asked.ids, _MAX_PIECES)[_telling(asked.tokens[: _MAX_PIECES - 1])]
        result: list[float] = []
        for text, places in zip(texts, ranges, strict=True):
            there = self._pieces(text)
            cosines = words @ self._directions(there.ids, _MOST_MATCHED).T
            for start, end in places:
                inside = [
                    number
                    for number, (first, last) in enumerate(there.offsets[: _MOST_MATCHED - 1])
                    if start <= first < last <= end
                ]
                result.append(float(cosines[:, inside].max(axis=1).min()) if inside else 0.0)
        return np.array(result, np.float32)

    def _pieces(self, text: str) -> Any:
        return self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))  # lone surrogates

    def _directions(self, pieces: Sequence[int], most: int) -> "npt.NDArray[np.float32]":
        """Return the meaning of each piece in its text, as rows of length 1."""
        import numpy as np

        hidden = self._run(_cut(pieces, most))
        rows: npt.NDArray[np.float32] = hidden / np.linalg.norm(hidden, axis=1, keepdims=True)
        return rows

    def _run(self, pieces: Sequence[int]) -> "npt.NDArray[np.float32]":
        # One text at a time: int8 activations are scaled over the whole batch, so in a batch a vector would
        # depend on its neighbours; and batches were measured to be no faster on a processor.
        import numpy as np

        ids = np.array([pieces], np.int64)
        (hidden,) = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        rows: npt.NDArray[np.float32] = hidden[0]
        return rows


def _cut(pieces: Sequence[int], most: int) -> list[int]:
    """Keep the first pieces and the mark of the end."""
    return list(pieces) if len(pieces) <= most else [*pieces[: most - 1], pieces[-1]]


def _telling(pieces: Sequence[str]) -> list[int]:
    """Return the places of the pieces that carry meaning, of all but the marks where none does."""
    telling = [
        number
        for number, piece in enumerate(pieces)
        if (word := piece.removeprefix("##")).isalnum() and word not in STOP
    ]
    return telling or list(range(1, len(pieces) - 1)) or [0]


@lru_cache(maxsize=1)
def _encoder(folder: str) -> _Encoder:
    return _Encoder(Path(folder))


def _checked(folder: Path) -> tuple[bytes, bytes]:
    """Return model and tokenizer as bytes if they are what the manifest says."""
    try:
        expected = dict(json.loads((folder / "manifest.json").read_text("utf-8"))["files"])
        contents = {name: (folder / name).read_bytes() for name in (MODEL_FILE, TOKENIZER_FILE)}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise HrdeskError("The search model cannot be read.", "Reinstall hrdesk to mend this.") from error
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != expected.get(name):
            raise HrdeskError("The search model is damaged.", "Reinstall hrdesk to mend this.")
    return contents[MODEL_FILE], contents[TOKENIZER_FILE]


def pack(vectors: bytes) -> list[bytes]:
    """Turn rows of 384 float32 into one blob of 384 int8 each, for the store."""
    import numpy as np

    rows = np.frombuffer(vectors, "<f4").reshape(-1, DIMENSIONS)
    return [row.tobytes() for row in np.clip(np.rint(rows * SCALE), -127, 127).astype(np.int8)]


def unpack(blob: bytes) -> "npt.NDArray[np.float32]":
    """Turn concatenated int8 blobs back into rows (n x 384, float32) of length 1 within rounding."""
    import numpy as np

    return np.frombuffer(blob, np.int8).reshape(-1, DIMENSIONS).astype(np.float32) / np.float32(SCALE)


def middle(vectors: bytes) -> bytes:
    """Return the vector (float32, length 1) in the middle of some: one for two wordings of a question."""
    import numpy as np

    mean = np.frombuffer(vectors, "<f4").reshape(-1, DIMENSIONS).mean(axis=0)
    packed: bytes = (mean / np.linalg.norm(mean)).astype("<f4").tobytes()
    return packed
