"""The versions of the assistant, the newest first; an old one can be read and used again."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hrdesk.core.assistants import AssistantProfile
from hrdesk.ui import theme
from hrdesk.ui.settings.assistant_presenter import AssistantPresenter, version_words
from hrdesk.ui.settings.section import Replaced, breakable, fill

FEW = 3  # shown at first
PINNED = "A question keeps the version with which it was asked; a change never touches an answer under way."


class VersionList(QWidget):
    """The newest versions; the others on demand."""

    def __init__(self, presenter: AssistantPresenter) -> None:
        super().__init__()
        self.setAccessibleName("Versions")
        self._presenter = presenter
        self._versions: list[AssistantProfile] = []
        self._is_long = False
        self.rows: list[VersionRow] = []
        self.more = theme.button("Show all", name="Show all versions", drawing="chevron-down", kind="link")
        self.more.clicked.connect(self._show_all)
        self._column = QVBoxLayout(self)
        fill(self._column, spacing=4)
        self._column.setContentsMargins(0, 6, 0, 0)
        self._list = Replaced(spacing=4)
        self._column.addWidget(self._list)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(theme.label(PINNED, "small", wrap=True))
        self.more.hide()
        presenter.versions_changed.connect(self._show)
        presenter.dirty_changed.connect(self._show_dirty)

    def _show_all(self) -> None:
        self._is_long = True
        self._show(self._versions)

    def _show(self, versions: list[AssistantProfile]) -> None:
        self._versions = versions
        shown = versions if self._is_long else versions[:FEW]
        self.rows = [VersionRow(self._presenter, one, is_in_force=one is versions[0]) for one in shown]
        self._list.show_widgets(self.rows)
        self.more.setText(f"Show all {len(versions)} versions")
        self.more.setVisible(len(shown) < len(versions))
        self._show_dirty(self._presenter.is_dirty)

    def _show_dirty(self, is_dirty: bool) -> None:
        for row in self.rows:
            row.use.setEnabled(not is_dirty)
            row.use.setToolTip("Save or discard your changes first." if is_dirty else "")


class VersionRow(QWidget):
    """One version in words; what it said is shown on demand."""

    def __init__(
        self, presenter: AssistantPresenter, profile: AssistantProfile, *, is_in_force: bool
    ) -> None:
        super().__init__()
        self.words = theme.label(
            version_words(profile, is_in_force=is_in_force), "" if is_in_force else "muted", wrap=True
        )
        self.look = theme.button("Show", name=f"Show version {profile.version}", kind="link")
        self.look.setCheckable(True)
        self.look.toggled.connect(self._toggle)
        self.use = theme.button("Use again", name=f"Use version {profile.version} again", kind="link")
        self.use.clicked.connect(lambda: presenter.use_again(profile))
        self.use.setVisible(not is_in_force)
        self.look.setVisible(not is_in_force)
        self.said = theme.label(breakable(_said(profile)), "small", wrap=True)
        self.said.hide()
        top = QHBoxLayout()
        fill(top, self.words, self.look, self.use)
        top.setStretchFactor(self.words, 1)
        column = QVBoxLayout(self)
        fill(column, spacing=2)
        column.addLayout(top)
        column.addWidget(self.said)

    def _toggle(self, on: bool) -> None:
        self.said.setVisible(on)
        self.look.setText("Hide" if on else "Show")


def _said(profile: AssistantProfile) -> str:
    tools = ", ".join(profile.tools) or "none"
    model = profile.model or "the connection's"
    return f"{profile.name}\nModel: {model}. Tools: {tools}.\n{profile.instructions}"
