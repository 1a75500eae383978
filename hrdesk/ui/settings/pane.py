"""The settings page as it is seen: a column of cards, and in its place the editor of a connection."""

import asyncio
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from hrdesk.system.settings import Settings
from hrdesk.ui import theme
from hrdesk.ui.notices import Notices
from hrdesk.ui.settings.appearance import AppearanceCard
from hrdesk.ui.settings.assistant import AssistantCard
from hrdesk.ui.settings.assistant_presenter import AssistantPresenter
from hrdesk.ui.settings.connection import ConnectionCard
from hrdesk.ui.settings.data import AboutCard, DataCard
from hrdesk.ui.settings.editor import ConnectionEditor
from hrdesk.ui.settings.editor_presenter import EditorPresenter
from hrdesk.ui.settings.money import MoneyCard
from hrdesk.ui.settings.money_presenter import MoneyPresenter
from hrdesk.ui.settings.ports import SettingsDesk
from hrdesk.ui.settings.presenter import SettingsPresenter
from hrdesk.ui.settings.tabbing import chain
from hrdesk.ui.tasks import Tasks

WIDEST = 720


class SettingsPane(QWidget):
    """The page; what happens is in the presenters.

    The cards below the first are made when the page is first shown, the editor when it is first needed: the
    window does not wait for them. `assistant`, `money` and `editor` are there from then on.
    """

    assistant: AssistantCard
    money: MoneyCard
    editor: ConnectionEditor

    def __init__(self, tasks: Tasks, notices: Notices, settings: Settings, path: Path | None = None) -> None:
        super().__init__()
        self.setAccessibleName("Settings")
        self._tasks, self._notices = tasks, notices
        self._desk: SettingsDesk | None = None
        self._is_completing = False
        self.presenter = SettingsPresenter(tasks, notices, settings, path, self)
        self.connection = ConnectionCard(self.presenter)
        self.connection.add_clicked.connect(self._add)
        self.connection.edit_clicked.connect(self._edit)
        self.appearance = AppearanceCard(self.presenter)
        self.data = DataCard()
        self._stack = QStackedLayout(self)
        self._cards = QWidget()
        self._column = _scrolled_column(self._cards)
        self._column.addWidget(theme.label("Settings", "heading"))
        for card in (self.connection, self.data, self.appearance, AboutCard()):
            self._column.addWidget(card)
        self._column.addStretch(1)
        self._stack.addWidget(self._cards)

    def attach(self, desk: SettingsDesk) -> None:
        """Begin to work."""
        self._desk = desk
        self.data.show_folder(desk.paths.root, desk.storage)
        self.presenter.attach(desk.connections)
        if self.isVisible():
            self._complete(desk)

    @property
    def is_editing(self) -> bool:
        """Whether the editor of a connection is shown."""
        return self._stack.currentWidget() is not self._cards

    def focus_page(self) -> None:
        """Give the keyboard to the first control of what is shown."""
        (self.editor.back if self.is_editing else self.connection.chooser).setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._desk is not None:
            self._complete(self._desk)

    def focusNextPrevChild(self, forward: bool) -> bool:
        chain(self.editor if self.is_editing else self._cards)
        return super().focusNextPrevChild(forward)

    # The cards

    def _complete(self, desk: SettingsDesk) -> None:
        """Make the cards that are not there yet; count again what was spent."""
        if hasattr(self, "money"):
            self.money.presenter.refresh()
        elif not self._is_completing:
            self._is_completing = True
            self._tasks.start(self._add_cards(desk), "make settings")

    async def _add_cards(self, desk: SettingsDesk) -> None:
        # One at a turn of the event loop, so that the page is on the screen meanwhile.
        await asyncio.sleep(0)
        self.assistant = AssistantCard(AssistantPresenter(self._tasks, self))
        self._insert(self.assistant, self.connection)
        self.assistant.attach(desk.profiles)
        await asyncio.sleep(0)
        self.money = MoneyCard(MoneyPresenter(self._tasks, self._notices, self))
        self._insert(self.money, self.assistant)
        self.money.presenter.attach(desk.costs)

    def _insert(self, card: QWidget, before: QWidget) -> None:
        self._column.insertWidget(self._column.indexOf(before) + 1, card)

    # The editor

    def _add(self) -> None:
        self._prepare_editor().add()

    def _edit(self) -> None:
        if self.presenter.shown is not None:
            self._prepare_editor().edit(self.presenter.shown)

    def _prepare_editor(self) -> EditorPresenter:
        if not hasattr(self, "editor"):
            presenter = EditorPresenter(self._tasks, self._notices, self)
            self.editor = ConnectionEditor(presenter, WIDEST)
            self._stack.addWidget(self.editor)
            presenter.preset_wanted.connect(lambda: self._stack.setCurrentWidget(self.editor))
            presenter.opened.connect(lambda: self._stack.setCurrentWidget(self.editor))
            presenter.saved.connect(lambda connection: self.presenter.offer(connection.name))
            self.editor.left.connect(self._show_cards)
            if self._desk is not None:
                presenter.attach(self._desk.connections)
        return self.editor.presenter

    def _show_cards(self) -> None:
        self._stack.setCurrentWidget(self._cards)
        self.connection.chooser.setFocus()


def _scrolled_column(page: QWidget) -> QVBoxLayout:
    """Return a column that scrolls, in the middle of `page` and at most `WIDEST` wide."""
    outer = QVBoxLayout(page)
    outer.setContentsMargins(0, 0, 0, 0)
    area = QScrollArea()
    area.setWidgetResizable(True)
    outer.addWidget(area)
    inside = QWidget()
    inside.setProperty("kind", "panel")
    area.setWidget(inside)
    return theme.centred_column(inside, WIDEST)
