import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdesk.core.errors import HrdeskError
from hrdesk.system.settings import Settings, _from

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
_names = st.sampled_from([one.name for one in fields(Settings)]) | st.text(max_size=5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_without_a_file_there_are_defaults(path: Path):
    assert Settings.load(path) == Settings()


def test_saved_settings_come_back(path: Path):
    settings = Settings(theme="dark", text_size=120, window="AdnQywAD")
    settings.save(path)
    assert Settings.load(path) == settings


def test_settings_of_a_newer_version_are_kept(path: Path):
    path.write_text('{"theme": "dark", "voice": {"speed": 2}}')
    replace(Settings.load(path), theme="light").save(path)
    assert json.loads(path.read_text())["voice"] == {"speed": 2}


def test_a_damaged_file_is_kept_beside_and_defaults_are_used(path: Path):
    path.write_text('{"theme": "dark", ')
    assert Settings.load(path) == Settings()
    assert path.with_name("settings.json.damaged").read_text() == '{"theme": "dark", '
    assert not path.exists()


@pytest.mark.parametrize("contents", [b"\xff\xfe\x00", b"[]", b"", b"[" * 100_000])
def test_contents_that_are_no_settings_give_defaults(path: Path, contents: bytes):
    path.write_bytes(contents)
    assert Settings.load(path) == Settings()


def test_a_wrong_value_does_not_spoil_the_others(path: Path):
    path.write_text('{"theme": "pink", "text_size": 5000, "connection": "openai", "window": 3}')
    assert Settings.load(path) == Settings(connection="openai")


def test_a_failed_save_leaves_the_old_file(path: Path):
    Settings(theme="dark").save(path)
    path.with_name("settings.json.partial").mkdir()
    with pytest.raises(HrdeskError, match="could not be saved"):
        Settings(theme="light").save(path)
    assert Settings.load(path).theme == "dark"


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(_names, _json, max_size=6))
def test_any_object_gives_settings_of_the_right_types(data: dict[str, object]):
    found, default = _from(data), Settings()
    assert all(type(getattr(found, one.name)) is type(getattr(default, one.name)) for one in fields(Settings))
