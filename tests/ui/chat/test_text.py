import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextCursor, QTextDocument

from hrdesk.ui import theme
from hrdesk.ui.chat.text import MessageText

ANSWER = """In the first year **ten days** accrue. [1] More. [2][7]

- one [1]
- two

| Years | Days |
|---|---|
| 0-1 | 10 |

```
return [1]
```

The end."""


@pytest.fixture
def text(themed, qtbot):
    text = MessageText()
    qtbot.addWidget(text)
    return text


def selected(text: MessageText) -> str:
    cursor = text.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    text.setTextCursor(cursor)
    return text.createMimeDataFromSelection().text()


def labels(text: MessageText) -> list[str]:
    text.height_for(600)
    return [label for label, _ in text.markers()]


def test_numbers_of_citations_become_markers_and_others_stay_text(text):
    text.show_markdown(ANSWER, frozenset({1, 2}))
    assert labels(text) == ["1", "2", "1"]
    assert "[7]" in text.toPlainText() and "return [1]" in text.toPlainText()


def test_copied_text_reads_as_it_was_written(text):
    text.show_markdown("Ten days. [1] More.[2]", frozenset({1, 2}))
    assert selected(text) == "Ten days. [1] More. [2]"


def test_a_click_on_a_marker_names_its_number(text, qtbot):
    text.show_markdown("Ten days. [2]", frozenset({2}))
    with qtbot.waitSignal(text.marker_clicked, check_params_cb=lambda number: number == 2):
        text.anchorClicked.emit(QUrl("citation:2"))


@pytest.mark.parametrize("address", ["http://evil.example/x", "file:///etc/passwd", "javascript:alert(1)"])
def test_links_of_the_answer_lead_nowhere(text, address):
    text.show_markdown(f"See [this]({address}) and <{address}>", frozenset())
    block = text.document().begin()
    each = block.begin()
    while not each.atEnd():
        assert not each.fragment().charFormat().isAnchor()
        each += 1


def test_nothing_is_ever_loaded(text):
    text.show_markdown("![logo](file:///etc/hostname) <img src='http://evil.example/x.png'>", frozenset())
    assert "[logo]" in text.toPlainText() and "<img" in text.toPlainText()
    assert (
        text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("file:///etc/hostname")) == b""
    )


def test_streaming_ends_in_the_same_words_as_showing_at_once(text, qtbot):
    whole = MessageText()
    qtbot.addWidget(whole)
    whole.show_markdown(ANSWER, frozenset({1, 2}))
    for end in range(3, len(ANSWER) + 3, 3):
        text.stream(ANSWER[:end])
    text.show_markdown(ANSWER, frozenset({1, 2}))
    assert text.toPlainText() == whole.toPlainText()


def test_only_the_unfinished_tail_is_laid_out_again(text):
    text.stream("One.\n\nTwo")
    edits: list[int] = []
    text.document().contentsChange.connect(lambda begin, _removed, _added: edits.append(begin))
    for more in ("One.\n\nTwo and", "One.\n\nTwo and three.\n\nFour"):
        text.stream(more)
    assert min(edits) >= len("One.")
    assert [line for line in text.toPlainText().splitlines() if line] == ["One.", "Two and three.", "Four"]


def test_a_running_answers_passage_ids_are_markers_without_a_number(text):
    text.stream("Ten days. [p3]")
    assert labels(text) == ["p3"] and "p3" not in text.toPlainText()


HARD = {
    "one word": "x" * 200_000,
    "quotes": "> " * 3_000 + "deep",
    "lists": "- " * 3_000 + "deep",
    "brackets": "[" * 20_000,
    "right to left": "مرحبا بالعالم [1] 🙂 日本語 " * 50,
    "controls": "\u202e\u0000\ufffe",
}


@pytest.mark.parametrize("hard", HARD.values(), ids=HARD.keys())
def test_hostile_text_is_shown_without_harm(text, hard):
    text.show_markdown(hard, frozenset({1}))
    assert text.height_for(600) > 0
    text.stream(hard)


def test_the_open_citation_changes_only_its_marker(text):
    text.show_markdown("Ten days. [1] More. [2]", frozenset({1, 2}))
    before = text.toPlainText()
    text.set_current(2)
    assert text.toPlainText() == before and text._ground("2") != text._ground("1")


def test_a_quotation_reads_to_the_letter(text):
    quote = "“Employees *must* notify_HR & _tell_ | before 10:00 [1] <b>daily</b> 1) &amp; ~~x~~ # y”"
    text.show_markdown(f"The policy says {quote}. [1]", frozenset({1}))
    assert quote in selected(text) and labels(text) == ["1"]


def test_a_sentence_without_source_is_muted_and_its_neighbours_are_not(text):
    text.show_markdown(
        "Ten **days**. [1] Many firms *ask* earlier.", frozenset({1}), ("Many firms *ask* earlier.",)
    )
    document = text.document()
    inks = {
        words: document.find(words).charFormat().foreground().color().name()
        for words in ("Ten", "Many", "earlier")
    }
    assert inks["Many"] == inks["earlier"] == theme.tokens().muted != inks["Ten"]


def test_a_growing_text_without_end_is_frozen_in_pieces_and_shown_whole_in_the_end(text):
    whole = "Employees accrue leave in the first year. " * 500
    for end in range(0, len(whole), 900):
        text.stream(whole[:end])
    assert text._frozen > 0
    text.show_markdown(whole)
    assert text.toPlainText() == whole.strip()
