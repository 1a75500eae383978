"""A small plot of the runs over the golden questions: two figures between 0 and 1, run by run."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hrdesk.core.evaluations import Evaluation
from hrdesk.ui import theme
from hrdesk.ui.library.days import day_words

SHOWN = 30  # runs
LINES = (("recall@5", "Recall@5", "accent", False), ("ndcg@10", "nDCG@10", "verified", True))
LEFT, RIGHT, TOP, BOTTOM = 34, 78, 18, 20  # two names one above the other fit over the highest line


class RunsPlot(QWidget):
    """The last runs from left to right, the newest at the right with its names and values."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[Evaluation] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Runs over the golden questions")
        theme.watcher.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, 120)

    def show_runs(self, runs: Sequence[Evaluation]) -> None:
        """Plot these runs, oldest first."""
        self._runs = list(runs)[-SHOWN:]
        self.setAccessibleDescription("; ".join(described(run) for run in self._runs[-5:]))
        self.setToolTip("\n".join(described(run) for run in self._runs[-5:]))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.small())
        area = QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)
        self._paint_scale(painter, area)
        last = [(value(run, key), run) for key, *_ in LINES for run in self._runs[-1:]]
        apart = len(last) == 2 and abs((last[0][0] or 0) - (last[1][0] or 0)) * area.height() < 14
        for number, (key, name, role, dashed) in enumerate(LINES):
            shift = (6 if number else -6) if apart else 0
            self._paint_line(painter, area, key, QColor(getattr(theme.tokens(), role)), dashed=dashed)
            self._paint_name(painter, area, key, name, role, shift)

    def _paint_scale(self, painter: QPainter, area: QRectF) -> None:
        colours, metrics = theme.tokens(), QFontMetrics(theme.small())
        for share in (0.0, 0.5, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colours.muted))
            painter.drawText(QPointF(4, y + metrics.ascent() / 2 - 1), f"{share:.1f}")
        if self._runs:
            first, last = (day_words(run.at.astimezone().date()) for run in (self._runs[0], self._runs[-1]))
            y = self.height() - 3
            painter.drawText(QPointF(area.left(), y), first)
            if len(self._runs) > 1:
                painter.drawText(QPointF(area.right() - metrics.horizontalAdvance(last), y), last)

    def _paint_line(self, painter: QPainter, area: QRectF, key: str, colour: QColor, *, dashed: bool) -> None:
        points = self._points(area, key)
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1.6, style))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, 2.6, 2.6)

    def _paint_name(
        self, painter: QPainter, area: QRectF, key: str, name: str, role: str, shift: float
    ) -> None:
        points = self._points(area, key)
        if points:
            painter.setPen(QColor(getattr(theme.tokens(), role)))
            painter.drawText(QPointF(area.right() + 8, points[-1].y() + 4 + shift), name)

    def _points(self, area: QRectF, key: str) -> list[QPointF]:
        step = area.width() / max(len(self._runs) - 1, 1)
        values = [(at, value(run, key)) for at, run in enumerate(self._runs)]
        alone = len(self._runs) == 1
        return [
            QPointF(area.right() if alone else area.left() + at * step, area.bottom() - share * area.height())
            for at, share in values
            if share is not None
        ]


def value(run: Evaluation, key: str) -> float | None:
    """Return a figure of a run, None where it could not be computed."""
    figure = run.figures.get(key)
    return None if figure is None else float(figure)


def described(run: Evaluation) -> str:
    """Return a run in words."""
    figures = [f"{name} {value(run, key):.2f}" for key, name, *_ in LINES if value(run, key) is not None]
    return f"{day_words(run.at.astimezone().date())}: {', '.join(figures)}"
