"""Facts that people say about policies, and offers to join versions that look alike."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Document, DocumentVersion, Filters
from hrdesk.core.errors import HrdeskError
from hrdesk.core.versions import LookAlike
from hrdesk.services.desk import Desk
from hrdesk.services.versions import begins
from tests.services.desk import POLICIES, answer_to

REMOTE = POLICIES / "remote-work-and-equipment.md"
TODAY = date(2026, 11, 22)


async def add(desk: Desk, *paths: Path) -> list[str]:
    ends = [file async for file in desk.library.add(paths) if file.state.is_end]
    await desk.library.vectors.complete()
    return [str(file.sha256) for file in ends]


def new_version(folder: Path, title: str = "Working anywhere", dated: str = "") -> Path:
    """Write a version of the remote work policy under another title."""
    text = REMOTE.read_text().replace("# Remote work and equipment", f"# {title}")
    text = text.replace("Effective from: 1 March 2026", dated)
    text = text.replace("three days a week", "four days a week").replace("Tuesday", "Wednesday")
    path = folder / "anywhere.md"
    path.write_text(text)
    return path


async def files_found(desk: Desk, query: str, filters: Filters | None = None) -> set[str]:
    found = await desk.policy.search(query, filters)
    return {result.passage.file for result in found.results}


async def test_what_is_said_is_tidied_and_decides_what_is_found(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    facts = await desk.library.versions.facts(str(files[REMOTE.name].sha256))
    document = replace(facts.document, title="  Remote   work ", category=" Working Time ", owner=" ")
    saved = await desk.library.versions.save(
        replace(facts, document=replace(document, jurisdiction="Germany"), said_end=date(2026, 7, 1))
    )
    assert (saved.document.title, saved.document.category, saved.document.owner) == (
        "Remote work",
        "working time",
        None,
    )
    assert "working time" in await desk.library.categories()
    query = "Who can work from home?"
    assert REMOTE.name in await files_found(desk, query, Filters(as_of=date(2026, 6, 30)))
    assert REMOTE.name not in await files_found(desk, query, Filters(as_of=date(2026, 7, 1)))
    assert REMOTE.name not in await files_found(desk, query)
    await desk.library.versions.save(facts)
    assert REMOTE.name in await files_found(desk, query)


async def test_impossible_facts_are_refused_and_nothing_is_changed(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    facts = await desk.library.versions.facts(str(files[REMOTE.name].sha256))
    for wrong in (
        replace(facts, document=replace(facts.document, title=" ")),
        replace(facts, said_end=facts.version.effective_from),
    ):
        with pytest.raises(HrdeskError):
            await desk.library.versions.save(wrong)
    assert await desk.library.versions.facts(facts.version.sha256) == facts


async def test_a_file_that_looks_like_a_policy_is_offered_and_not_joined(desk: Desk, tmp_path: Path) -> None:
    assert await desk.library.versions.offers() == []
    [sha] = await add(desk, new_version(tmp_path))
    [offer] = await desk.library.versions.offers()
    assert (offer.version.sha256, offer.title) == (sha, "Working anywhere")
    assert offer.policy.title == "Remote work and equipment" and offer.likeness > 0.6
    assert {"anywhere.md", REMOTE.name} <= await files_found(desk, "Who can work from home?")


async def test_one_changed_number_is_not_called_the_same_text(desk: Desk, tmp_path: Path) -> None:
    changed, copied = tmp_path / "changed.md", tmp_path / "copied.md"
    changed.write_text(REMOTE.read_text().replace("20 working days", "30 working days"))
    copied.write_text(REMOTE.read_text() + "\n\n")
    for path, is_same in ((changed, False), (copied, True)):
        [sha] = await add(desk, path)
        offers = {offer.version.sha256: offer for offer in await desk.library.versions.offers()}
        assert offers[sha].is_same_text is is_same
        assert offers[sha].other.file == REMOTE.name


async def test_an_accepted_offer_replaces_the_old_version_and_can_be_undone(
    desk: Desk, tmp_path: Path
) -> None:
    query = "Who can work from home?"
    answer = await answer_to(desk, query)
    cited = next(citation for citation in answer.citations if citation.file == REMOTE.name)
    await add(desk, new_version(tmp_path))
    [offer] = await desk.library.versions.offers()
    joined = await desk.library.versions.accept(offer)
    assert await desk.library.versions.offers() == []
    assert REMOTE.name not in await files_found(desk, query)
    assert REMOTE.name in await files_found(desk, query, Filters(as_of=date(2026, 4, 1)))
    assert (await desk.citations.refresh(cited)).state is CitationState.CHANGED
    assert (await desk.citations.page(cited.version, cited.page, 400)).pixels
    await desk.library.versions.part(joined)
    assert await desk.library.versions.offers() == [offer]
    assert {"anywhere.md", REMOTE.name} <= await files_found(desk, query)
    assert (await desk.citations.refresh(cited)).state is cited.state


async def test_files_that_were_kept_apart_are_not_offered_again(desk: Desk, tmp_path: Path) -> None:
    await add(desk, new_version(tmp_path))
    [offer] = await desk.library.versions.offers()
    await desk.library.versions.keep_apart(offer)
    await desk.library.versions.look(offer.version.sha256)
    assert await desk.library.versions.offers() == []
    await desk.library.versions.keep_apart(offer, apart=False)
    assert await desk.library.versions.offers() == [offer]


async def test_titles_and_dates_that_say_so_join_without_a_question(desk: Desk, tmp_path: Path) -> None:
    path = new_version(tmp_path, "Remote work and equipment 2027", "Effective from: 1 March 2027")
    [sha] = await add(desk, path)
    assert await desk.library.versions.offers() == []
    assert (await desk.library.versions.facts(sha)).versions == 2


async def test_a_file_read_again_stays_where_people_put_it(desk: Desk, tmp_path: Path) -> None:
    path = new_version(tmp_path)
    await add(desk, path)
    [offer] = await desk.library.versions.offers()
    await desk.library.versions.accept(offer)
    [file] = [file for file in await desk.library.files() if file.file == path.name]
    await desk.library.remove(file.id)
    [sha] = await add(desk, path)
    assert (await desk.library.versions.facts(sha)).document.id == offer.policy.id


def look_alike(own: date | None, newest: date | None, likeness: float = 0.6) -> LookAlike:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def version(name: str, begins: date | None) -> DocumentVersion:
        return DocumentVersion(name, name, name, now, 1, begins)

    other = version("old", newest)
    return LookAlike(version("new", own), "New", Document("old", "Old"), other, other, likeness)


@pytest.mark.parametrize(
    ("offer", "day"),
    [
        (look_alike(date(2024, 1, 1), date(2025, 1, 1)), date(2024, 1, 1)),
        (look_alike(None, date(2025, 1, 1)), TODAY),
        (look_alike(None, None), TODAY),
        (look_alike(None, date(2027, 1, 1)), date(2027, 1, 2)),
        (look_alike(None, date(2025, 1, 1), likeness=1.0), date(2025, 1, 1)),
    ],
)
def test_a_version_without_a_date_is_never_taken_for_the_oldest(offer: LookAlike, day: date) -> None:
    assert begins(offer, TODAY) == day
