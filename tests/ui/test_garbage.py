"""Garbage goes in the window's thread only, and is gone in the end."""

import gc
import threading
import weakref

from hrdesk.ui import garbage


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


def test_other_threads_collect_nothing_and_the_timer_does(qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "TICK_MS", 0)
    monkeypatch.setattr(garbage, "YOUNG", 0)
    collecting: list[str] = []

    def note(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            collecting.append(threading.current_thread().name)

    gc.callbacks.append(note)
    try:
        with garbage.collected_here():
            knot = Knot()
            gone = weakref.ref(knot)
            del knot
            worker = threading.Thread(target=lambda: [Knot() for _ in range(20_000)])
            worker.start()
            worker.join()
            assert collecting == []
            qtbot.waitUntil(lambda: gone() is None)
        assert set(collecting) == {threading.main_thread().name}
        assert gc.isenabled()
    finally:
        gc.callbacks.remove(note)


def test_older_objects_are_looked_at_more_rarely(monkeypatch):
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", looked.append)
    monkeypatch.setattr(gc, "get_count", lambda: (garbage.YOUNG + 1, 0, 0))
    collector = garbage._Collector()
    for _ in range(garbage.OLD_TICKS):
        collector.tick()
    assert (looked.count(2), looked.count(1)) == (1, garbage.OLD_TICKS // garbage.MIDDLE_TICKS - 1)
    assert looked[-1] == 2 and looked[0] == 0


def test_a_large_document_on_its_way_is_waited_for_but_not_for_ever(monkeypatch):
    looked: list[int] = []
    monkeypatch.setattr(gc, "collect", looked.append)
    monkeypatch.setattr(gc, "get_count", lambda: (garbage.PASSING + 1, 0, 0))
    collector = garbage._Collector()
    for _ in range(garbage.PATIENCE):
        collector.tick()
    assert looked == []
    collector.tick()
    assert looked == [0]
