"""The page in narrow windows and with large text: everything wraps, nothing is cut off at the side."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget

from hrdesk.core.errors import HrdeskError
from hrdesk.ui import theme
from hrdesk.ui.settings.flow import in_lines
from tests.ui.settings.testbed import Testbed

NARROW = 560  # pixels


@pytest.fixture(params=[1.0, 2.0], ids=["normal", "large"])
def bed(qloop, qtbot, qapp, tmp_path, request) -> Testbed:
    theme.apply(qapp, "dark", request.param)
    made = Testbed(qtbot, tmp_path)
    made.pane.resize(NARROW, 800)
    return made


def _fits(bed: Testbed) -> bool:
    areas = [area for area in bed.pane.findChildren(QScrollArea) if area.isVisible()]
    assert areas
    bed.qtbot.waitUntil(lambda: bed.pane.width() == NARROW)
    return all(area.horizontalScrollBar().maximum() == 0 for area in areas)


def test_the_cards_fit(bed):
    bed.choose("openai")
    bed.press("Test connection")
    bed.press("Show 3 prices")
    bed.press("Edit the price of model-01")
    bed.press("Add a price")
    bed.type("Assistant name", "Another")
    assert _fits(bed)


def test_what_to_begin_with_fits(bed):
    bed.press("Add connection")
    assert _fits(bed)


def test_the_editor_fits_with_every_fault_shown(bed):
    bed.press("Add connection")
    bed.press("Azure")
    bed.press("More settings")
    bed.press("Save connection")
    assert _fits(bed)


def test_long_words_are_broken(bed):
    kept = bed.connections.connections[1]
    bed.run(bed.connections.save(replace(kept, title="Ω" * 300, base_url=f"https://{'a' * 200}.example/v1")))
    bed.run(bed.desk.profiles.save("D" * 200, "I" * 400, "m" * 200, ("lookup_policy",)))
    bed.desk.costs.list["m" * 300] = replace(bed.desk.costs.list["model-00"], model="m" * 300)
    bed.connections.trouble = HrdeskError("x" * 300)
    bed.choose("openai")
    bed.press("Test connection")
    bed.press("Show 3 prices")
    assert _fits(bed)
    bed.press("Edit connection")
    assert _fits(bed)


def test_a_change_of_the_text_size_is_followed(bed, qapp):
    bed.choose("openai")
    theme.apply(qapp, "light", 2.0)
    assert _fits(bed)


def test_buttons_go_on_in_the_next_line(qtbot, themed):
    page = QWidget()
    qtbot.addWidget(page)
    buttons = [QPushButton(f"Button number {number}") for number in range(3)]
    column = QVBoxLayout(page)
    column.addWidget(in_lines(*buttons))
    column.addStretch(1)
    page.resize(800, 300)
    page.show()
    assert len({button.y() for button in buttons}) == 1
    page.resize(200, 300)
    qtbot.waitUntil(lambda: len({button.y() for button in buttons}) == 3)
    buttons[1].hide()
    qtbot.waitUntil(lambda: buttons[2].y() < 2 * buttons[0].height())
