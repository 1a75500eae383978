"""Files in: each to one end state, each content once, nothing lost when an import is cut short."""

import asyncio
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState, LibraryFile
from hrdesk.core.errors import HrdeskError
from hrdesk.services.desk import Desk
from tests.services.desk import POLICIES, answer_to, desk_at


async def add(desk: Desk, *paths: Path, category: str | None = None) -> dict[str, LibraryFile]:
    ends = [file async for file in desk.library.add(paths, category) if file.state.is_end]
    assert len(ends) == len({file.id for file in ends})
    await desk.library.vectors.complete()
    return {file.file: file for file in ends}


async def test_good_and_bad_files_end_each_in_their_own_state(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "leave.md").write_text("# Leave\n\nEveryone gets 30 days of annual leave.\n")
    (drop / "empty.pdf").write_bytes(b"")
    (drop / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")
    (drop / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    (drop / "table.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (drop / "blank.txt").write_text(" \n\n ")
    (drop / "again.md").write_text("# Leave\n\nEveryone gets 30 days of annual leave.\n")
    async with desk_at(tmp_path / "data") as desk:
        ends = await add(desk, drop)
        assert {name: file.state for name, file in ends.items() if "." in name and "leave" not in name} == {
            "empty.pdf": FileState.DAMAGED,
            "broken.pdf": FileState.DAMAGED,
            "broken.docx": FileState.DAMAGED,
            "table.xlsx": FileState.DAMAGED,
            "blank.txt": FileState.NO_TEXT,
            "again.md": ends["again.md"].state,
        }
        assert {ends["leave.md"].state, ends["again.md"].state} == {FileState.INDEXED, FileState.DUPLICATE}
        assert all(file.message and file.reason for file in ends.values())
        answer = await answer_to(desk, "How many days of annual leave?")
        assert "30 days of annual leave" in answer.text


async def test_states_come_in_order(tmp_path: Path) -> None:
    async with desk_at(tmp_path / "data") as desk:
        path = POLICIES / "remote-work-and-equipment.md"
        states = [file.state async for file in desk.library.add([path])]
    assert states == [FileState.QUEUED, FileState.READING, FileState.INDEXED]


async def test_the_same_folder_dropped_again_changes_nothing(desk: Desk) -> None:
    before = await desk.library.files()
    ends = await add(desk, POLICIES)
    assert {file.state for file in ends.values()} == {FileState.DUPLICATE}
    assert await desk.library.files() == before


async def test_a_path_that_is_not_there_is_refused_before_anything_is_imported(desk: Desk) -> None:
    before = await desk.library.files()
    with pytest.raises(HrdeskError):
        await add(desk, POLICIES, Path("/nowhere/at/all.pdf"))
    assert await desk.library.files() == before


async def test_a_removed_policy_is_not_found_until_it_is_restored(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    handbook = files["employee-handbook.pdf"]
    await desk.library.remove(handbook.id)
    found = await desk.policy.search("When are salaries paid?")
    assert "employee-handbook.pdf" not in {result.passage.file for result in found.results}
    await desk.library.restore(handbook.id)
    found = await desk.policy.search("When are salaries paid?")
    assert found.results[0].passage.file == "employee-handbook.pdf"


async def test_a_removed_policy_can_be_added_again(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    await desk.library.remove(files["employee-handbook.pdf"].id)
    ends = await add(desk, POLICIES / "employee-handbook.pdf")
    assert ends["employee-handbook.pdf"].state is FileState.INDEXED


async def test_an_import_that_was_left_goes_on_at_the_next_start(tmp_path: Path) -> None:
    async with desk_at(tmp_path / "data") as desk:
        importing = desk.library.add([POLICIES])
        async for file in importing:
            if file.state is FileState.READING:
                break
        await importing.aclose()
    async with desk_at(tmp_path / "data") as desk:
        ends = [file async for file in desk.library.resume() if file.state.is_end]
        assert {file.state for file in await desk.library.files()} == {FileState.INDEXED}
        assert len(await desk.library.files()) == 6
        assert len(ends) <= 6
        assert [file async for file in desk.library.resume()] == []


async def test_a_source_that_is_gone_ends_in_a_sentence(tmp_path: Path) -> None:
    policy = tmp_path / "leave.md"
    policy.write_text("# Leave\n\nThirty days.\n")
    async with desk_at(tmp_path / "data") as desk:
        importing = desk.library.add([policy])
        await anext(importing)
        policy.unlink()
        ends = [file async for file in importing if file.state.is_end]
        assert [file.state for file in ends] == [FileState.STOPPED]
        policy.write_text("# Leave\n\nThirty days.\n")
        ends = [file async for file in desk.library.retry(ends[0].id) if file.state.is_end]
        assert [file.state for file in ends] == [FileState.INDEXED]


async def test_a_category_narrows_the_search_and_joins_the_enum(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    travel = files["travel-policy-2026.pdf"]
    await desk.library.set_category(travel.document_id or "", "travel")
    assert "travel" in await desk.library.categories()
    from hrdesk.core.documents import Filters

    found = await desk.policy.search("hotel limit", Filters(category="travel"))
    assert {result.passage.file for result in found.results} == {"travel-policy-2026.pdf"}


async def test_an_earlier_day_finds_the_version_in_force_then(desk: Desk) -> None:
    from datetime import date

    from hrdesk.core.documents import Filters

    found = await desk.policy.search("hotel limit Berlin", Filters(as_of=date(2025, 6, 1)))
    files = {result.passage.file for result in found.results}
    assert "travel-policy-2025.pdf" in files
    assert "travel-policy-2026.pdf" not in files


async def test_two_imports_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    async with desk_at(tmp_path / "data") as desk:
        await asyncio.gather(add(desk, POLICIES), add(desk, POLICIES))
        assert len(await desk.library.files()) == 6
        assert {file.state for file in await desk.library.files()} == {FileState.INDEXED}
