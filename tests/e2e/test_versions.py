"""A new version in the real window: dropped, offered, accepted, compared, opened, and measured."""

from pathlib import Path

from hrdesk.core.evaluations import Gold
from hrdesk.core.versions import ChangeKind
from hrdesk.ui.viewer.pane import VERSIONS
from tests.e2e.conftest import Play
from tests.e2e.program import POLICIES
from tests.e2e.window import drop_and_wait, until, window_on

REMOTE = POLICIES / "remote-work-and-equipment.md"


def test_a_new_version_is_offered_accepted_compared_and_measured(play: Play, tmp_path: Path) -> None:
    newer = tmp_path / "anywhere.md"
    text = REMOTE.read_text(encoding="utf-8").replace("# Remote work and equipment", "# Working anywhere")
    text = text.replace("Effective from: 1 March 2026", "").replace("up to three days", "up to four days")
    newer.write_text(text, encoding="utf-8")

    async def day() -> None:
        async with window_on(tmp_path / "data") as (window, desk):
            library, questions = window.library, window.library.presenter.questions
            questions._quiet.setInterval(0)
            questions.add("How many days a week from home?", [Gold(REMOTE.name)])
            await drop_and_wait(window, REMOTE)
            await until(lambda: len(questions.evaluations) == 1)
            window.show_page("library")
            await drop_and_wait(window, newer)
            await until(library.offers.isVisible)
            library.offers.accept.click()
            await until(lambda: not library.offers.isVisible())
            await until(lambda: len(questions.evaluations) >= 2 and not questions.is_running)
            assert questions.evaluations[-1].found[0].rank == 1
            library.table.selectRow(0)
            await until(library.details.compare.isVisible)
            library.details.compare.click()
            versions = window.viewer.versions
            await until(lambda: versions._comparison is not None)
            assert window.viewer.tabs.currentIndex() == VERSIONS
            comparison = versions._comparison
            assert comparison is not None
            [change] = [one for one in comparison.changes if one.new and "four days" in one.new.text]
            assert change.kind is ChangeKind.CHANGED
            versions.citation_clicked.emit(comparison.cite(change, old=False))
            await until(lambda: window.viewer.presenter.shown is not None)
            assert window.viewer.presenter.shown and window.viewer.presenter.shown.page.rects
            assert [one.file for one in await desk.library.versions.versions(comparison.document.id)] == [
                REMOTE.name,
                newer.name,
            ]

    play(day())
