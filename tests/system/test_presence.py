"""Telling whether another hrdesk has the data folder open."""

from pathlib import Path

import pytest

from hrdesk.system.presence import Presence

pytest.importorskip("fcntl", reason="This system has no file locks of this kind.")


def test_one_is_alone_two_are_not_and_the_one_left_is_alone_again(tmp_path: Path) -> None:
    first = Presence(tmp_path / "lock")
    assert first.is_alone()
    second = Presence(tmp_path / "lock")
    assert not first.is_alone()
    assert not second.is_alone()
    second.close()
    assert first.is_alone()
    first.close()
    first.close()


def test_asking_does_not_give_up_ones_own_share(tmp_path: Path) -> None:
    first, second = Presence(tmp_path / "lock"), Presence(tmp_path / "lock")
    assert not first.is_alone()
    assert not second.is_alone()
    first.close()
    second.close()
