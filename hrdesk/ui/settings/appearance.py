"""The card for light and dark and the size of text."""

from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QPushButton, QWidget

from hrdesk.system.settings import Settings
from hrdesk.ui import theme
from hrdesk.ui.settings.presenter import SettingsPresenter
from hrdesk.ui.settings.section import Section, at_left

SIZES = (90, 100, 110, 125, 150, 175, 200)
_MODES = (("system", "System", "monitor"), ("light", "Light", "sun"), ("dark", "Dark", "moon"))


class AppearanceCard(Section):
    """Changes are seen at once."""

    def __init__(self, presenter: SettingsPresenter) -> None:
        super().__init__("Appearance")
        self._presenter = presenter
        self.modes = {mode: self._mode_button(mode, text, drawing) for mode, text, drawing in _MODES}
        self.text_size = QComboBox()
        self.text_size.setAccessibleName("Text size")
        for percent in SIZES:
            self.text_size.addItem(f"{percent} %", percent)
        self.text_size.activated.connect(lambda at: presenter.change(text_size=self.text_size.itemData(at)))
        self.add_row("Theme", self._segments())
        self.text_size.setMaximumWidth(160)
        self.add_row("Text size", at_left(self.text_size))
        self.show_settings(presenter.settings)
        presenter.changed.connect(self.show_settings)

    def show_settings(self, settings: Settings) -> None:
        """Show what is chosen; a size that is not offered shows as the next smaller one."""
        self.modes[settings.theme].setChecked(True)
        offered = [size for size in SIZES if size <= settings.text_size]
        self.text_size.setCurrentIndex(max(0, len(offered) - 1))

    def _mode_button(self, mode: str, text: str, drawing: str) -> QPushButton:
        made = theme.button(text, drawing=drawing, kind="segment")
        made.setCheckable(True)
        made.clicked.connect(lambda: self._presenter.change(theme=mode))
        return made

    def _segments(self) -> QWidget:
        place = QWidget()
        outer = QHBoxLayout(place)
        outer.setContentsMargins(0, 0, 0, 0)
        frame = QFrame()
        frame.setProperty("kind", "segments")
        row = QHBoxLayout(frame)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        group = QButtonGroup(self)
        for button in self.modes.values():
            group.addButton(button)
            row.addWidget(button)
        outer.addWidget(frame)
        outer.addStretch(1)
        return place
