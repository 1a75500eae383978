"""How far an import is, and an estimate that says nothing before it knows."""

from dataclasses import replace

import pytest

from hrdesk.core.documents import FileState
from hrdesk.ui.library.progress import Estimate, Progress
from tests.ui.fakes import make_file


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def queued(count: int, size: int = 70_000):
    return [make_file(f"{n}.pdf", FileState.QUEUED, size=size) for n in range(count)]


def read(estimate: Estimate, clock: Clock, file, seconds: float) -> None:
    estimate.put(replace(file, state=FileState.READING))
    clock.now += seconds
    estimate.put(replace(file, state=FileState.INDEXED))


def test_the_rest_takes_as_long_as_what_was_read(clock):
    estimate = Estimate(clock)
    files = queued(20)
    for file in files:
        estimate.put(file)
    assert estimate.seconds() is None
    for number, file in enumerate(files[:10]):
        read(estimate, clock, file, 2)
        assert (estimate.seconds() is None) == (number < 2)
    assert estimate.share == pytest.approx(0.5)
    assert estimate.seconds() == pytest.approx(20)


def test_large_files_count_for_more(clock):
    estimate = Estimate(clock)
    small, large = queued(4), make_file("large.pdf", FileState.QUEUED, size=970_000)
    for file in (*small, large):
        estimate.put(file)
    for file in small:
        read(estimate, clock, file, 2)
    assert estimate.seconds() == pytest.approx(20)


def test_what_was_long_ago_does_not_count(clock):
    estimate = Estimate(clock)
    files = queued(40)
    for file in files:
        estimate.put(file)
    for file in files[:10]:
        read(estimate, clock, file, 30)
    for file in files[10:30]:
        read(estimate, clock, file, 4)
    assert estimate.seconds() == pytest.approx(40, rel=0.2)


def test_a_scan_is_estimated_by_its_own_pages(clock):
    estimate = Estimate(clock)
    scan = make_file("scan.pdf", FileState.QUEUED, size=10)
    estimate.put(scan)
    estimate.put(replace(scan, state=FileState.READING))
    clock.now = 40
    assert estimate.seconds() is None
    estimate.put(replace(scan, state=FileState.READING, done=0.25))
    assert estimate.seconds() == pytest.approx(120)
    assert estimate.share == pytest.approx(0.25)


def test_a_pause_does_not_count(clock):
    estimate = Estimate(clock)
    files = queued(8)
    for file in files:
        estimate.put(file)
    for file in files[:4]:
        read(estimate, clock, file, 2)
    estimate.pause(paused=True)
    clock.now += 3_600
    estimate.pause(paused=False)
    assert estimate.seconds() == pytest.approx(8)


def test_progress_is_said_in_words():
    assert Progress(3, 2_000, "a.pdf").sentence == "Reading 4 of 2,000 files: a.pdf"
    page = Progress(0, 1, "scan.pdf", "Recognising text: page 12 of 80", 0.15, 300)
    assert page.sentence == (
        "Reading 1 of 1 file: scan.pdf · Recognising text: page 12 of 80 · about 5 minutes left"
    )
    assert Progress(3, 9, is_paused=True).sentence == "Paused: 3 of 9 files read"
