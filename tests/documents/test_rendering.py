from typing import Any

import numpy as np
import pytest

from hrdesk.core.documents import Block, BlockKind, Page, PageImage, ReadDocument, Rect, Span
from hrdesk.core.errors import HrdeskError
from hrdesk.documents import rendering_wire
from hrdesk.documents.locate import locate
from hrdesk.documents.reading import read
from tests.documents.children import SECONDS, page_in_child, rendering_child
from tests.documents.office_files import Text, lines, pdf
from tests.shared_data import shared

WIDTH = 1224  # twice the points of a letter page


@pytest.fixture(scope="module")
def child():
    process = rendering_child()
    yield process
    process.close()


def draw(child, path, page, spans=()) -> PageImage:
    answer, pixels = child.request(rendering_wire.image_request(path, page, WIDTH, spans), seconds=SECONDS)
    return rendering_wire.parse_image(answer, pixels)


def ink(image: PageImage) -> Any:
    """Return how dark each pixel is, 0..1."""
    rows = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.stride)
    colours = rows[:, : 4 * image.width].reshape(image.height, image.width, 4)[:, :, :3]
    return 1 - colours.mean(axis=2) / 255


def covered(image: PageImage, rects: tuple[Rect, ...]) -> np.ndarray:
    mask = np.zeros((image.height, image.width), bool)
    for rect in rects:
        top, bottom = round(rect.y0 * image.height), round(rect.y1 * image.height)
        mask[top:bottom, round(rect.x0 * image.width) : round(rect.x1 * image.width)] = True
    return mask


def shares(with_text: PageImage, without: PageImage) -> tuple[float, float]:
    """Return which share of the sentence's ink the rectangles cover, and of other ink."""
    everything, others = ink(with_text), ink(without)
    sentence = np.clip(everything - others, 0, None)
    mask = covered(with_text, with_text.rects)
    return float(sentence[mask].sum() / sentence.sum()), float(others[mask].sum() / others.sum())


# Low enough for a page that is turned on its side.
OTHERS = lines(
    ["Before it stands another line that is not meant.", "", "", "And after it stands one more line, gjpq."],
    top=500,
)
SENTENCE: list[Text] = [
    (72, 486.25, 11, "F1", "Employees (full-time) are given ten days of paid sick leave in a year,"),
    (72, 472.5, 11, "F1", "gladly."),
]


@pytest.mark.parametrize("crop", ["0 0 612 792", "20 25 590 770"])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_rectangles_cover_the_ink_of_a_sentence_and_no_other(child, tmp_path, rotate, crop):
    whole_page = [*OTHERS[:1], *SENTENCE, *OTHERS[3:]]
    (tmp_path / "all.pdf").write_bytes(pdf([whole_page], rotate=rotate, crop=crop))
    (tmp_path / "others.pdf").write_bytes(pdf([[*OTHERS[:1], *OTHERS[3:]]], rotate=rotate, crop=crop))
    page = read(tmp_path / "all.pdf", "a.pdf").pages[0]
    start = page.text.index("Employees")
    spans = [Span(1, start, page.text.index("gladly.") + len("gladly."))]
    whole, without = draw(child, tmp_path / "all.pdf", 1, spans), draw(child, tmp_path / "others.pdf", 1)
    inside, outside = shares(whole, without)
    assert len(whole.rects) == 2
    assert inside >= 0.99
    assert outside <= 0.01


@pytest.mark.parametrize("rotate", [90, 270])
def test_lines_that_run_sideways_are_marked_one_by_one(child, tmp_path, rotate):
    before = (72, 500, 11, "F1", "Before it stands another line.")
    first = (72, 486.25, 11, "F1", "This is said before. Employees (full-time) are given ten days")
    second = (72, 472.5, 11, "F1", "of leave, gladly. And this is said after it.")
    path = tmp_path / "sideways.pdf"
    path.write_bytes(pdf([[before, first, second]], rotate=rotate, sideways=True))
    text = read(path, "a.pdf").pages[0].text
    parts = ("Employees (full-time) are given ten days", "of leave, gladly.")
    spans = [Span(1, text.index(part), text.index(part) + len(part)) for part in parts]
    image = draw(child, path, 1, spans)
    assert len(image.rects) == 2
    assert all(rect.x1 - rect.x0 < 14 / 792 for rect in image.rects), "as thick as a line of 11 points"
    one, two = sorted(image.rects, key=lambda rect: rect.y1 - rect.y0)
    assert one.y1 - one.y0 < 0.2 < two.y1 - two.y0, "each as long as its part of the sentence"


def test_a_sideways_sentence_over_two_lines_does_not_mark_their_other_halves(child, tmp_path):
    first = (72, 486.25, 11, "F1", "This is said before. Employees are given ten days")
    second = (72, 472.5, 11, "F1", "of leave. And this is said after it in many words.")
    path = tmp_path / "sideways.pdf"
    path.write_bytes(pdf([[first, second]], rotate=270, sideways=True))
    text = read(path, "a.pdf").pages[0].text
    if text.index("Employees") > text.index("of leave."):
        pytest.skip("This PDFium reads the lines the other way round.")
    image = draw(child, path, 1, [Span(1, text.index("Employees"), text.index("of leave.") + 9)])
    assert len(image.rects) == 2


def test_a_laid_out_document_is_covered_as_well(child, tmp_path):
    body = "Award leave expires one year after it is issued."
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in ("First line gjpq.", body, "Last line ÅÉ."))
    paged = page_in_child(ReadDocument("Leave", blocks))
    (tmp_path / "paged.pdf").write_bytes(paged.pdf)
    spans = paged.document.blocks[1].spans
    image = draw(child, tmp_path / "paged.pdf", 1, spans)
    everything, mask = ink(image), covered(image, image.rects)
    top = round((image.rects[0].y0 - 0.004) * image.height)
    bottom = round((image.rects[0].y1 + 0.004) * image.height)
    line = everything[top:bottom]
    assert line[mask[top:bottom]].sum() >= 0.99 * line.sum()
    assert everything[mask].sum() < 0.6 * everything.sum()


def test_a_quote_of_a_real_policy_is_covered(child):
    path = shared("hrdocs/18F_leave_and_schedules.pdf")
    document = read(path, path.name)
    quote = "Award leave expires one year after it is issued."
    located = locate(quote, document.pages)
    if located is None:  # other data
        block = next(block for block in document.blocks if block.kind is BlockKind.PARAGRAPH and block.spans)
        spans = block.spans
    else:
        spans = located.spans
    image = draw(child, path, spans[0].page, spans)
    assert image.rects
    assert ink(image)[covered(image, image.rects)].sum() > 100


def test_rectangles_come_without_drawing_for_several_pages(child, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf([lines(["One line"]), lines(["Two", "lines"])]))
    spans = [Span(2, 0, 10), Span(1, 0, 3), Span(1, 900, 950)]
    answer, _ = child.request(rendering_wire.rects_request(tmp_path / "a.pdf", spans), seconds=SECONDS)
    two, one, none = rendering_wire.parse_rects(answer, spans)
    assert (len(two), len(one), len(none)) == (2, 1, 0)
    assert two[0].y1 <= two[1].y0 + 0.01
    assert one[0].x1 - one[0].x0 < two[0].x1 - two[0].x0 + 0.05


def test_astral_characters_do_not_shift_the_rectangles(child, tmp_path):
    blocks = (Block(BlockKind.PARAGRAPH, "𝐁𝐨𝐧𝐮𝐬 𝐩𝐚𝐲 is paid in March to everybody."),)
    paged = page_in_child(ReadDocument("T", blocks))
    (tmp_path / "a.pdf").write_bytes(paged.pdf)
    page: Page = paged.document.pages[0]
    start = page.text.index("March")
    spans = [
        Span(1, start, start + 5),
        Span(1, page.text.index("everybody"), page.text.index("everybody") + 9),
    ]
    answer, _ = child.request(rendering_wire.rects_request(tmp_path / "a.pdf", spans), seconds=SECONDS)
    march, everybody = rendering_wire.parse_rects(answer, spans)
    image = draw(child, tmp_path / "a.pdf", 1, spans)
    mask = covered(image, march + everybody)
    line = ink(image)[round(march[0].y0 * image.height) : round(march[0].y1 * image.height)]
    between = line[:, round(march[0].x1 * image.width) + 2 : round(everybody[0].x0 * image.width) - 2]
    assert between.sum() > 0  # "to" stands between, unmarked
    assert mask.any()


def test_a_missing_page_file_or_damage_is_a_sentence(child, tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf([lines(["One"])]))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 torn")
    for path, page in [("a.pdf", 2), ("b.pdf", 1), ("gone.pdf", 1)]:
        with pytest.raises(HrdeskError) as error:
            draw(child, tmp_path / path, page)
        assert error.value.title


def test_a_page_without_end_is_drawn_small(child, tmp_path):
    data = pdf([lines(["hi"])]).replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]")
    (tmp_path / "huge.pdf").write_bytes(data)
    try:
        image = draw(child, tmp_path / "huge.pdf", 1)
    except HrdeskError:
        return
    assert image.width * image.height <= rendering_wire.MAX_PIXELS
