"""Plain stand-ins for the services of the viewer: a painted page, and runs."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from hrdesk.core.citations import Citation, CitationState
from hrdesk.core.documents import Document, DocumentVersion, PageImage, Rect, Span
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import Run, RunStatus, RunStep, StepKind, ToolCall, ToolOutput
from hrdesk.core.usage import Usage
from hrdesk.core.versions import Change, ChangeKind, Comparison, Side

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
VERSION = "a" * 64
TEXT = "4. Sick leave\r\nFull-time employees accrue ten (10) days\r\nof paid sick leave.\r\nEnd."
QUOTE = "Full-time employees accrue ten (10) days\r\nof paid sick leave."
START = TEXT.index(QUOTE)
LINES = (Rect(0.12, 0.2, 0.85, 0.222), Rect(0.12, 0.225, 0.5, 0.247))


def citation(state: CitationState = CitationState.VERIFIED, page: int = 4, **more: Any) -> Citation:
    made = Citation(
        1,
        "p1",
        "doc_1",
        "Leave policy",
        VERSION,
        "leave.pdf",
        page,
        "Leave policy > 4. Sick leave > 4.1 Entitlement",
        "Full-time employees accrue ten (10) days of paid sick leave.",
        "4.1 Entitlement\nSick leave protects employees who cannot work because of illness. "
        "Full-time employees accrue ten (10) days of paid sick leave.",
        state,
        (Span(page, START, START + len(QUOTE)),),
    )
    return replace(made, **more)


def draw_page(width: int, title: str = "4. Sick leave") -> QImage:
    """Return a sheet with lines of text, A4 in shape."""
    image = QImage(width, round(width * 1.414), QImage.Format.Format_RGBX8888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    font = QFont("DejaVu Serif")
    font.setPixelSize(max(6, width // 38))
    painter.setFont(font)
    for number in range(28):
        box = QRectF(width * 0.12, width * 1.414 * (0.2 + number * 0.025), width * 0.8, width * 0.04)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignLeft, f"Employees accrue days of paid leave in year {number}."
        )
    font.setPixelSize(max(8, width // 24))
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(width * 0.12, width * 0.16, width * 0.8, width * 0.06), title)
    painter.end()
    return image


class FakeSources:
    """One document of twelve pages; troubles on request."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, tuple[Span, ...]]] = []
        self.trouble: HrdeskError | None = None
        self.gone = False
        self.lines: tuple[tuple[int, Rect], ...] = tuple((4, rect) for rect in LINES)
        self.tables: tuple[tuple[int, Rect], ...] = ()
        self.effective_to: date | None = None
        self.gate: asyncio.Event | None = None

    async def page(self, version: str, page: int, width_px: int, spans: Sequence[Span] = ()) -> PageImage:
        self.asked.append((page, width_px, tuple(spans)))
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        image = draw_page(width_px, f"Page {page}")
        rects = tuple(rect for number, rect in self.lines if number == page) if spans else ()
        return PageImage(
            page, 12, width_px, image.height(), image.bytesPerLine(), bytes(image.constBits()), rects, TEXT
        )

    async def rectangles(self, citation: Citation) -> tuple[tuple[int, Rect], ...]:
        return self.lines

    async def table(self, citation: Citation) -> tuple[tuple[int, Rect], ...]:
        return self.tables

    async def version(self, sha256: str) -> DocumentVersion:
        if self.gone:
            raise NotFound("This version is no longer in the library.", "Add the file again.")
        return DocumentVersion(sha256, "doc_1", "leave.pdf", NOW, 12, date(2026, 1, 1), self.effective_to)

    async def document(self, document_id: str) -> Document:
        return Document(document_id, "Leave policy")


def candidate(at: int, *, sent: bool) -> dict[str, Any]:
    return {
        "ref": f"p{at + 1}" if sent else "",
        "sent": sent,
        "title": "Leave policy"
        if at % 3
        else "Employee handbook of the whole group, edition for all countries",
        "file": "leave.pdf",
        "version": VERSION,
        "page": at + 1,
        "section": "Leave policy > 4. Sick leave > 4.1 Entitlement",
        "text": "Sick leave protects employees who cannot work because of illness or injury. "
        "Full-time employees accrue ten (10) days of paid sick leave in their first year of employment.",
        "score": 0.92 - at * 0.04,
        "lexical": 0.7 - at * 0.03,
        "vector": 0.95 - at * 0.04,
        "cosine": 0.6,
    }


def run(prompt: str = "", usage: Usage = Usage()) -> Run:
    """Return a run with two lookups of twenty candidates."""
    lookups = [
        {
            "query": query,
            "category": "leave",
            "as_of": None,
            "scope": None,
            "outcome": outcome,
            "confidence": 0.83,
            "lexical_only": False,
            "notice": "",
            "milliseconds": 31.4,
            "candidates": [candidate(at, sent=at < 6) for at in range(20)],
        }
        for query, outcome in (("sick days in the first year", "answered"), ("doctor's note", "closest"))
    ]
    return Run(
        "run_1",
        "thread_1",
        "q1",
        "a1",
        "local",
        RunStatus.COMPLETED,
        NOW,
        ended_at=NOW + timedelta(seconds=1.4),
        usage=usage,
        model="quotes from your policies (no language model)",
        prompt=prompt,
        lookups=tuple(lookups),
    )


def with_calls(plain: Run) -> Run:
    """Return the run with three tool calls: answered, refused, and one that got no output."""
    calls = (
        ToolCall("c1", "lookup_policy", '{"query": "sick days"}'),
        ToolCall("c2", "rm\u202e", '{"path": "/"}'),
        ToolCall("c3", "send_mail", "{}"),
    )
    outputs = (
        ToolOutput("c1", '{"passages": []}'),
        ToolOutput("c2", '{"error": "There is no tool named rm."}'),
    )
    step = RunStep("s1", StepKind.TOOL_CALLS, RunStatus.COMPLETED, calls, outputs)
    return replace(plain, steps=(step,))


def remote(plain: Run) -> Run:
    """Return the run as a provider in Europe would have answered it."""
    return replace(
        plain,
        connection="openai",
        host="eu.api.openai.com",
        region="eu",
        model="gpt",
        profile=3,
        usage=Usage(2900, 220, 1200, 64),
        cost=Decimal("0.021"),
    )


class FakeJournal:
    def __init__(self) -> None:
        self.runs = {"run_1": run()}

    async def seen(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFound("This run is gone.")
        return self.runs[run_id]


class FakeComparing:
    """Three versions of a policy, and the changes between any two of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.trouble: HrdeskError | None = None
        self.changes: tuple[Change, ...] = CHANGES
        self.versions = [
            DocumentVersion(sign * 64, "doc_1", f"leave-{year}.pdf", NOW, 12, date(year, 1, 1), end)
            for sign, year, end in (
                ("c", 2024, date(2025, 1, 1)),
                ("b", 2025, date(2026, 1, 1)),
                ("a", 2026, None),
            )
        ]

    async def family(self, sha256: str) -> tuple[Document, list[DocumentVersion]]:
        if self.trouble is not None:
            raise self.trouble
        return Document("doc_1", "Leave policy"), list(self.versions)

    async def version(self, sha256: str) -> DocumentVersion:
        return replace(self.versions[0], sha256=sha256, document_id="doc_2", file="other.pdf")

    async def compare(self, old: str, new: str) -> Comparison:
        self.asked.append((old, new))
        first, second = (replace(self.versions[0], sha256=sha256) for sha256 in (old, new))
        return Comparison(Document("doc_1", "Leave policy"), first, second, self.changes, 140)


_SECTION = "Leave policy > 4. Sick leave > 4.1 Entitlement"
OLD_TEXT = "Full-time employees accrue eight (8) days of paid sick leave in their first year."
NEW_TEXT = "Full-time employees accrue ten (10) days of paid sick leave in their first year."
CHANGES = (
    Change(
        ChangeKind.CHANGED,
        Side(OLD_TEXT, _SECTION, 3, "", (Span(3, 0, 40),), ((27, 36),)),
        Side(NEW_TEXT, _SECTION, 4, "", (Span(4, 0, 40),), ((27, 35),)),
    ),
    Change(
        ChangeKind.ADDED,
        None,
        Side("A doctor's note is sent by e-mail.", _SECTION, 4, "", (Span(4, 50, 80),)),
    ),
    Change(ChangeKind.REMOVED, Side("Notes are handed in on paper.", _SECTION, 3, "Notes are handed in.")),
)


class FakeDesk:
    def __init__(self) -> None:
        self.comparing = FakeComparing()
        self.citations = FakeSources()
        self.chat = FakeJournal()
