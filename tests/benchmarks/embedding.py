"""Embedding passages, against bare onnxruntime on the same word pieces with the same threads.

Bare is the model alone: word pieces are there, and nobody pools, sends or stores anything. Ours is what an
import waits for: tokenising, the encoder's process, and vectors committed to the store.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from hrdesk.documents import embedding
from hrdesk.documents.passages import cut
from hrdesk.documents.reading import read
from hrdesk.services.encoder import Encoder
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.vectors import VectorWriter
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.system.paths import resources
from hrdesk.system.presence import Turn
from hrdesk.system.workers import TRUSTED
from tests.store.samples import publish

PASSAGES, REPEATS = 256, 5
THREADS, PIECES = 2, 256  # as the encoder has them
MODELS = resources() / "models"


def measure() -> Iterator[str]:
    """Yield passages a second of both and the ratio of the speeds."""
    texts = list(islice(cycle(_texts()), PASSAGES))
    with tempfile.TemporaryDirectory() as folder:
        repeats = asyncio.run(_measure(Path(folder), texts))
    ratios = sorted(bare / ours for ours, bare in repeats)
    ours, bare = (PASSAGES / statistics.median(each[way] for each in repeats) for way in (0, 1))
    spread = f"{ratios[0]:.2f}/{statistics.median(ratios):.2f}/{ratios[-1]:.2f}"
    yield f"{ours:.0f} passages a second, bare {bare:.0f}, ratio {spread} (min/median/max)"


async def _measure(folder: Path, texts: Sequence[str]) -> list[tuple[float, float]]:
    database, store = Database.open(folder / "hrdesk.sqlite"), StoreThread()
    passages, encoder = PassageStore(database), Encoder(MODELS)
    writer = VectorWriter(store, passages, encoder, Turn(folder / "encoding.lock"))
    # At the priority of the encoder's process, which is low, or other work would meet only one of both.
    low = ThreadPoolExecutor(1, initializer=os.nice, initargs=(TRUSTED.niceness,))
    pieces, session = _pieces(texts), low.submit(_session).result()
    repeats = []
    try:
        await encoder.vectors(texts[:1])
        for repeat in range(REPEATS):
            publish(DocumentStore(database), f"{repeat}.pdf", texts)
            started = time.perf_counter()
            await writer.complete()
            between = time.perf_counter()
            await asyncio.wrap_future(low.submit(_bare, session, pieces))
            repeats.append((between - started, time.perf_counter() - between))
    finally:
        low.shutdown()
        await encoder.aclose()
        await store.aclose(database.close)
    return repeats


def _session() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(MODELS / embedding.MODEL_FILE, options)


def _pieces(texts: Sequence[str]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(MODELS / embedding.TOKENIZER_FILE))
    tokenizer.enable_truncation(PIECES)
    tokenizer.no_padding()
    return [tokenizer.encode(text).ids for text in texts]


def _bare(session: onnxruntime.InferenceSession, pieces: Sequence[Sequence[int]]) -> None:
    for one in pieces:
        ids = np.array([one], np.int64)
        session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})


def _texts() -> list[str]:
    files = sorted((resources() / "demo" / "policies").glob("*.[mhp]*"))
    return [passage.text for file in files for passage in cut(read(file, file.name))]
