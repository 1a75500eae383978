"""The page on which a connection is added or changed."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hrdesk.core.connections import Connection
from hrdesk.ui import theme
from hrdesk.ui.settings.draft import Draft
from hrdesk.ui.settings.editor_parts import KeepingPart, LimitsPart, Part, PoliciesPart, WherePart
from hrdesk.ui.settings.editor_presenter import EditorPresenter
from hrdesk.ui.settings.presets import PRESETS
from hrdesk.ui.settings.section import ChoiceButton, TrialLine, breakable, fill
from hrdesk.ui.settings.trial import TrialView

P = TypeVar("P", bound=Part)

SCROLL_BAR = 10  # pixels; see window.qss
SHOW_MORE, SHOW_LESS = "More settings", "Fewer settings"


class ConnectionEditor(QWidget):
    """First what to begin with, then the fields. Test, Cancel and Save stay in sight at the bottom.

    The cards are made when they are first needed: all at once would hold the window up.
    """

    left = Signal()
    """The editor is done, with or without a change."""

    where: WherePart
    keeping: KeepingPart
    policies: PoliciesPart
    limits: LimitsPart

    def __init__(self, presenter: EditorPresenter, widest: int) -> None:
        super().__init__()
        self.presenter = presenter
        self.setAccessibleName("Edit connection")
        self.back = theme.button("Settings", name="Back to settings", drawing="chevron-left", kind="link")
        self.back.clicked.connect(presenter.leave)
        self._heading = theme.label("", "heading", wrap=True)
        self.presets = _Presets(presenter)
        self._parts: list[Part] = []
        self.more = theme.button(SHOW_MORE, drawing="chevron-down", kind="link")
        self.more.clicked.connect(lambda: self._show_more(not self.shows_more))
        self.footer = _Footer(presenter, widest)
        self.footer.acting.connect(lambda: self.where.take_key())
        self._lay_out(widest)
        self._connect()

    @property
    def shows_more(self) -> bool:
        """Whether the finer settings are open."""
        return self.more.text() == SHOW_LESS

    @property
    def scrolled(self) -> int:
        """How far the fields are scrolled, in pixels."""
        return self._area.verticalScrollBar().value()

    def _lay_out(self, widest: int) -> None:
        outer = QVBoxLayout(self)
        fill(outer, spacing=0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        inside = QWidget()
        inside.setProperty("kind", "panel")
        self._area.setWidget(inside)
        self._column = theme.centred_column(inside, widest)
        self._column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._heading, self.presets):
            self._column.addWidget(widget)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        outer.addWidget(self._area, 1)
        outer.addWidget(self.footer)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.preset_wanted.connect(self._show_presets)
        presenter.opened.connect(self._show_fields)
        presenter.faults_changed.connect(self._show_faults)
        presenter.saved.connect(self._leave)
        presenter.left.connect(self._leave)

    # The cards

    def _make_fields(self) -> None:
        if not hasattr(self, "where"):
            at = self._column.indexOf(self.more)
            self.where = self._add(WherePart(self.presenter), at)
            self.keeping = self._add(KeepingPart(self.presenter), at + 1)

    def _make_more(self) -> None:
        if not hasattr(self, "limits"):
            at = self._column.indexOf(self.more) + 1
            self.policies = self._add(PoliciesPart(self.presenter), at)
            self.limits = self._add(LimitsPart(self.presenter), at + 1)

    def _add(self, part: P, at: int) -> P:
        """Insert a card that missed what was shown before it was made."""
        self._column.insertWidget(at, part)
        self._parts.append(part)
        if self.presenter.draft is not None:
            part.show_all(self.presenter.draft)
            part.show_choices(self.presenter.draft)
        part.show_faults(self.presenter.faults)
        part.show()
        return part

    # What is shown

    def _show_presets(self) -> None:
        self._heading.setText("Add a connection")
        self.presets.show()
        for widget in (self.more, self.footer, *self._parts):
            widget.hide()
        self.presets.buttons[0].setFocus()

    def _show_fields(self, draft: Draft) -> None:
        title = draft.saved.title if draft.saved else draft.connection.title
        heading = f"Edit “{title}”" if draft.saved else f"Add a connection: {title}"
        self._heading.setText(breakable(heading))
        self.presets.hide()
        self._make_fields()
        for widget in (self.where, self.keeping, self.more, self.footer):
            widget.show()
        self._show_more(_is_unusual(draft.connection))
        self._area.verticalScrollBar().setValue(0)
        (self.where.kind if draft.saved else self.where.name).setFocus()

    def _show_more(self, more: bool) -> None:
        self.more.setText(SHOW_LESS if more else SHOW_MORE)
        self.more.setAccessibleName(self.more.text())
        if more:
            self._make_more()
        for part in self._parts[2:]:
            part.setVisible(more)

    def _show_faults(self, faults: dict[str, str]) -> None:
        if faults.keys() - self.where.rows.keys():
            self._show_more(True)
        rows = [row for part in self._parts for field, row in part.rows.items() if field in faults]
        if rows:
            self._area.ensureWidgetVisible(rows[0])

    def _leave(self) -> None:
        if self._parts:
            self.where.key.clear()
        self.left.emit()


class _Presets(QWidget):
    """What a new connection can begin with."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__()
        self.buttons = [ChoiceButton(preset.title, preset.sentence) for preset in PRESETS]
        column = QVBoxLayout(self)
        fill(
            column,
            theme.label("What do you want to connect? All of it can be changed later.", "muted", wrap=True),
        )
        for preset, button in zip(PRESETS, self.buttons, strict=True):
            button.clicked.connect(lambda _=False, chosen=preset: presenter.begin(chosen))
            column.addWidget(button)


class _Footer(QFrame):
    """Test, Cancel, Save, and what came of them."""

    acting = Signal()
    """Something is about to be tried or saved."""

    def __init__(self, presenter: EditorPresenter, widest: int) -> None:
        super().__init__()
        self._presenter = presenter
        self.test = theme.button("Test connection")
        self.test.clicked.connect(lambda: self._act(presenter.test))
        self.cancel = theme.button("Cancel")
        self.cancel.clicked.connect(presenter.leave)
        self.save = theme.button("Save", name="Save connection", kind="primary")
        self.save.clicked.connect(lambda: self._act(presenter.save))
        self.testing = TrialLine("Test", presenter.testing.cancel)
        self.saving = TrialLine("Saving", presenter.saving.cancel)
        presenter.testing.changed.connect(self._show_testing)
        presenter.saving.changed.connect(self._show_saving)
        inside = QWidget()
        column = theme.centred_column(inside, widest)
        column.setSpacing(8)
        for line in (self.testing, self.saving):
            column.addWidget(line)
        row = QHBoxLayout()
        fill(row, self.test)
        row.addStretch(1)
        for button in (self.cancel, self.save):
            row.addWidget(button)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        fill(outer, theme.divider(), inside, spacing=0)
        frame = inside.layout()
        if frame is not None:
            frame.setContentsMargins(24, 12, 24 + SCROLL_BAR, 12)

    def _act(self, run: Callable[[], None]) -> None:
        self.acting.emit()
        run()

    def _show_testing(self, view: TrialView) -> None:
        self.testing.show_view(view)
        self.test.setEnabled(not view.is_busy)

    def _show_saving(self, view: TrialView) -> None:
        self.saving.show_view(view)
        self.save.setEnabled(not view.is_busy)


def _is_unusual(connection: Connection) -> bool:
    """Return whether one of the finer choices was made."""
    usual = Connection(connection.name, connection.title, connection.kind)
    fields = ("search", "vector_store", "code_interpreter", "context_tokens", "ca_file")
    return any(getattr(connection, field) != getattr(usual, field) for field in fields)
