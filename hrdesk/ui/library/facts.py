"""The form under a selected policy: title, place, owner, dates. What is changed is saved at once."""

from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout

from hrdesk.core.versions import PolicyFacts
from hrdesk.ui import theme
from hrdesk.ui.library.days import DayField, day_words

ONE_DAY = timedelta(days=1)


class FactsForm(QFrame):
    """Shows the facts of one policy; hidden while there are none."""

    edited = Signal(object, str)
    """`PolicyFacts` as they shall be, and the name of the field that was changed."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: PolicyFacts | None = None
        self.title = _Line("Title", "Title of the policy")
        self.jurisdiction = _Line("Applies in", "Everywhere")
        self.owner = _Line("Owner", "Nobody named")
        self.begins = DayField("In force from", "Not known")
        self.ends = DayField("In force until")
        self.review = DayField("Review by")
        self._how = theme.label("", "warning")
        self._how.hide()
        self._lay_out()
        self._connect()
        self.hide()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        fields: tuple[tuple[QLineEdit, int, int, int], ...] = (
            (self.title, 0, 0, 2),
            (self.jurisdiction, 0, 2, 1),
            (self.owner, 2, 0, 1),
            (self.begins, 2, 1, 1),
            (self.ends, 2, 2, 1),
            (self.review, 2, 3, 1),
        )
        for field, row, column, wide in fields:
            head = theme.label(field.accessibleName(), "small")
            head.setBuddy(field)
            grid.addWidget(head, row, column, 1, wide)
            grid.addWidget(field, row + 1, column, 1, wide)
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid.setRowMinimumHeight(1, theme.CONTROL_HEIGHT + 8)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        grid.addWidget(theme.label("Category", "small"), 0, 3)
        self.category_row = QVBoxLayout()
        self.category_row.setContentsMargins(0, 0, 0, 0)
        grid.addLayout(self.category_row, 1, 3)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(0, 0, 0, 0)
        column_.setSpacing(6)
        column_.addLayout(grid)
        column_.addWidget(self._how)

    def _connect(self) -> None:
        self.title.entered.connect(lambda text: self._change_document("title", title=text))
        self.jurisdiction.entered.connect(
            lambda text: self._change_document("applies in", jurisdiction=text or None)
        )
        self.owner.entered.connect(lambda text: self._change_document("owner", owner=text or None))
        self.review.chosen.connect(lambda day: self._change_document("review by", review_by=day))
        self.begins.chosen.connect(self._change_begin)
        self.ends.chosen.connect(self._change_end)
        for field in (self.begins, self.ends, self.review):
            field.refused.connect(self._say_how)

    def show_facts(self, facts: PolicyFacts | None) -> None:
        """Show facts; what is being typed for the same policy stays."""
        if facts is None or self._facts is None or facts.version.sha256 != self._facts.version.sha256:
            self._forget()
        self._facts = facts
        self.setVisible(facts is not None)
        if facts is None:
            return
        self.title.show_text(facts.document.title)
        self.jurisdiction.show_text(facts.document.jurisdiction or "")
        self.owner.show_text(facts.document.owner or "")
        self.begins.show_day(facts.version.effective_from)
        self.ends.show_day(facts.said_end and facts.said_end - ONE_DAY)
        self.review.show_day(facts.document.review_by)
        self.ends.setPlaceholderText(_next_words(facts))

    def _forget(self) -> None:
        for line in (self.title, self.jurisdiction, self.owner):
            line.setModified(False)
        for field in (self.begins, self.ends, self.review):
            field.forget()
        self._say_how("")

    def _change_document(self, name: str, **changes: object) -> None:
        if self._facts is not None:
            document = replace(self._facts.document, **changes)  # type: ignore[arg-type]
            self._emit(replace(self._facts, document=document), name)

    def _change_begin(self, day: date | None) -> None:
        if self._facts is not None:
            version = replace(self._facts.version, effective_from=day)
            self._emit(replace(self._facts, version=version), "in force from")

    def _change_end(self, last: date | None) -> None:
        if self._facts is not None:
            self._emit(replace(self._facts, said_end=last and last + ONE_DAY), "in force until")

    def _emit(self, facts: PolicyFacts, name: str) -> None:
        self._facts = facts  # the next field is changed on top of this one
        self.edited.emit(facts, name)

    def _say_how(self, how: str) -> None:
        self._how.setText(how)
        self._how.setVisible(bool(how))


class _Line(QLineEdit):
    """A line of text that tells when another text was entered."""

    entered = Signal(str)

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__()
        self._text = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setMaxLength(200)
        self.editingFinished.connect(self._finish)

    def show_text(self, text: str) -> None:
        """Show a text, unless somebody is typing another one."""
        self._text = text
        if not self.isModified():
            self.setText(text)
            self.setCursorPosition(0)

    def _finish(self) -> None:
        if self.isModified():
            self.setModified(False)
            text = " ".join(self.text().split())
            changed, self._text = text != self._text, text
            if changed:
                self.entered.emit(text)


def _next_words(facts: PolicyFacts) -> str:
    """Return what an empty end means."""
    ends = facts.version.effective_to
    return f"{day_words(ends - ONE_DAY)}, then replaced" if ends else "Until replaced"
