"""Vectors in the background: every passage gets one, whatever happens to the encoder or to hrdesk."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hrdesk.core.errors import ChildStopped, HrdeskError
from hrdesk.core.preparing import Preparing
from hrdesk.documents.embedding import DIMENSIONS
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.vectors import BATCH, VectorWriter
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.system.presence import Turn
from tests.store.samples import publish

ONE = b"\0\0\x80\x3f" * DIMENSIONS  # float32 ones


class _Encoder:
    """Makes vectors without a model; a text with "poison" ends it, and so does everything while `broken`."""

    available = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def vectors(self, texts: Sequence[str]) -> bytes:
        await self.gate.wait()
        self.asked += texts
        if self.broken or any("poison" in text for text in texts):
            raise ChildStopped("crash", "The encoder died.")
        return ONE * len(texts)


class _Bench:
    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder / "hrdesk.sqlite")
        self.documents, self.passages = DocumentStore(self.database), PassageStore(self.database)
        self.store, self.encoder = StoreThread(), _Encoder()
        self.turn = Turn(folder / "encoding.lock")

    def writer(self, encoder: Any = None) -> VectorWriter:
        made: Any = encoder or self.encoder
        return VectorWriter(self.store, self.passages, made, self.turn, pause=0.0)

    def encoded(self) -> list[int]:
        return self.passages.vectors()[0]


@asynccontextmanager
async def _bench(folder: Path) -> AsyncIterator[_Bench]:
    bench = _Bench(folder)
    try:
        yield bench
    finally:
        await bench.store.aclose(bench.database.close)


def _texts(count: int) -> list[str]:
    return [f"passage {number}" for number in range(count)]


async def test_every_passage_gets_its_vector_with_its_headings_encoded(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", _texts(BATCH + 1), title="Leave")
        await bench.writer().complete()
        assert len(bench.encoded()) == BATCH + 1
        assert bench.encoder.asked[0] == "Leave > Part\npassage 0"


async def test_passages_added_meanwhile_are_done_by_the_same_task(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        writer = bench.writer()
        publish(bench.documents, "a.pdf", _texts(3))
        writer.wake()
        publish(bench.documents, "b.pdf", _texts(2))
        writer.wake()
        await writer.complete()
        assert bench.encoded() == [1, 2, 3, 4, 5]
        assert len(bench.encoder.asked) == 5


async def test_what_was_left_undone_is_done_by_the_next_start(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", _texts(2 * BATCH))
        bench.encoder.gate.clear()
        first = bench.writer()
        first.wake()
        await first.aclose()
        assert bench.encoded() == []
        bench.encoder.gate.set()
        await bench.writer().complete()
        assert len(bench.encoded()) == 2 * BATCH


async def test_a_library_that_has_all_vectors_is_looked_through_once(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", _texts(3), vectors=[b"\1" * DIMENSIONS] * 3)
        await bench.writer().complete()
        assert bench.passages.encoded_through() == 3 and not bench.encoder.asked
        publish(bench.documents, "b.pdf", _texts(1))
        await bench.writer().complete()
        assert bench.encoded() == [1, 2, 3, 4]


async def test_without_a_model_nothing_is_done(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf")
        bench.encoder.available = False
        await bench.writer().complete()
        assert bench.encoded() == []


async def test_a_text_that_ends_the_encoder_alone_stays_without(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", ["good", "poison", "good"])
        await bench.writer().complete()
        assert bench.encoded() == [1, 3]
        asked = len(bench.encoder.asked)
        await bench.writer().complete()
        assert len(bench.encoder.asked) == asked, "it is not tried for ever"


async def test_an_encoder_that_never_works_is_given_up_and_tried_at_the_next_call(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", _texts(10))
        bench.encoder.broken = True
        writer = bench.writer()
        with pytest.raises(ChildStopped):
            await writer.complete()
        bench.encoder.broken = False
        await writer.complete()
        assert len(bench.encoded()) == 10


async def test_a_model_that_is_damaged_is_told(tmp_path: Path) -> None:
    class Damaged(_Encoder):
        async def vectors(self, texts: Sequence[str]) -> bytes:
            raise HrdeskError("The search model is damaged.")

    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf")
        with pytest.raises(HrdeskError, match="damaged"):
            await bench.writer(Damaged()).complete()


async def test_while_another_program_works_this_one_waits(tmp_path: Path) -> None:
    pytest.importorskip("fcntl", reason="This system has no file locks of this kind.")
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf")
        other = Turn(tmp_path / "encoding.lock")
        assert other.take()
        writer = bench.writer()
        waiting = asyncio.ensure_future(writer.complete())
        for _ in range(20):
            await bench.store(bench.passages.generation)
        assert not bench.encoder.asked and not waiting.done()
        other.give()
        await waiting
        assert bench.encoded() == [1]


async def test_progress_counts_what_is_new_and_ends_with_nothing(tmp_path: Path) -> None:
    async with _bench(tmp_path) as bench:
        publish(bench.documents, "a.pdf", _texts(5), vectors=[b"\1" * DIMENSIONS] * 5)
        publish(bench.documents, "b.pdf", _texts(BATCH + 6))
        writer = bench.writer()
        told: list[Preparing] = []

        async def listen() -> None:
            async for preparing in writer.follow():
                told.append(preparing)

        writer.wake()
        await listen()
        done = [(one.done, one.total) for one in told]
        assert (0, BATCH + 6) in done and (BATCH, BATCH + 6) in done
        assert done[0] == done[-1] == (0, 0)
