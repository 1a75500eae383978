import os
import stat
from pathlib import Path

import pytest

from hrdesk.core.errors import StoreUnavailable
from hrdesk.system.paths import Paths, resources


def test_everything_lies_inside_the_data_folder(tmp_path: Path):
    paths = Paths.at(tmp_path / "data")
    places = [paths.database, paths.files, paths.backups, paths.settings, paths.logs]
    assert all(place.is_relative_to(paths.root) for place in places)
    assert not paths.root.exists()


def test_the_default_folder_is_the_users_own():
    assert "hrdesk" in Paths.default().root.name


@pytest.mark.skipif(os.name != "posix", reason="Only POSIX has these permissions.")
def test_made_folders_are_for_the_user_alone(tmp_path: Path):
    paths = Paths.at(tmp_path / "new" / "data")
    paths.create()
    modes = {stat.S_IMODE(folder.stat().st_mode) for folder in (paths.root, paths.files, paths.backups)}
    assert modes == {0o700}


@pytest.mark.skipif(os.name != "posix", reason="Only POSIX has these permissions.")
def test_a_folder_open_to_others_is_closed_to_them(tmp_path: Path):
    root = tmp_path / "data"
    root.mkdir(mode=0o755)
    Paths.at(root).create()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_creating_twice_is_fine(tmp_path: Path):
    Paths.at(tmp_path / "data").create()
    Paths.at(tmp_path / "data").create()


def test_a_file_in_the_way_is_refused_with_advice(tmp_path: Path):
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreUnavailable, match="--data-dir"):
        Paths.at(tmp_path / "data").create()


def test_a_relative_folder_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert Paths.at("here").root == tmp_path / "here"


def test_the_resources_are_found():
    assert (resources() / "icons").is_dir()
