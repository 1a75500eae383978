"""Searching while vectors are still to come: one version of each policy is found, and it is said."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hrdesk.services.policy import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from tests.services.test_corpus import vector
from tests.store.samples import publish

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
    search = PolicySearch(store, documents, passages, encoder)

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
