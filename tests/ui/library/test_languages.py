"""The state of the multilingual pack on the library page."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from hrdesk.core.documents import Coverage
from tests.ui.fakes import FakeLibrary, make_file
from tests.ui.library.bed import Testbed


class FakeLanguages:
    """A pack that prepares one passage at a time, each behind `gate` where there is one."""

    def __init__(self, passages: int, *, installed: bool = True) -> None:
        self.installed, self.passages, self.ready, self.runs = installed, passages, 0, 0
        self.gate: asyncio.Event | None = None

    async def coverage(self) -> Coverage:
        return Coverage(self.ready, self.passages)

    async def fill(self, progress: Callable[[Coverage], None]) -> None:
        self.runs += 1
        while self.ready < self.passages:
            if self.gate is not None:
                await self.gate.wait()
            self.ready += 1
            progress(Coverage(self.ready, self.passages))


def bed_with(qtbot, languages: FakeLanguages) -> Testbed:
    bed = Testbed(qtbot, FakeLibrary([make_file("leave.pdf", title="Leave", document_id="d1")]))
    bed.pane.attach(bed.library, languages=languages)
    return bed


def test_how_far_the_pack_is_is_said_while_it_works(qloop, qtbot):
    languages = FakeLanguages(2)
    languages.gate = asyncio.Event()
    bed = bed_with(qtbot, languages)
    words = bed.pane.languages
    qtbot.waitUntil(words.isVisible)
    assert words.text() == "Questions in other languages: 0 of 2 passages ready"
    languages.gate.set()
    bed.settle()
    assert words.text() == "Questions in other languages: all 2 passages ready"


def test_new_files_are_prepared_after_their_import(qloop, qtbot):
    languages = FakeLanguages(1)
    bed = bed_with(qtbot, languages)
    bed.settle()
    languages.passages = 3
    bed.pane.presenter.add([Path("/x/travel.pdf")])
    bed.settle()
    assert (languages.ready, languages.runs) == (3, 2)


def test_what_came_meanwhile_is_prepared_in_one_more_run(qloop, qtbot):
    languages = FakeLanguages(1)
    languages.gate = asyncio.Event()
    bed = bed_with(qtbot, languages)
    qtbot.waitUntil(lambda: languages.runs == 1)
    for _ in range(3):
        bed.pane.presenter.languages.look()
    languages.gate.set()
    bed.settle()
    assert languages.runs == 2


def test_without_the_pack_nothing_is_said(qloop, qtbot):
    languages = FakeLanguages(1, installed=False)
    bed = bed_with(qtbot, languages)
    bed.settle()
    assert not bed.pane.languages.isVisible() and languages.runs == 0
