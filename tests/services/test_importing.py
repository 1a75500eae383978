"""Imports that are paused, left, cancelled or met by a fault: each file ends in a state, and others go on."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from hrdesk.core.documents import FileState, LibraryFile, Span
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import intake
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import FileRefused, Refusal
from hrdesk.services.desk import Desk
from hrdesk.services.reading import Reader
from hrdesk.system.workers import READING, TRUSTED, ChildProcess
from tests.documents.locked_files import locked_pdf
from tests.documents.office_files import lines
from tests.services.desk import desk_at

SECRET = "pässwört-canary"
SENTENCE = "Everyone gets thirty days of annual leave."
posix = pytest.mark.skipif(os.name != "posix", reason="Signals of POSIX.")


def policies(folder: Path, count: int) -> Path:
    drop = folder / "drop"
    drop.mkdir()
    for number in range(count):
        (drop / f"{number}.md").write_text(f"# Policy {number}\n\nRule {number} of the house.\n")
    return drop


async def ends(states: AsyncGenerator[LibraryFile, None]) -> list[LibraryFile]:
    return [file async for file in states if file.state.is_end]


async def until(states: AsyncGenerator[LibraryFile, None], count: int) -> None:
    """Follow an import until so many files have ended."""
    seen = 0
    while seen < count:
        seen += (await anext(states)).state.is_end


def kept(folder: Path) -> set[str]:
    return {path.name for path in (folder / "files").iterdir()}


# --- passwords


async def test_a_protected_file_opens_with_its_password_and_the_password_is_kept_nowhere(tmp_path):
    path = tmp_path / "pay.pdf"
    path.write_bytes(locked_pdf([lines([SENTENCE])], SECRET.encode("latin-1")))
    async with desk_at(tmp_path / "data") as desk:
        [first] = await ends(desk.library.add([path]))
        assert (first.state, first.reason) == (FileState.NEEDS_PASSWORD, "password")
        [wrong] = await ends(desk.library.retry(first.id, password="wrong"))
        assert (wrong.state, wrong.reason) == (FileState.NEEDS_PASSWORD, "wrong_password")
        [opened] = await ends(desk.library.retry(first.id, password=SECRET))
        assert opened.state is FileState.INDEXED and "not kept" in opened.message
    async with desk_at(tmp_path / "data") as desk:  # the next start shows it, without a question
        image = await desk.citations.page(str(opened.sha256), 1, 600, [Span(1, 0, len(SENTENCE))])
        assert image.text.startswith(SENTENCE) and image.rects
    for written in (tmp_path / "data").rglob("*"):
        if written.is_file():
            data = written.read_bytes()
            assert not any(SECRET.encode(code) in data for code in ("utf-8", "latin-1", "utf-16-le"))


async def test_one_password_is_tried_on_all_files_of_an_import(tmp_path):
    drop = policies(tmp_path, 1)
    (drop / "pay.pdf").write_bytes(locked_pdf([lines([SENTENCE])], b"secret"))
    async with desk_at(tmp_path / "data") as desk:
        states = {file.file: file.state for file in await ends(desk.library.add([drop], password="secret"))}
    assert set(states.values()) == {FileState.INDEXED}


async def test_a_file_that_was_opened_once_needs_no_password_to_be_read_again(tmp_path):
    path = tmp_path / "pay.pdf"
    path.write_bytes(locked_pdf([lines([SENTENCE])], b"secret"))
    async with desk_at(tmp_path / "data") as desk:
        [opened] = await ends(desk.library.add([path], password="secret"))
        [again] = await ends(desk.library.retry(opened.id))
        assert again.state is FileState.INDEXED


# --- pause, cancel


async def test_a_pause_holds_until_go_on_and_over_the_next_start(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        states = desk.library.add([policies(tmp_path, 4)])
        await until(states, 1)
        await desk.library.waiting.pause()
        await asyncio.sleep(0)
        await states.aclose()
        assert desk.library.waiting.is_paused
    async with desk_at(tmp_path / "data") as desk:
        assert await desk.library.waiting.restore_pause()
        states = desk.library.resume()
        waiting = await anext(states)
        assert waiting.state is FileState.QUEUED
        await desk.library.waiting.go_on()
        assert len(await ends(states)) >= 2
        assert {file.state for file in await desk.library.files()} == {FileState.INDEXED}
    async with desk_at(tmp_path / "data") as desk:
        assert not await desk.library.waiting.restore_pause()


async def test_a_cancelled_import_drops_what_waits_and_can_be_undone(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        states = desk.library.add([policies(tmp_path, 4)])
        await until(states, 1)
        await states.aclose()
        dropped = await desk.library.waiting.drop()
        left = await desk.library.files()
        assert len(left) + len(dropped) == 4
        assert {file.state for file in left} == {FileState.INDEXED}
        await desk.library.waiting.put_back(dropped)
        assert len(await ends(desk.library.resume())) == len(dropped)
        assert len(await desk.library.files()) == 4


async def test_a_retry_that_is_left_leaves_the_file_as_it_was(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        [file] = await ends(desk.library.add([policies(tmp_path, 1)]))
        states = desk.library.retry(file.id)
        assert (await anext(states)).state is FileState.QUEUED
        await states.aclose()
        [now] = await desk.library.files()
        assert now.state is FileState.INDEXED
        assert (await desk.policy.search("rule of the house")).results


async def test_a_file_that_is_removed_while_it_waits_is_not_read(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        desk.library._imports.turns.pause()
        states = desk.library.add([policies(tmp_path, 2)])
        first, second = await anext(states), await anext(states)
        await desk.library.remove(first.id)
        await desk.library.waiting.go_on()
        assert [file.id for file in await ends(states)] == [second.id]
        assert [file.id for file in await desk.library.files()] == [second.id]


async def test_many_retries_share_the_places(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        files = await ends(desk.library.add([policies(tmp_path, 3)]))
        reading_now: set[str] = set()
        most = 0
        async for file in desk.library.retry(*(one.id for one in files)):
            (reading_now.discard if file.state.is_end else reading_now.add)(file.id)
            if file.state is FileState.QUEUED:
                reading_now.discard(file.id)
            most = max(most, len(reading_now))
        assert most <= 2


# --- what was left behind


async def test_the_next_start_deletes_what_a_killed_import_left(tmp_path):
    data = tmp_path / "data"
    async with desk_at(data) as desk:
        await ends(desk.library.add([policies(tmp_path, 2)]))
        good = kept(data)
    for name in (".incoming-x", "a" * 64 + ".pdf", "b" * 64 + ".pages.part", "c" * 64 + ".words.json"):
        (data / "files" / name).write_bytes(b"half")
    (data / "files" / "somebody-elses.txt").write_text("stays")
    async with desk_at(data) as desk:
        await desk.library.waiting.settle()
        assert kept(data) == good | {"somebody-elses.txt"}
        assert await ends(desk.library.resume()) == []


async def test_a_second_hrdesk_deletes_nothing(tmp_path):
    data = tmp_path / "data"
    async with desk_at(data), desk_at(data) as second:
        (data / "files" / ".incoming-x").write_bytes(b"half")
        await second.library.waiting.settle()
        assert ".incoming-x" in kept(data)


# --- the same bytes again


class NoReader:
    """Takes the place of a reader where nothing may be read."""

    async def read(self, *_: object) -> None:
        raise AssertionError("nothing may be read")

    async def aclose(self) -> None:
        pass


def forbid_reading(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.library, "_reader", NoReader())


async def test_the_same_bytes_under_another_name_are_recognised_without_reading(tmp_path, monkeypatch):
    drop = policies(tmp_path, 1)
    async with desk_at(tmp_path / "data") as desk:
        await ends(desk.library.add([drop]))
        other = (drop / "0.md").rename(drop / "copy.md")
        forbid_reading(desk, monkeypatch)
        [again] = await ends(desk.library.add([other], "leave"))
        assert again.state is FileState.DUPLICATE
        assert again.message == "The same file is already in the library as 0.md; that copy is used."
        [file] = await desk.library.files()
        assert (file.file, file.category) == ("0.md", "leave")


async def test_a_removed_file_that_is_dropped_again_comes_back_without_reading(tmp_path, monkeypatch):
    drop = policies(tmp_path, 1)
    async with desk_at(tmp_path / "data") as desk:
        [file] = await ends(desk.library.add([drop]))
        await desk.library.remove(file.id)
        assert not (await desk.policy.search("rule of the house")).results
        forbid_reading(desk, monkeypatch)
        [again] = await ends(desk.library.add([drop]))
        assert (again.state, again.passages) == (FileState.INDEXED, file.passages)
        assert (await desk.policy.search("rule of the house")).results
        assert (await desk.library.restore(file.id)).id == again.id  # Undo of the removal finds it there
        assert len(await desk.library.files()) == 1


# --- faults


async def test_a_full_disk_pauses_the_import_and_retry_works_when_there_is_space(tmp_path, monkeypatch):
    take = intake.take_copy

    def full(source: Path, folder: Path) -> intake.Copied:
        if source.name != "0.md":
            raise FileRefused(FileState.STOPPED, "storage")
        return take(source, folder)

    async with desk_at(tmp_path / "data") as desk:
        monkeypatch.setattr(intake, "take_copy", full)
        states = desk.library.add([policies(tmp_path, 5)])
        async for file in states:
            if file.reason == "storage":
                break
        assert "disk is full" in file.message
        assert desk.library.waiting.is_paused and desk.library.waiting.because == "storage"
        monkeypatch.setattr(intake, "take_copy", take)
        await desk.library.waiting.go_on()
        rest = await ends(states)
        stopped = [one for one in rest if one.reason == "storage"]
        assert len(stopped) <= 1  # at most the one that was being read beside it
        [again] = await ends(desk.library.retry(file.id))
        assert again.state is FileState.INDEXED


async def test_a_store_that_refuses_leads_to_a_state_and_not_to_a_lost_import(tmp_path, monkeypatch):
    async with desk_at(tmp_path / "data") as desk:
        documents = desk.library._documents
        publish, tries = documents.publish, []

        def refuse(file, *rest):
            tries.append(file.file)
            if len(tries) == 1:
                raise HrdeskError("The disk refused to write or read.")
            return publish(file, *rest)

        monkeypatch.setattr(documents, "publish", refuse)
        states = desk.library.add([policies(tmp_path, 3)])
        async for file in states:
            if file.reason == "storage":
                break
        assert file.state is FileState.STOPPED
        await desk.library.waiting.go_on()
        assert {one.state for one in await ends(states)} == {FileState.INDEXED}
        assert [one.state for one in await ends(desk.library.retry(file.id))] == [FileState.INDEXED]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="A file that fails while it is read.")
async def test_a_source_that_fails_in_the_middle_is_unreadable_and_others_go_on(tmp_path):
    async with desk_at(tmp_path / "data") as desk:
        drop = policies(tmp_path, 2)
        found = await ends(desk.library.add([Path("/proc/self/mem"), drop]))
        assert {(file.file, file.state, file.reason) for file in found if file.file == "mem"} == {
            ("mem", FileState.STOPPED, "unreadable")
        }
        assert sum(file.state is FileState.INDEXED for file in found) == 2
        assert not any(name.startswith(".incoming") for name in kept(tmp_path / "data"))


def test_a_source_that_is_written_meanwhile_is_not_taken_half(tmp_path, monkeypatch):
    source, folder = tmp_path / "growing.txt", tmp_path / "files"
    folder.mkdir()
    source.write_text("one")
    stream = intake._stream

    def growing(file, copy, most):
        done = stream(file, copy, most)
        with source.open("a") as more:
            more.write(" and two")
        return done

    monkeypatch.setattr(intake, "_stream", growing)
    with pytest.raises(FileRefused) as refused:
        intake.take_copy(source, folder)
    assert refused.value.reason == "changed" and list(folder.iterdir()) == []


def child_that(handler: str) -> ChildProcess:
    return ChildProcess(f"tests.system.child_handlers:{handler}", TRUSTED)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [("lies", "protocol"), ("exits", "crash"), ("echo", "protocol"), ("floods", "protocol")],
)
async def test_a_child_that_dies_or_lies_stops_its_file_alone(tmp_path, monkeypatch, handler, reason):
    made = Reader._reading_child
    children = iter([child_that(handler)])
    monkeypatch.setattr(Reader, "_reading_child", lambda self: next(children, None) or made(self))
    monkeypatch.setattr("hrdesk.services.importing.AT_ONCE", 1)
    async with desk_at(tmp_path / "data") as desk:
        states = {file.file: file for file in await ends(desk.library.add([policies(tmp_path, 2)]))}
    stopped = [file for file in states.values() if file.state is FileState.STOPPED]
    assert [file.reason for file in stopped] == [reason]
    assert sum(file.state is FileState.INDEXED for file in states.values()) == 1


@posix
@pytest.mark.parametrize(("number", "reason"), [(signal.SIGSTOP, "time"), (signal.SIGKILL, "crash")])
async def test_a_child_that_is_frozen_or_killed_stops_its_file_alone(tmp_path, monkeypatch, number, reason):
    monkeypatch.setattr(wire, "MAX_SECONDS", 1.5)
    made = Reader._reading_child
    victim = ChildProcess("tests.system.child_handlers:hangs", READING)
    victim.start()
    asked = victim.request

    def struck(*what: Any, **how: Any) -> Any:
        assert victim.process_id is not None
        threading.Timer(0.2, os.kill, (victim.process_id, number)).start()
        return asked(*what, **how)

    monkeypatch.setattr(victim, "request", struck)
    children = iter([victim])
    monkeypatch.setattr(Reader, "_reading_child", lambda self: next(children, None) or made(self))
    async with desk_at(tmp_path / "data") as desk:
        reader = desk.library._reader
        copy = tmp_path / "a.md"
        copy.write_text("# A\n\nRule of the house.\n")
        reader._spare = reader._reading_child()
        found = await reader.read(copy, "a.md", "0" * 64)
        assert isinstance(found, Refusal)
        assert (found.state, found.reason) == (FileState.STOPPED, reason)
        monkeypatch.setattr(wire, "MAX_SECONDS", 120.0)
        assert not isinstance(await reader.read(copy, "a.md", "0" * 64), Refusal)
