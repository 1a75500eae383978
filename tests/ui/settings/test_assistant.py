"""The assistant's card: typing, versions, tools."""

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from hrdesk.core.errors import HrdeskError
from tests.ui.settings.testbed import Testbed


@pytest.fixture
def bed(qloop, qtbot, tmp_path) -> Testbed:
    return Testbed(qtbot, tmp_path)


def _instruct(bed: Testbed, text: str) -> None:
    bed.find(QPlainTextEdit, "Instructions").setPlainText(text)


def _versions(bed: Testbed) -> list[str]:
    return [row.words.text() for row in bed.pane.assistant.versions.rows]


def test_the_version_in_force_is_shown(bed):
    assert bed.find(QPlainTextEdit, "Instructions").toPlainText() == "Answer from the policies only."
    assert _versions(bed) == ["Version 1, 12 March 2026, in force for new questions"]
    assert not bed.pane.assistant.save.isEnabled()


def test_saving_makes_a_new_version(bed):
    _instruct(bed, "Be brief.")
    bed.press("Save assistant")
    assert bed.desk.profiles.kept[0].instructions == "Be brief."
    assert _versions(bed) == [
        "Version 2, 13 March 2026, in force for new questions",
        "Version 1, 12 March 2026",
    ]
    assert bed.pane.assistant.line.words.text() == "Saved as version 2, in force for new questions."
    assert not bed.pane.assistant.save.isEnabled()


def test_an_old_version_can_be_read_and_used_again_as_a_new_one(bed):
    _instruct(bed, "Be brief.")
    bed.press("Save assistant")
    bed.press("Show version 1")
    assert "Answer from the policies only." in bed.pane.assistant.versions.rows[1].said.text()
    bed.press("Use version 1 again")
    assert [one.version for one in bed.desk.profiles.kept] == [3, 2, 1]
    assert bed.find(QPlainTextEdit, "Instructions").toPlainText() == "Answer from the policies only."


def test_what_is_typed_is_not_lost_to_an_old_version(bed):
    _instruct(bed, "Be brief.")
    bed.press("Save assistant")
    _instruct(bed, "Be very brief.")
    use = bed.pane.assistant.versions.rows[1].use
    assert not use.isEnabled() and use.toolTip()
    bed.press("Discard changes")
    assert use.isEnabled()
    assert bed.find(QPlainTextEdit, "Instructions").toPlainText() == "Be brief."


def test_a_failed_save_keeps_what_was_typed(bed):
    _instruct(bed, "Be brief.")
    bed.desk.profiles.trouble = HrdeskError("The store is full.")
    bed.press("Save assistant")
    assert bed.pane.assistant.line.words.text() == "The store is full."
    assert bed.find(QPlainTextEdit, "Instructions").toPlainText() == "Be brief."
    bed.press("Save assistant")
    assert bed.desk.profiles.kept[0].version == 2


def test_an_assistant_needs_a_name_and_instructions(bed):
    bed.type("Assistant name", "")
    bed.press("Save assistant")
    assert bed.pane.assistant.line.words.text() == "Give the assistant a name."
    bed.type("Assistant name", "HR desk")
    _instruct(bed, "  ")
    bed.press("Save assistant")
    assert "instructions are empty" in bed.pane.assistant.line.words.text()
    assert len(bed.desk.profiles.kept) == 1


def test_blanks_at_the_ends_are_no_change(bed):
    bed.type("Assistant name", " HR  desk ")
    assert not bed.pane.assistant.save.isEnabled()


def test_tools_say_what_they_do_and_what_is_asked(bed):
    mail = bed.pane.assistant.tools.ticks["send_mail"]
    assert mail.sentence.text() == "Sends a mail from your account. You are asked before each use."
    bed.tick("Send mail")
    bed.press("Save assistant")
    assert bed.desk.profiles.kept[0].tools == ("lookup_policy", "send_mail")


def test_an_assistant_that_cannot_look_up_is_warned_of(bed):
    bed.tick("Look up policies")
    assert bed.pane.assistant.tools.warning.isVisible()
    bed.tick("Look up policies")
    assert not bed.pane.assistant.tools.warning.isVisible()


def test_a_tool_that_is_not_installed_here_stays_in_the_profile(bed):
    bed.run(bed.desk.profiles.save("HR desk", "Be brief.", "", ("lookup_policy", "gone")))
    bed.pane.assistant.presenter.attach(bed.desk.profiles)
    bed.settle()
    assert not bed.pane.assistant.save.isEnabled()
    bed.type("Assistant name", "Desk")
    bed.press("Save assistant")
    assert bed.desk.profiles.kept[0].tools == ("lookup_policy", "gone")


def test_few_versions_are_shown_at_first(bed):
    for number in range(4):
        bed.run(bed.desk.profiles.save("HR desk", f"Text {number}.", "", ()))
    bed.pane.assistant.presenter.attach(bed.desk.profiles)
    bed.settle()
    assert len(_versions(bed)) == 3
    bed.press("Show all versions")
    assert len(_versions(bed)) == 5
