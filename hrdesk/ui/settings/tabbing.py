"""The Tab key follows what is seen, whatever was made first."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def chain(page: QWidget) -> None:
    """Let Tab go through `page` in the order of its layouts."""
    for one, after in pairwise(in_sight_order(page)):
        QWidget.setTabOrder(one, after)


def in_sight_order(widget: QWidget) -> Iterator[QWidget]:
    """Yield what Tab stops at inside `widget`, from above to below."""
    if isinstance(widget, QScrollArea):
        inside = widget.widget()
        if inside is not None:
            yield from in_sight_order(inside)
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    layout = widget.layout()
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield from in_sight_order(widget)
        elif inner is not None:
            yield from _in_layout(inner)
