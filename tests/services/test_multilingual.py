"""Questions in another language with a small stand-in for the pack: it knows a few words in two languages."""

import asyncio

import pytest

from hrdesk.core.documents import Coverage, Filters, Outcome
from hrdesk.core.errors import ChildStopped
from hrdesk.services.choosing import EncodedChooser
from hrdesk.services.desk import Desk
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.services.searching import PolicySearch
from hrdesk.store.documents import DocumentStore
from hrdesk.store.multilingual import MultilingualStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore
from tests.services.fakes import FakePack

HOTEL = "Wie hoch ist die Grenze für eine Übernachtung in Berlin?"
ENGLISH = "What is the hotel limit in Berlin?"


@pytest.fixture
def encoder() -> FakePack:
    return FakePack()


@pytest.fixture
def pack(desk: Desk, encoder: FakePack) -> MultilingualPack:
    return MultilingualPack(desk.store, MultilingualStore(desk.database), encoder)


@pytest.fixture
def search(desk: Desk, pack: MultilingualPack) -> PolicySearch:
    database = desk.database
    return PolicySearch(
        desk.store,
        DocumentStore(database),
        PassageStore(database),
        SynonymStore(database),
        desk.encoder,
        pack,
    )


async def test_every_passage_gets_its_vector_and_only_once(pack: MultilingualPack, encoder: FakePack) -> None:
    said: list[Coverage] = []
    total = (await pack.coverage()).passages
    await pack.fill(said.append)
    assert encoder.asked == total and await pack.coverage() == Coverage(total, total) == said[-1]
    assert [one.ready for one in said] == sorted(one.ready for one in said)
    await pack.fill()
    assert encoder.asked == total


async def test_a_question_in_another_language_is_understood_and_it_is_said(
    pack: MultilingualPack, search: PolicySearch
) -> None:
    await pack.fill()
    found = await search.search(HOTEL)
    assert found.results[0].passage.file == "travel-policy-2026.pdf"
    assert "Hotels" in found.results[0].passage.path
    assert found.outcome is Outcome.CLOSEST
    assert found.notice.startswith("Understood as a question in German")
    assert found.results[0].cosine is not None and not found.lexical_only
    earlier = await search.search(HOTEL, Filters(category="leave"))
    assert earlier.results == () and earlier.outcome is Outcome.NOT_FOUND


async def test_english_questions_never_ask_the_pack(
    desk: Desk, pack: MultilingualPack, search: PolicySearch, encoder: FakePack
) -> None:
    await pack.fill()
    asked = encoder.asked
    found = await search.search(ENGLISH)
    assert encoder.asked == asked
    assert [one.score for one in found.results] == [
        one.score for one in (await desk.policy.search(ENGLISH)).results
    ]


async def test_passages_that_come_later_are_found_once_they_are_ready(
    desk: Desk, pack: MultilingualPack, search: PolicySearch
) -> None:
    await pack.fill()
    hotels = next(file for file in await desk.library.files() if file.file == "travel-policy-2026.pdf")
    await desk.library.remove(hotels.id)
    assert "travel-policy-2026.pdf" not in {one.passage.file for one in (await search.search(HOTEL)).results}
    await desk.library.restore(hotels.id)
    assert (await search.search(HOTEL)).results[0].passage.file == "travel-policy-2026.pdf"


async def test_without_the_pack_or_before_it_is_ready_the_old_notice_stays(
    pack: MultilingualPack, search: PolicySearch, encoder: FakePack
) -> None:
    weak = "I can search only English policies; these are weak matches."
    assert (await search.search(HOTEL)).notice.endswith(weak)  # installed, but nothing is ready
    await pack.fill()
    encoder.trouble = ChildStopped("crash", "The work ended unexpectedly.")
    assert (await search.search(HOTEL)).notice.endswith(weak)
    encoder.trouble = None
    encoder.available = False
    asked = encoder.asked
    assert (await search.search(HOTEL)).notice.endswith(weak)
    await pack.fill()
    assert encoder.asked == asked


async def test_english_is_searched_while_the_pack_is_at_work(
    pack: MultilingualPack, search: PolicySearch, encoder: FakePack
) -> None:
    encoder.gate = asyncio.Event()
    filling = asyncio.ensure_future(pack.fill())
    assert (await search.search(ENGLISH)).outcome is Outcome.ANSWERED
    assert not filling.done()
    encoder.gate.set()
    await filling
    assert (await pack.coverage()).is_complete


async def test_what_was_made_is_kept_when_the_filling_is_left(
    pack: MultilingualPack, encoder: FakePack
) -> None:
    def leave(coverage: Coverage) -> None:
        if coverage.ready >= 8:
            raise ChildStopped("cancelled", "The work was stopped.")

    with pytest.raises(ChildStopped):
        await pack.fill(leave)
    assert (await pack.coverage()).ready == 8
    await pack.fill()
    assert encoder.asked == (await pack.coverage()).passages


async def test_sentences_are_chosen_in_the_language_of_the_question(
    desk: Desk, pack: MultilingualPack, encoder: FakePack
) -> None:
    passage = {
        "id": "p1",
        "section": "Pay",
        "text": "Please lock the screen at night. Salaries are paid on the 25th. Ask your manager for a key.",
        "score": 1.0,
    }
    (best, *_) = await EncodedChooser(desk.encoder, pack).choose("Wann wird das Gehalt gezahlt?", [passage])
    assert best.text.startswith("Salaries are paid")
    assert encoder.asked == 4
