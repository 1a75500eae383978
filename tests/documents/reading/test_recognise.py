import pytest

from hrdesk.core.documents import FileState, Remark
from hrdesk.documents.reading import read
from hrdesk.documents.reading.engines import Word
from hrdesk.documents.reading.recognise import Recogniser
from hrdesk.documents.sentences import FileRefused
from tests.documents.office_files import lines, pdf

SCALE = 300 / 72


def words(*texts: str, size: float = 11, sureness: float = 95, top: float = 100) -> list[Word]:
    """What an engine might see: lines of words, places in points."""
    found = []
    for number, text in enumerate(texts):
        left, upper = 72.0, top + number * 1.3 * size
        for word in text.split():
            right = left + 0.5 * size * len(word)
            lower = upper + 0.93 * size
            box = SCALE * left, SCALE * upper, SCALE * right, SCALE * lower
            found.append(Word(word, number, *box, sureness))
            left = right + 0.3 * size
    return found


class Eyes:
    """An engine that sees the same on every page."""

    dots = 300.0

    def __init__(self, seen: list[Word]) -> None:
        self.seen = seen
        self.sizes: list[tuple[int, int]] = []

    def words(self, picture, seconds: float) -> list[Word]:
        assert seconds > 0
        self.sizes.append((picture.width, picture.height))
        assert len(picture.rows) == picture.width * picture.height
        return self.seen


PAGE = words("Employees have ten days", "of sick leave in every", "year with full pay.")


@pytest.fixture
def read_scan(tmp_path):
    def read_with(seen: list[Word], pages=((),), seconds: float = 60, *, pictures: bool = True):
        path = tmp_path / "scan.pdf"
        path.write_bytes(pdf(pages, pictures=pictures))
        return read(path, "scan.pdf", None, Recogniser(Eyes(seen), seconds))

    return read_with


def test_a_scan_becomes_text_with_the_places_of_its_words(read_scan):
    found = read_scan(PAGE)
    assert [block.text for block in found.blocks] == [
        "Employees have ten days of sick leave in every year with full pay."
    ]
    page, scan = found.pages[0], found.scanned[0]
    assert [page.text[word.start : word.end] for word in scan.words][:3] == ["Employees", "have", "ten"]
    assert scan.words[0].rect.x0 == pytest.approx(72 / 612, abs=0.001)
    assert scan.words[0].rect.y0 == pytest.approx(100 / 792, abs=0.001)
    assert found.remarks == (Remark.SCAN,) and found.skipped_pages == ()


def test_larger_lines_are_headings_and_small_differences_are_not(read_scan):
    seen = words("Sick leave", size=18, top=60) + [
        Word(one.text, one.line + 5, one.left, one.top + 200, one.right, one.bottom + 200, 90) for one in PAGE
    ]
    assert [block.kind.value for block in read_scan(seen).blocks] == ["heading", "paragraph"]


def test_pages_with_text_of_their_own_are_not_recognised_again(read_scan):
    typed = lines(["This page was typed and has enough text of its own to be read as it is."] * 4)
    found = read_scan(PAGE, (typed, ()))
    assert [page.number for page in found.scanned] == [2]


def test_a_stamp_on_a_picture_does_not_hide_what_the_picture_says(read_scan):
    stamp = lines(["Received by Human Resources, 12 May 2026"])
    assert read_scan(PAGE, (stamp,)).scanned == ()
    assert [page.number for page in read_scan(PAGE * 3, (stamp,)).scanned] == [1]


def test_pages_for_which_no_time_is_left_are_reported_as_not_read(tmp_path):
    ticks = iter([0, 0, 100, 200])
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([[], []], pictures=True))
    found = read(path, "scan.pdf", None, Recogniser(Eyes(PAGE * 2), 50, clock=lambda: next(ticks)))
    assert [page.number for page in found.scanned] == [1]
    assert found.skipped_pages == (2,)


@pytest.mark.parametrize(
    "seen",
    [
        [],
        words("tiny"),
        words("Employees have ten days of leave", sureness=40),
        words("Employees have ten days of leave", sureness=10),
        words(" ".join("abcdefghijklmnop" * 3)),
    ],
)
def test_what_comes_out_as_noise_is_no_text(read_scan, seen):
    with pytest.raises(FileRefused) as refused:
        read_scan(seen)
    assert (refused.value.state, refused.value.reason) == (FileState.NO_TEXT, "scan_unread")


def test_words_far_apart_are_cells(read_scan):
    row = [
        Word(text, number, SCALE * left, SCALE * top, SCALE * (left + 40), SCALE * (top + 10), 95)
        for number, (top, cells) in enumerate(
            [(100, ("Leave", "Days")), (120, ("Sick", "ten")), (140, ("Annual", "more"))]
        )
        for left, text in zip((72, 300), cells, strict=True)
    ]
    assert [block.text for block in read_scan(row).blocks] == ["Leave | Days", "Sick | ten", "Annual | more"]


def test_a_picture_that_would_take_all_memory_is_not_drawn(tmp_path):
    data = pdf([[]], pictures=True).replace(b"/Width 1/Height 1/", b"/Width 30000/Height 30000/")
    path = tmp_path / "copy.pdf"
    path.write_bytes(data)
    eyes = Eyes(words("This is never seen by anybody here."))
    with pytest.raises(FileRefused) as refused:
        read(path, "scan.pdf", None, Recogniser(eyes, 60))
    assert (refused.value.reason, eyes.sizes) == ("scan_unread", [])
