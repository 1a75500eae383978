"""Adding and changing connections, used as a user does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton

from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.core.errors import HrdeskError
from tests.ui.settings.testbed import Testbed


@pytest.fixture
def bed(qloop, qtbot, tmp_path) -> Testbed:
    return Testbed(qtbot, tmp_path)


def _add(bed: Testbed, preset: str) -> None:
    bed.press("Add connection")
    bed.press(preset)


def _edit(bed: Testbed, name: str = "openai") -> None:
    bed.choose(name)
    bed.press("Edit connection")


def _kept(bed: Testbed, name: str):
    return {one.name: one for one in bed.connections.connections}[name]


def test_a_local_model_is_added_with_three_clicks_and_answers_from_then_on(bed):
    _add(bed, "Ollama on this computer")
    bed.press("Fetch models")
    bed.pick("Model", "model-small")
    bed.press("Save connection")
    made = _kept(bed, "ollama")
    assert (made.kind, made.base_url) == (ConnectionKind.CHAT, "http://localhost:11434/v1")
    assert (made.model, made.needs_key) == ("model-small", False)
    assert not bed.pane.is_editing
    assert bed.pane.presenter.settings.connection == "ollama"
    assert bed.pane.connection.chooser.currentText() == "Ollama"


def test_models_come_from_the_server_with_the_key_just_typed(bed):
    _add(bed, "OpenAI")
    bed.type("API key", "sk-good")
    bed.press("Fetch models")
    model = bed.pane.editor.where.model
    assert [model.itemText(at) for at in range(model.count())] == ["model-large", "model-small"]
    assert bed.pane.editor.where.fetching.words.text() == "2 models to choose from."
    asked, key = bed.connections.asked[-1]
    assert (asked.base_url, key) == ("https://api.openai.com/v1", "sk-good")


def test_a_key_leaves_the_field_at_once_and_reaches_the_key_store_only(bed, tmp_path):
    _add(bed, "Azure")
    bed.type("Address", "https://office.openai.azure.com/openai/v1")
    bed.type("Name", "Office")
    bed.type("Model", "m")
    bed.type("API key", "sk-good")
    bed.press("Test connection")
    field = bed.find(QLineEdit, "API key")
    assert field.text() == "" and field.echoMode() == QLineEdit.EchoMode.Password
    assert bed.pane.editor.footer.testing.words.text() == "The key works: Office offers 12 models."
    assert bed.connections.keys == {}
    bed.press("Save connection")
    assert bed.connections.keys == {"office": "sk-good"}
    assert bed.words == "A key is stored in: GNOME Keyring."
    assert all("sk-good" not in file.read_text() for file in tmp_path.rglob("*") if file.is_file())


def test_a_cancelled_editor_forgets_the_key_it_held(bed):
    _add(bed, "OpenAI")
    bed.type("API key", "sk-good")
    bed.press("Cancel")
    _add(bed, "OpenAI")
    bed.type("Model", "m")
    bed.type("Name", "Second")
    bed.press("Save connection")
    assert bed.connections.keys == {}


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(bed):
    _add(bed, "Assistants-compatible server")
    bed.type("Name", "OpenAI")
    bed.type("Address", "http://models.example.com/v1")
    bed.press("Save connection")
    rows = bed.pane.editor.where.rows
    assert rows["title"].fault == "Another connection has this name."
    assert rows["base_url"].fault.startswith("Use https")
    assert rows["model"].fault
    assert bed.find(QLineEdit, "Address").text() == "http://models.example.com/v1"
    assert bed.find(QLineEdit, "Address").accessibleDescription().startswith("Use https")
    assert bed.pane.editor.footer.saving.words.text() == "Not saved yet: see the marked fields."
    bed.type("Address", "https://models.example.com/v1")
    assert rows["base_url"].fault == "" and rows["title"].fault


def test_a_fault_in_the_finer_settings_opens_them(bed):
    _edit(bed)
    assert not bed.pane.editor.shows_more
    bed.press("More settings")
    bed.type("Most tokens of a thread that are sent", "12")
    bed.press("Fewer settings")
    bed.press("Save connection")
    assert bed.pane.editor.limits.isVisible()
    assert bed.pane.editor.limits.rows["context"].fault


def test_a_refusal_of_the_service_is_said_and_what_was_typed_stays(bed):
    _edit(bed)
    bed.type("Name", "Head office")
    bed.connections.trouble = HrdeskError("The store is full.", "Free some space.")
    bed.press("Save connection")
    assert bed.pane.editor.footer.saving.words.text() == "The store is full. Free some space."
    assert bed.find(QLineEdit, "Name").text() == "Head office"
    bed.press("Save connection")
    assert _kept(bed, "openai").title == "Head office"


def test_a_key_that_is_refused_leaves_the_connection_saved_and_says_so(bed):
    _edit(bed)
    bed.type("API key", "sk-good")
    bed.connections.troubles["store_key"] = HrdeskError("The keyring refused.")
    bed.press("Save connection")
    assert bed.pane.is_editing
    assert bed.pane.editor.where.rows["key"].fault == "The keyring refused."
    bed.press("Save connection")
    assert bed.connections.keys == {"openai": "sk-good"}


def test_a_stored_key_never_goes_to_another_host(bed):
    bed.connections.keys["openai"] = "sk-good"
    _edit(bed)
    bed.type("Address", "https://elsewhere.example/v1")
    for button in ("Fetch models", "Test connection", "Save connection"):
        bed.press(button)
        assert "belongs to api.openai.com" in bed.pane.editor.where.rows["key"].fault
    assert bed.connections.asked == []
    assert _kept(bed, "openai").base_url == "https://api.openai.com/v1"
    bed.type("API key", "sk-other")
    bed.press("Save connection")
    assert bed.connections.keys == {"openai": "sk-other"}
    order = [call[0] for call in bed.connections.calls]
    assert order.index("delete_key") < order.index("save") < order.index("store_key")


def test_a_fetch_can_be_cancelled(bed):
    _add(bed, "Ollama on this computer")
    gate = bed.close_gate()
    bed.press("Fetch models", wait=False)
    assert not bed.pane.editor.where.fetch.isEnabled()
    bed.press("Cancel: models")
    gate.set()
    assert bed.pane.editor.where.fetching.words.text() == "Cancelled."
    assert bed.pane.editor.where.model.count() == 0


def test_a_test_can_be_cancelled(bed):
    _add(bed, "Ollama on this computer")
    gate = bed.close_gate()
    bed.press("Test connection", wait=False)
    bed.press("Cancel: test")
    gate.set()
    assert bed.pane.editor.footer.testing.words.text() == "Cancelled."


def test_a_refused_test_is_said_with_advice_and_in_the_tone_of_a_warning(bed):
    _edit(bed)
    bed.type("API key", "sk-bad")
    bed.press("Test connection")
    words = bed.pane.editor.footer.testing.words
    assert words.text() == "The key was refused. Check the key in your account."
    assert words.property("tone") == "warning"


def test_a_bug_while_testing_is_reported_and_the_test_can_be_tried_again(bed):
    _edit(bed)
    bed.connections.trouble = RuntimeError("a bug")
    bed.press("Test connection")
    assert [str(error) for error in bed.reports.errors] == ["a bug"]
    assert bed.pane.editor.footer.test.isEnabled()
    assert not bed.pane.editor.footer.testing.isVisible()


def test_a_result_is_taken_back_when_something_else_is_typed(bed):
    _edit(bed)
    bed.type("API key", "sk-good")
    bed.press("Test connection")
    assert bed.pane.editor.footer.testing.isVisible()
    bed.type("Address", "https://elsewhere.example/v1")
    assert not bed.pane.editor.footer.testing.isVisible()


def test_leaving_without_a_change_says_nothing(bed):
    _edit(bed)
    bed.press("Back to settings")
    assert not bed.pane.is_editing and bed.notices == []


def test_dropped_changes_can_be_taken_up_again(bed):
    _edit(bed)
    bed.type("Name", "Head office")
    bed.press("Cancel")
    assert bed.notices[-1].text == "Changes to “Head office” were dropped."
    bed.notices[-1].action.run()
    assert bed.pane.is_editing
    assert bed.find(QLineEdit, "Name").text() == "Head office"
    bed.press("Save connection")
    assert _kept(bed, "openai").title == "Head office"


def test_the_page_offers_what_the_kind_has(bed):
    _edit(bed)
    editor = bed.pane.editor
    bed.press("More settings")
    assert editor.where.region.isVisible() and editor.keeping.store.isVisible()
    assert not editor.keeping.background.isEnabled()
    bed.tick("The provider may keep answers")
    assert editor.keeping.background.isEnabled()
    assert "30 days" in editor.keeping.background.sentence.text()
    bed.tick("Run in the background")
    assert not editor.keeping.stream.isEnabled()
    bed.pick("Where policies are looked up", "In the vector store, by the provider")
    assert editor.policies.vector_store.isVisible()
    bed.pick("Kind", "Language model (chat completions)")
    assert not editor.where.region.isVisible() and not editor.keeping.store.isVisible()
    assert not editor.policies.vector_store.isVisible()
    assert editor.policies.search.count() == 2


def test_every_field_is_saved(bed, tmp_path):
    file = tmp_path / "ca.pem"
    file.write_text("-----BEGIN CERTIFICATE-----")
    _edit(bed)
    bed.press("More settings")
    bed.type("Name", "Europe")
    bed.pick("Region", "European Union")
    bed.tick("The provider may keep answers")
    bed.tick("Run in the background")
    bed.pick("Where policies are looked up", "In the vector store, by hrdesk")
    bed.type("Vector store", "vs_1")
    bed.tick("The provider may compute with code")
    bed.type("Most tokens of a thread that are sent", "32,000")
    bed.pane.editor.limits.take_file(file)
    bed.press("Save connection")
    made = _kept(bed, "openai")
    assert (made.title, made.region, made.store, made.background) == ("Europe", "eu", True, True)
    assert (made.search, made.vector_store) == (SearchPlace.HOSTED, "vs_1")
    assert (made.code_interpreter, made.context_tokens, made.ca_file) == (True, 32_000, str(file))


def test_a_server_without_a_key_is_asked_without_one(bed):
    _edit(bed)
    bed.tick("This server wants a key")
    assert not bed.find(QLineEdit, "API key").isEnabled()
    bed.press("Save connection")
    assert not _kept(bed, "openai").needs_key


def test_this_computer_is_named_among_the_kinds_but_cannot_be_chosen(bed):
    _edit(bed)
    kind = bed.find(QComboBox, "Kind")
    assert kind.count() == 4
    at = kind.findData(ConnectionKind.LOCAL)
    assert not kind.model().flags(kind.model().index(at, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_every_control_has_a_name(bed):
    _edit(bed)
    bed.press("More settings")
    for kind in (QPushButton, QLineEdit, QComboBox, QCheckBox):
        for control in bed.pane.findChildren(kind):
            assert control.accessibleName() or isinstance(control.parent(), QComboBox), control


def test_tab_reaches_every_control_in_the_order_of_the_page(bed):
    _edit(bed)
    bed.press("More settings")
    bed.pane.activateWindow()
    bed.qtbot.waitUntil(bed.pane.isActiveWindow)
    bed.pane.editor.back.setFocus()
    places = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        place = focus.mapTo(bed.pane.editor, focus.rect().topLeft())
        if focus is bed.pane.editor.footer.test:
            break
        places.append((round(place.y() + bed.pane.editor.scrolled), focus.accessibleName()))
        bed.qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert len(places) >= 17
    assert [y for y, _ in places] == sorted(y for y, _ in places), places
