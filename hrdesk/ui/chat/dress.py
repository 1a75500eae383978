"""Gives a Markdown document our look: line spacing, headings, tables, code, and citation markers.

Qt's Markdown import decides the structure; here only formats change, and what could lead outside goes:
links lose their address, images become their alternative text.
"""

import re
from collections.abc import Sequence

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from hrdesk.ui import theme
from hrdesk.ui.chat.prose import plain_words

MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
LINE_HEIGHT = 122.0  # per cent of the font's own; with Inter that is 1.48 of the size
PARAGRAPH_GAP = 8
MOST_MUTED = 60  # sentences
INDENT = 22
CITATION = "citation:"
NARROW = "\u202f"  # no-break: a marker never stands at the start of a line
NUMBER = QTextFormat.Property.UserProperty.value + 1
CODE = NUMBER + 1

_MARKER = QRegularExpression(r"\[p?\d{1,3}\]")


def dress(document: QTextDocument, numbers: frozenset[int], start: int = 0) -> None:
    """Dress the blocks from character position `start` to the end; `numbers` are the citations to link."""
    document.setIndentWidth(INDENT)
    changes = QTextCursor(document)
    changes.beginEditBlock()  # one layout at the end instead of one for each change
    block, code = document.findBlock(start), _code()
    while block.isValid():
        _dress_block(block, code)
        block = block.next()
    _dress_tables(document)
    place_markers(document, numbers, start)
    changes.endEditBlock()


def _dress_block(block: QTextBlock, code: QTextCharFormat) -> None:
    cursor = QTextCursor(block)
    is_code = _is_code(block)
    wanted = QTextBlockFormat()
    wanted.setTopMargin(_gap_above(block, cursor))
    wanted.setBottomMargin(0)
    if is_code:
        wanted.setNonBreakableLines(False)
        wanted.setProperty(CODE, True)
        wanted.setBackground(QColor(theme.tokens().hover))
    else:
        wanted.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if block.blockFormat().hasProperty(QTextFormat.Property.BlockQuoteLevel):
        wanted.setLeftMargin(16 * block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel))
    cursor.mergeBlockFormat(wanted)
    level = block.blockFormat().headingLevel()
    for begin, end, form in _fragments(block):
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        _dress_fragment(cursor, form, level, code if is_code or form.fontFixedPitch() else None)


def _is_code(block: QTextBlock) -> bool:
    form = block.blockFormat()
    return bool(form.nonBreakableLines()) or form.hasProperty(CODE)


def _gap_above(block: QTextBlock, cursor: QTextCursor) -> int:
    before = block.previous()
    if not before.isValid() or cursor.currentTable() is not None:
        return 0
    if _is_code(block) and _is_code(before):
        return 0
    if block.textList() is not None and before.textList() is not None:
        return 2
    return PARAGRAPH_GAP + (4 if block.blockFormat().headingLevel() else 0)


def _fragments(block: QTextBlock) -> list[tuple[int, int, QTextCharFormat]]:
    found = []
    each = block.begin()
    while not each.atEnd():
        fragment = each.fragment()
        found.append((fragment.position(), fragment.position() + fragment.length(), fragment.charFormat()))
        each += 1
    return list(reversed(found))  # from the end, so that positions stay right while text is replaced


def _code() -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(theme.fixed())
    made.setFontFixedPitch(True)
    made.setBackground(QColor(theme.tokens().hover))
    return made


def _dress_fragment(
    cursor: QTextCursor, form: QTextCharFormat, level: int, code: QTextCharFormat | None
) -> None:
    if form.isImageFormat():
        alt = form.toImageFormat().property(QTextFormat.Property.ImageAltText) or "image"
        cursor.insertText(f"[{alt}]", QTextCharFormat())
    elif form.isAnchor():
        plain = QTextCharFormat(form)
        plain.setAnchor(False)
        plain.setAnchorHref("")
        plain.setFontUnderline(False)
        plain.clearForeground()
        cursor.setCharFormat(plain)
    elif code is not None:
        cursor.mergeCharFormat(code)
    elif level:
        cursor.setCharFormat(_heading(level, form))


def _heading(level: int, form: QTextCharFormat) -> QTextCharFormat:
    made = QTextCharFormat(form)
    made.clearProperty(QTextFormat.Property.FontSizeAdjustment)
    made.setFontPointSize(theme.points(16.5 if level == 1 else 15.0 if level == 2 else 13.5))
    made.setFontWeight(QFont.Weight.DemiBold)
    return made


def _dress_tables(document: QTextDocument) -> None:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            form = frame.format()
            form.setBorder(1)
            form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            form.setBorderBrush(QColor(theme.tokens().line))
            form.setBorderCollapse(True)
            form.setCellPadding(6)
            form.setCellSpacing(0)
            form.setTopMargin(PARAGRAPH_GAP)
            form.setBottomMargin(PARAGRAPH_GAP)
            form.setWidth(QTextLength())
            frame.setFormat(form)
            _dress_head(frame)


def _dress_head(table: QTextTable) -> None:
    first = table.cellAt(0, 0)
    cursor = first.firstCursorPosition()
    if not cursor.block().text() and cursor.block() != first.lastCursorPosition().block():
        cursor.deleteChar()  # Qt's import leaves an empty line before the first heading
    bold = QTextCharFormat()
    bold.setFontWeight(QFont.Weight.DemiBold)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        cursor = cell.firstCursorPosition()
        cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(bold)


def place_markers(document: QTextDocument, numbers: frozenset[int], start: int) -> None:
    """Turn "[1]" into a marker that is a link to citation 1; ids of a running answer stay unlinked."""
    cursor = document.find(_MARKER, start)
    while not cursor.isNull():
        label = cursor.selectedText().strip("[]")
        behind = cursor.selectionEnd()
        if not cursor.charFormat().fontFixedPitch() and (label[0] == "p" or int(label) in numbers):
            behind = _replace(cursor, label)
        cursor = document.find(_MARKER, behind)


def _replace(cursor: QTextCursor, label: str) -> int:
    """Put a marker in place of the selected "[label]" and return the position behind it."""
    begin = cursor.selectionStart()
    before = QTextCursor(cursor.document())
    before.setPosition(begin)
    around = QTextCharFormat(before.charFormat())
    if cursor.document().characterAt(begin - 1) == " ":
        before.setPosition(begin - 1, QTextCursor.MoveMode.KeepAnchor)  # to move costs a look at the layout
        before.removeSelectedText()
    shown = label if label[0] != "p" else "·"
    cursor.insertText(NARROW * 2, around)
    cursor.insertText(f"\u00a0{shown}\u00a0", _marker(label))
    cursor.insertText(NARROW, around)
    return cursor.position()


def _marker(label: str) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(theme.font(11.0, QFont.Weight.DemiBold))
    form.setForeground(QColor(theme.tokens().accent))
    form.setProperty(NUMBER, label)
    if label[0] != "p":
        form.setAnchor(True)
        form.setAnchorHref(f"{CITATION}{label}")
        form.setToolTip(f"Open citation {label}")
    return form


def mute(document: QTextDocument, sentences: Sequence[str]) -> None:
    """Show sentences of Markdown in muted ink where they are found; the look only, never the words."""
    ink = QTextCharFormat()
    ink.setForeground(QColor(theme.tokens().muted))
    for sentence in sentences[:MOST_MUTED]:
        words = plain_words(sentence)
        if words:
            found = document.find(words, 0, QTextDocument.FindFlag.FindCaseSensitively)
            if not found.isNull():
                found.mergeCharFormat(ink)


def number_of(href: str) -> int | None:
    """Return the number of the citation an anchor leads to."""
    match = re.fullmatch(rf"{CITATION}(\d+)", href)
    return int(match[1]) if match else None


def restore(text: str) -> str:
    """Return selected text as it reads outside: markers as [1], no invisible breaks."""
    text = text.replace("\u2029", "\n").replace("\u2028", "\n").replace("\u200b", "")
    text = text.replace("\ufdd0", "\n").replace("\ufdd1", "\n")  # Qt's frame and cell boundaries
    text = re.sub(rf"{NARROW}{{2}}\u00a0·\u00a0{NARROW}", "", text)
    return re.sub(rf"{NARROW}{{2}}\u00a0(\d+)\u00a0{NARROW}?", r" [\1]", text)
