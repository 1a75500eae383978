"""The card that says who the assistant is, what it is told, and which tools it may use."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from hrdesk.ui import theme
from hrdesk.ui.settings.assistant_presenter import AssistantPresenter, ProfileDraft
from hrdesk.ui.settings.flow import in_lines
from hrdesk.ui.settings.ports import Profiles
from hrdesk.ui.settings.section import Section, Tick, TrialLine, fill
from hrdesk.ui.settings.trial import TrialView
from hrdesk.ui.settings.versions import VersionList

LINES = 7
LOOKUP = "lookup_policy"
_TITLES = {LOOKUP: "Look up policies"}


class AssistantCard(Section):
    """Save makes a new version."""

    def __init__(self, presenter: AssistantPresenter) -> None:
        super().__init__(
            "Assistant",
            "What a language model is told with each question. This computer answers without it.",
        )
        self.presenter = presenter
        self.name = QLineEdit()
        self.name.setAccessibleName("Assistant name")
        self.add_row("Name", self.name)
        self.instructions = _text_field()
        self.add_row("Instructions", self.instructions)
        self.tools = _ToolList()
        self.add_row("Tools", self.tools)
        self.model = QLineEdit()
        self.model.setAccessibleName("Assistant model")
        self.model.setPlaceholderText("The model of the connection")
        note = theme.label(
            "Leave it empty unless every connection has a model of this name.", "small", wrap=True
        )
        self.add_row("Model", self.model, note)
        self.add_row("", self._buttons())
        self.versions = VersionList(presenter)
        self.add_row("Versions", self.versions)
        self._connect()
        self._show_dirty(False)

    def _buttons(self) -> QWidget:
        self.save = theme.button("Save", name="Save assistant", kind="primary")
        self.save.clicked.connect(self.presenter.save)
        self.drop = theme.button("Discard changes")
        self.drop.clicked.connect(self.presenter.drop)
        self.line = TrialLine("Saving the assistant", self.presenter.saving.cancel)
        self.presenter.saving.changed.connect(self._show_saving)
        place = QWidget()
        fill(QVBoxLayout(place), in_lines(self.save, self.drop), self.line)
        return place

    def _connect(self) -> None:
        self.name.textEdited.connect(self._type)
        self.model.textEdited.connect(self._type)
        self.instructions.textChanged.connect(self._type)
        self.tools.toggled.connect(self._type)
        self.presenter.shown.connect(self._show)
        self.presenter.dirty_changed.connect(self._show_dirty)

    def attach(self, profiles: Profiles) -> None:
        """Begin to work."""
        self.tools.offer(profiles)
        self.presenter.attach(profiles)

    def _type(self) -> None:
        self.presenter.type(
            ProfileDraft(
                self.name.text(), self.instructions.toPlainText(), self.model.text(), self.tools.chosen()
            )
        )

    def _show(self, draft: ProfileDraft) -> None:
        self.name.setText(draft.name)
        self.model.setText(draft.model)
        self.tools.choose(draft.tools)
        self.instructions.blockSignals(True)
        self.instructions.setPlainText(draft.instructions)
        self.instructions.blockSignals(False)

    def _show_dirty(self, is_dirty: bool) -> None:
        self.save.setEnabled(is_dirty)
        self.drop.setVisible(is_dirty)

    def _show_saving(self, view: TrialView) -> None:
        self.line.show_view(view)
        self.save.setEnabled(self.presenter.is_dirty and not view.is_busy)


class _ToolList(QWidget):
    """A check box for each tool; tools that are gone stay chosen until they are there again."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Tools")
        self.ticks: dict[str, Tick] = {}
        self._unknown: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        fill(self._column, spacing=0)
        self.warning = theme.label(
            "Without looking up policies, answers cannot rest on them.", "warning", wrap=True
        )
        self.warning.hide()
        self._column.addWidget(self.warning)

    def offer(self, profiles: Profiles) -> None:
        """Offer the tools there are; once."""
        for tool in profiles.tools():
            if tool.name not in self.ticks:
                asks = " You are asked before each use." if tool.has_side_effects else ""
                tick = Tick(_title(tool.name), f"{tool.description}{asks}")
                tick.toggled.connect(self._toggle)
                self._column.insertWidget(len(self.ticks), tick)
                self.ticks[tool.name] = tick

    def choose(self, names: tuple[str, ...]) -> None:
        """Tick these tools only."""
        self._unknown = tuple(name for name in names if name not in self.ticks)
        for name, tick in self.ticks.items():
            tick.box.setChecked(name in names)
        self._warn()

    def chosen(self) -> tuple[str, ...]:
        """Return the names of the ticked tools."""
        ticked = [name for name, tick in self.ticks.items() if tick.box.isChecked()]
        return (*ticked, *self._unknown)

    def _toggle(self) -> None:
        self._warn()
        self.toggled.emit()

    def _warn(self) -> None:
        tick = self.ticks.get(LOOKUP)
        self.warning.setVisible(tick is not None and not tick.box.isChecked())


def _title(name: str) -> str:
    return _TITLES.get(name, name.replace("_", " ").capitalize())


def _text_field() -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setAccessibleName("Instructions")
    field.setProperty("kind", "field")
    field.setTabChangesFocus(True)
    field.setFixedHeight(LINES * field.fontMetrics().lineSpacing() + 24)
    return field
