"""Citation chips: real buttons under an answer, each with number, place and how far it can be trusted."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from hrdesk.core.citations import Citation, CitationState
from hrdesk.ui import theme
from hrdesk.ui.theme import Tokens

HEIGHT = 34
PAD, GAP = 12, 8
BADGE_PAD, BADGE_HEIGHT = 7, 19
LONGEST_PLACE = 260  # pixels; longer titles are cut in the middle and shown whole as a tooltip

APPROXIMATE = "The marked words are not quite those of the quote."
MEANING = {
    CitationState.VERIFIED: "The quote stands in the policy word for word.",
    CitationState.SUPPORTED: "The passage is the right one, the words differ.",
    CitationState.CHANGED: "A newer version changed this passage.",
    CitationState.UNAVAILABLE: "This version is no longer in the library.",
    CitationState.NOT_LOCATED: "The words could not be found on the page.",
}


class _Look:
    """Words, fonts and places of one chip, worked out once."""

    def __init__(self, citation: Citation | None) -> None:
        self.number = str(citation.number) if citation else ""
        self.badge = str(citation.state) if citation else ""
        self.number_font = theme.font(12.25, QFont.Weight.Bold)
        self.place_font = theme.small()
        self.badge_font = theme.font(11.0, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(self.place_font)
        self.place = _place(citation, metrics) if citation else ""
        self.place_left = PAD + QFontMetricsF(self.number_font).horizontalAdvance(self.number) + GAP
        self.badge_left = self.place_left + metrics.horizontalAdvance(self.place) + GAP + 2
        badge_width = QFontMetricsF(self.badge_font).horizontalAdvance(self.badge) + 2 * BADGE_PAD
        self.width = self.badge_left + badge_width + PAD


def _place(citation: Citation, metrics: QFontMetricsF) -> str:
    tail = f", p. {citation.page}"
    room = LONGEST_PLACE - metrics.horizontalAdvance(tail)
    return metrics.elidedText(citation.document, Qt.TextElideMode.ElideMiddle, room) + tail


class CitationChip(QPushButton):
    """One source of an answer; checked while it is open in the viewer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._citation: Citation | None = None
        self._look = _Look(None)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_citation(self, citation: Citation) -> None:
        """Show another citation."""
        self._citation = citation
        self._look = _Look(citation)
        self.setAccessibleName(citation.label)
        meaning = MEANING[citation.state] + (f" {APPROXIMATE}" if citation.is_approximate else "")
        self.setAccessibleDescription(f"{citation.state}. {meaning}")
        section = f"\n{citation.section}" if citation.section else ""
        place = f"{citation.document}, page {citation.page}"
        self.setToolTip(f"{place}{section}\n{citation.state}: {meaning}")
        self.updateGeometry()
        self.update()

    @property
    def citation(self) -> Citation | None:
        """Return the citation shown."""
        return self._citation

    def nextCheckState(self) -> None:
        """Stay as it is: the presenter decides which citation is open."""

    def sizeHint(self) -> QSize:
        return QSize(round(self._look.width), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter, colours)
        painter.setPen(QColor(colours.text))
        look = self._look
        painter.setFont(look.number_font)
        painter.drawText(self._line(PAD), Qt.AlignmentFlag.AlignVCenter, look.number)
        painter.setFont(look.place_font)
        painter.drawText(self._line(look.place_left), Qt.AlignmentFlag.AlignVCenter, look.place)
        self._paint_badge(painter, colours)

    def _line(self, left: float) -> QRectF:
        return QRectF(left, 0, self.width() - left, self.height())

    def _paint_frame(self, painter: QPainter, colours: Tokens) -> None:
        thick = 2.0 if self.isChecked() else 1.0
        painter.setPen(QPen(QColor(colours.accent if self.isChecked() else colours.line), thick))
        painter.setBrush(QColor(colours.hover if self.underMouse() and self.isEnabled() else colours.panel))
        half = thick / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 10, 10)

    def _paint_badge(self, painter: QPainter, colours: Tokens) -> None:
        ink, ground = badge_colours(self._citation.state if self._citation else None, colours)
        top = (self.height() - BADGE_HEIGHT) / 2
        box = QRectF(QPointF(self._look.badge_left, top), QPointF(self.width() - PAD, top + BADGE_HEIGHT))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor(ink))
        painter.setFont(self._look.badge_font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._look.badge)


def badge_colours(state: CitationState | None, colours: Tokens) -> tuple[str, str]:
    """Return ink and ground of a state's badge."""
    if state is CitationState.VERIFIED:
        return colours.verified, colours.verified_ground
    if state in (CitationState.CHANGED, CitationState.NOT_LOCATED, CitationState.UNAVAILABLE):
        return colours.caution, colours.caution_ground
    return colours.muted, colours.hover
