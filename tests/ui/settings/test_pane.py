"""The settings page, used as a user does: connections, their keys, the data folder, the appearance."""

import json

import pytest
from PySide6.QtWidgets import QComboBox, QLineEdit

from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import HrdeskError
from hrdesk.system.settings import Settings
from tests.ui.settings.testbed import Testbed


@pytest.fixture
def bed(qloop, qtbot, tmp_path) -> Testbed:
    return Testbed(qtbot, tmp_path)


def test_names_for_screen_readers(bed):
    assert bed.pane.accessibleName() == "Settings"
    assert "Connection" in {box.accessibleName() for box in bed.pane.findChildren(QComboBox)}
    assert "API key" in {field.accessibleName() for field in bed.pane.findChildren(QLineEdit)}


def test_this_computer_needs_no_key(bed):
    assert bed.pane.connection.note.text() == "Nothing leaves this computer."
    key = bed.pane.connection.key
    assert key.field.isVisible() and not key.field.isEnabled()
    assert not any(part.isVisible() for part in (key.store, key.delete, key.check, key.words))


def test_a_key_is_stored_tested_and_deleted(bed):
    bed.choose("openai")
    assert bed.words == "No key is stored."
    bed.store("sk-good")
    assert bed.words == "A key is stored in: GNOME Keyring."
    bed.press("Test connection")
    assert bed.trial == "The key works: OpenAI offers 12 models."
    bed.press("Delete key")
    assert bed.words == "No key is stored."
    assert bed.connections.keys == {}


def test_a_stored_key_is_never_shown_and_never_in_a_file(bed, tmp_path):
    bed.choose("openai")
    bed.store("sk-good")
    assert bed.pane.connection.key.field.text() == ""
    assert bed.pane.connection.key.field.echoMode() == QLineEdit.EchoMode.Password
    bed.pane.presenter.change(theme="dark")
    bed.settle()
    assert all("sk-good" not in file.read_text() for file in tmp_path.rglob("*") if file.is_file())


def test_a_refused_key_gets_advice(bed):
    bed.choose("openai")
    bed.store("sk-bad")
    bed.press("Test connection")
    assert bed.trial == "The key was refused. Check the key in your account."
    assert bed.pane.connection.doing.line.words.property("tone") == "warning"
    assert bed.reports.errors == []


@pytest.mark.parametrize("state", ["locked", "timeout"])
def test_a_locked_or_silent_key_store_can_be_asked_again(bed, state):
    bed.connections.state = state
    bed.choose("openai")
    assert "Check again" in bed.words
    bed.connections.state = "ok"
    bed.connections.keys["openai"] = "sk-good"
    bed.press("Check again")
    assert bed.words == "A key is stored in: GNOME Keyring."


def test_without_a_key_store_the_page_says_for_how_long_a_key_is_kept(bed):
    bed.connections.state = "session"
    bed.choose("openai")
    bed.store("sk-good")
    assert bed.words == "A key is kept for this start only; it is gone when hrdesk closes."


def test_a_trouble_of_the_key_store_is_said_on_the_page(bed):
    bed.connections.trouble = HrdeskError("The keyring refused.", "Try again.")
    bed.choose("openai")
    assert bed.words == "The keyring refused. Try again."


def test_the_connection_chosen_is_put_in_force_and_kept(bed):
    bed.choose("openai")
    assert bed.pane.presenter.settings.connection == "openai"
    assert json.loads(bed.path.read_text())["connection"] == "openai"
    assert "api.openai.com" in bed.pane.connection.note.text()


def test_blank_keys_cannot_be_stored(bed):
    bed.choose("openai")
    bed.qtbot.keyClicks(bed.pane.connection.key.field, "   ")
    assert not bed.pane.connection.key.store.isEnabled()


def test_the_folder_and_its_protection_are_shown(bed, tmp_path):
    assert bed.pane.data.path.toPlainText() == str(tmp_path)
    assert bed.pane.data.storage.text() == "Not encrypted: this computer offers no key store."


def test_theme_and_text_size_are_told_at_once_and_kept(bed, qtbot):
    with qtbot.waitSignal(bed.pane.presenter.changed) as changed:
        bed.press("Dark")
    assert changed.args[0].theme == "dark"
    size = bed.pane.appearance.text_size
    size.activated.emit(size.findData(125))
    bed.settle()
    kept = json.loads(bed.path.read_text())
    assert (kept["theme"], kept["text_size"]) == ("dark", 125)


def test_what_was_chosen_earlier_is_shown(qloop, qtbot, tmp_path):
    bed = Testbed(qtbot, tmp_path, Settings(theme="dark", text_size=120))
    assert bed.pane.appearance.modes["dark"].isChecked()
    assert bed.pane.appearance.text_size.currentData() == 110


def test_many_changes_end_with_the_last_one_kept(bed):
    for size in (90, 110, 125, 150):
        bed.pane.presenter.change(text_size=size)
    bed.settle()
    assert json.loads(bed.path.read_text())["text_size"] == 150


def test_an_answer_about_another_connection_is_not_shown(bed):
    bed.choose("openai")
    bed.pane.presenter.keys.check()
    bed.pane.presenter.show_connection("local")
    bed.settle()
    assert not bed.pane.connection.key.words.isVisible()
    assert not bed.pane.connection.key.field.isEnabled()


def test_a_test_can_be_cancelled_and_no_answer_comes_later(bed):
    bed.choose("openai")
    bed.store("sk-good")
    gate = bed.close_gate()
    bed.press("Test connection", wait=False)
    assert bed.trial == "Testing the connection…"
    bed.press("Cancel: test")
    gate.set()
    assert bed.trial == "Cancelled."
    assert bed.pane.connection.doing.test.isEnabled()


def test_what_was_said_of_one_connection_is_gone_with_the_next(bed):
    bed.choose("openai")
    bed.press("Test connection")
    assert bed.trial
    bed.choose("local")
    assert not bed.pane.connection.doing.isVisible()
    bed.choose("openai")
    assert bed.trial == ""


def test_a_key_typed_for_one_connection_does_not_stay_for_the_next(bed):
    other = Connection("office", "Office", ConnectionKind.CHAT, "https://m.example", "m", needs_key=True)
    bed.run(bed.connections.save(other))
    bed.choose("openai")
    bed.qtbot.keyClicks(bed.pane.connection.key.field, "sk-half")
    bed.choose("office")
    assert bed.pane.connection.key.field.text() == ""


def test_a_connection_without_a_model_says_how_to_get_one(bed):
    bed.run(bed.connections.save(Connection("new", "New", ConnectionKind.CHAT, "https://m.example")))
    bed.choose("new")
    assert bed.pane.connection.missing.isVisible()
    bed.choose("openai")
    assert not bed.pane.connection.missing.isVisible()


def test_a_removed_connection_can_be_brought_back(bed):
    bed.choose("openai")
    bed.press("Remove connection")
    assert [one.name for one in bed.connections.connections] == ["local"]
    assert bed.pane.presenter.settings.connection == "local"
    notice = bed.notices[-1]
    assert notice.text == "“OpenAI” and its key were removed. This computer answers now."
    notice.action.run()
    bed.settle()
    assert bed.pane.presenter.shown.title == "OpenAI"


def test_a_trouble_while_removing_is_reported_and_nothing_is_lost(bed):
    bed.choose("openai")
    bed.connections.trouble = HrdeskError("The store refused.")
    bed.press("Remove connection")
    assert [str(error) for error in bed.reports.errors] == ["The store refused."]
    assert bed.pane.presenter.shown.title == "OpenAI"


def test_this_computer_can_be_neither_changed_nor_removed(bed):
    bed.choose("local")
    assert not bed.pane.connection.doing.isVisible()
    bed.pane.presenter.remove()
    assert bed.pane.presenter.shown.is_local
