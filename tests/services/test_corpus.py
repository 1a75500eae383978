"""What a search keeps in memory: always what a fresh reading of the store would give."""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.core.documents import Filters
from hrdesk.documents.embedding import DIMENSIONS
from hrdesk.services.corpus import Corpus
from hrdesk.services.searching import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore
from tests.services.fakes import no_pack
from tests.store.samples import publish

LEAVE = '"leave"'
QUERY = np.ones(DIMENSIONS, np.float32) / np.sqrt(np.float32(DIMENSIONS))


class _Bench:
    def __init__(self, folder: Path) -> None:
        self.database = Database.open(folder / "hrdesk.sqlite")
        self.documents, self.passages = DocumentStore(self.database), PassageStore(self.database)
        self.corpus = Corpus(self.documents, self.passages)

    def current(self) -> Corpus:
        self.corpus.refresh()
        return self.corpus


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[_Bench]:
    made = _Bench(tmp_path)
    yield made
    made.database.close()


def vector(seed: int) -> bytes:
    return random.Random(seed).randbytes(DIMENSIONS)


def _same_as_fresh(bench: _Bench, query: np.ndarray = QUERY) -> None:
    kept, fresh = bench.current(), Corpus(bench.documents, bench.passages)
    fresh.refresh()
    ours, theirs = kept.vectors(), fresh.vectors()
    assert ours.ids.tolist() == theirs.ids.tolist() == bench.passages.vectors()[0]
    assert ours.versions.tolist() == theirs.versions.tolist()
    assert np.array_equal(ours.cosines(query), theirs.cosines(query))
    assert kept.passages == fresh.passages == bench.passages.count()
    assert kept.frequencies(["leave", "nine"]) == bench.passages.document_frequencies(["leave", "nine"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("nvrbxd"), st.integers(0, 5)), max_size=14))
def test_after_any_changes_it_is_as_if_it_were_read_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    bench = _Bench(tmp_path_factory.mktemp("corpus"))
    names: list[str] = []
    for number, (step, choice) in enumerate(steps):
        if step == "n":  # a new file, or the same contents published again
            names.append(
                publish(bench.documents, f"{choice}.pdf", ["leave", "nine leave"][: 1 + choice % 2]).id
            )
        elif step == "v":  # the vectors of some passages, in any order
            seen = [one for one, _ in bench.passages.without_vectors()]
            bench.passages.set_vectors({one: vector(one) for one in seen[: choice + 1]})
        elif step == "x":  # with its vectors at once
            names.append(publish(bench.documents, f"x{number}.pdf", ["leave"], vectors=[vector(number)]).id)
        elif names and step in "rbd":
            act = {"r": "remove_file", "b": "restore_file", "d": "file"}[step]
            getattr(bench.documents, act)(names[choice % len(names)])
        if choice % 2:
            _same_as_fresh(bench)
    _same_as_fresh(bench)
    bench.database.close()


def test_other_processes_are_noticed(bench: _Bench) -> None:
    publish(bench.documents, "a.pdf", ["leave"])
    bench.current().vectors()
    other = Database.open(bench.database.path)
    publish(DocumentStore(other), "b.pdf", ["leave"])
    PassageStore(other).set_vectors({1: vector(1), 2: vector(2)})
    other.close()
    _same_as_fresh(bench)


def test_hits_are_limited_to_the_allowed_versions_however_rare_they_are(bench: _Bench) -> None:
    for number in range(30):
        publish(
            bench.documents, f"{number}.pdf", ["leave " * (1 + (place + number) % 7) for place in range(12)]
        )
    versions = {extent.version: extent for extent in bench.passages.extents()}
    everything = bench.passages.lexical(LEAVE, 10_000)
    for allowed in ({5}, set(versions) - {5}, set(list(versions)[::2]), set()):
        inside = [
            (number, score)
            for number, score in everything
            if any(versions[one].first <= number <= versions[one].last for one in allowed)
        ]
        assert bench.current().lexical(LEAVE, allowed) == inside[:100]
    assert bench.corpus.lexical(LEAVE, None) == everything[:100]
    assert bench.corpus.lexical("", None) == []


def test_it_counts_what_has_no_vector_yet_among_the_allowed(bench: _Bench) -> None:
    old = publish(bench.documents, "old.pdf", ["leave", "more"], day=date(2025, 1, 1))
    publish(bench.documents, "new.pdf", ["leave"], day=date(2026, 1, 1), family=old.document_id)
    corpus = bench.current()
    corpus.vectors()
    assert corpus.without_vectors(None) == 3
    assert corpus.without_vectors(corpus.allowed(Filters(as_of=date(2025, 6, 1)))) == 2
    bench.passages.set_vectors({1: vector(1)})
    corpus.vectors()
    assert corpus.without_vectors(None) == 2


def test_a_changed_category_is_noticed(bench: _Bench) -> None:
    file = publish(bench.documents, "a.pdf", ["leave"])
    publish(bench.documents, "b.pdf", ["leave"])
    assert bench.current().allowed(Filters(category="leave")) == set()
    bench.documents.set_category(file.document_id or "", "leave")
    assert len(bench.current().allowed(Filters(category="leave")) or ()) == 1


QUESTION = "How much annual leave?"


class _Encoder:
    """Gives every text the same vector; there is no vocabulary, so nothing is mended."""

    available = True
    folder = Path("nowhere")

    async def vectors(self, texts: Sequence[str]) -> bytes:
        return b"\0\0\x80\x3f" + bytes(4 * 383)


async def test_a_new_version_replaces_the_old_one_at_once_and_gets_its_vectors_later(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "hrdesk.sqlite")
    documents, passages, store = DocumentStore(database), PassageStore(database), StoreThread()
    encoder: Any = _Encoder()
    pack = no_pack(store, database)
    search = PolicySearch(store, documents, passages, SynonymStore(database), encoder, pack)

    async def found() -> tuple[list[str], str]:
        ranked = await search.search(QUESTION)
        return [result.passage.text for result in ranked.results], ranked.notice

    first = publish(
        documents, "2025.pdf", ["20 days of annual leave."], day=date(2025, 1, 1), vectors=[vector(1)]
    )
    publish(documents, "other.pdf", ["Salaries are paid monthly."], vectors=[vector(2)])
    texts, notice = await found()
    assert set(texts) == {"20 days of annual leave.", "Salaries are paid monthly."} and not notice

    publish(
        documents, "2026.pdf", ["30 days of annual leave.", "More leave."], day=date(2026, 1, 1),
        family=first.document_id,
    )  # fmt: skip
    texts, notice = await found()
    assert "20 days of annual leave." not in texts
    assert texts[0] == "30 days of annual leave."
    assert notice == "2 passages are searched by words only so far."

    passages.set_vectors({number: vector(number) for number, _ in passages.without_vectors()})
    texts, notice = await found()
    assert "20 days of annual leave." not in texts and "30 days of annual leave." in texts
    assert notice == ""
    await store.aclose(database.close)
