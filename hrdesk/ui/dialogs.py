"""Asking for files, without holding up the event loop: dialogs are opened, never executed."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[list[Path]], object]


def ask_for_files(parent: QWidget, title: str, kinds: str, chosen: Chosen) -> None:
    """Let the user choose files that are there; `kinds` is the filter that Qt shows."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    _open(dialog, chosen)


def ask_for_file(
    parent: QWidget, title: str, kinds: str, chosen: Callable[[Path], object], start: str = ""
) -> None:
    """Let the user choose one file that is there, beginning with `start`."""
    dialog = QFileDialog(parent, title, start, kinds)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _open(dialog, lambda paths: chosen(paths[0]))


def ask_for_folder(parent: QWidget, title: str, chosen: Chosen) -> None:
    """Let the user choose a folder."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    _open(dialog, chosen)


def ask_where_to_save(
    parent: QWidget, title: str, name: str, kinds: str, chosen: Callable[[Path], object]
) -> None:
    """Let the user choose where to write a file, called `name` unless said otherwise."""
    dialog = QFileDialog(parent, title, name, kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    _open(dialog, lambda paths: chosen(paths[0]))


def _open(dialog: QFileDialog, chosen: Chosen) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.filesSelected.connect(lambda names: chosen([Path(name) for name in names]))
    dialog.open()
