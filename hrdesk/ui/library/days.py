"""Days as people write and read them, whatever the language of the system."""

import re
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

MONTHS = "january february march april may june july august september october november december".split()
HOW = "Write a day such as 1 January 2026."

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)")
_DOTTED = re.compile(r"(?P<d>\d\d?)\. ?(?P<m>\d\d?)\. ?(?P<y>\d{4})")
_NAMED = re.compile(r"(?P<d>\d\d?)(?:st|nd|rd|th|\.)? (?P<m>[a-z]{3,9})\.?,? (?P<y>\d{4})")
_AMERICAN = re.compile(r"(?P<m>[a-z]{3,9})\.? (?P<d>\d\d?)(?:st|nd|rd|th)?,? (?P<y>\d{4})")


def day_words(day: date | None) -> str:
    """Return a day such as "1 Jan 2026"."""
    return f"{day.day} {MONTHS[day.month - 1][:3].title()} {day.year}" if day else ""


def parse_day(text: str) -> date | None:
    """Return the day that `text` names, None for an empty text. Raises `ValueError`.

    Days written with slashes are refused: nobody can tell 3/4/2026 in two countries apart.
    """
    plain = " ".join(text.casefold().split())
    if not plain:
        return None
    for form in (_ISO, _DOTTED, _NAMED, _AMERICAN):
        match = form.fullmatch(plain)
        if match:
            return date(int(match["y"]), _month(match["m"]), int(match["d"]))
    raise ValueError(HOW)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    found = [number for number, month in enumerate(MONTHS, 1) if month.startswith(text)]
    if not found:
        raise ValueError(HOW)
    return found[0]


class DayField(QLineEdit):
    """A day to be typed; may be left empty."""

    chosen = Signal(object)
    """`date | None`: another day than before was entered."""
    refused = Signal(str)
    """What was entered is no day; how to write one."""

    def __init__(self, name: str, placeholder: str = "No date") -> None:
        super().__init__()
        self._day: date | None = None
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setToolTip(HOW)
        self.editingFinished.connect(self._finish)

    def show_day(self, day: date | None) -> None:
        """Show a day, unless somebody is typing another one."""
        self._day = day
        if not self.isModified():
            self.setText(day_words(day))
            self.setCursorPosition(0)

    def forget(self) -> None:
        """Drop what was typed and not taken."""
        self.setModified(False)

    def _finish(self) -> None:
        if not self.isModified():
            return
        try:
            day = parse_day(self.text())
        except ValueError:
            self.refused.emit(HOW)
            return
        self.setModified(False)
        self.refused.emit("")
        changed, self._day = day != self._day, day
        self.setText(day_words(day))
        if changed:
            self.chosen.emit(day)
