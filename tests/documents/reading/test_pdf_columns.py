import pytest

from hrdesk.core.documents import BlockKind
from hrdesk.documents.reading import read
from tests.documents.office_files import Text, pdf

LEFT = """Every employee of the company has a right to
ten days of paid sick leave in each calendar year.
The leave may be taken in hours or in whole days,
and what is not used does not carry over into the
next year. A certificate is needed from the fourth
day on, and the manager may ask for one earlier if
there is a reason to do so. Absence must be told
to the manager before work begins, by telephone or
by a message, with the likely length of the absence
so that others can take over the work.""".split("\n")
RIGHT = """Parents may take sixteen weeks of leave with full
pay after the birth or adoption of a child. It may
be taken in two parts within the first year, and it
may be joined with annual leave. The manager has to
be told at least two months before the leave begins.
During the leave all benefits go on as before, and
the place of work is kept. On return the employee
may ask for shorter hours for up to one more year,
which the company will grant unless there are good
reasons against it that are put in writing.""".split("\n")


def across(left: list[str], right: list[str], *, head: str = "") -> list[Text]:
    """Draw two columns line by line across the page, as some programs do."""
    texts: list[Text] = [(72, 730, 11, "F1", head)] if head else []
    for number, (one, two) in enumerate(zip(left, right, strict=True)):
        texts.append((60, 700 - 13 * number, 9, "F1", one))
        texts.append((320, 700 - 13 * number, 9, "F1", two))
    return texts


@pytest.fixture
def blocks(tmp_path):
    def read_page(texts: list[Text]):
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf([texts]))
        return read(path, "a.pdf").blocks

    return read_page


def test_columns_drawn_across_are_read_one_after_the_other(blocks):
    found = blocks(across(LEFT, RIGHT))
    text = " ".join(block.text for block in found)
    assert "ten days of paid sick leave" in text
    assert text.index("take over the work") < text.index("Parents may take")
    assert not any(block.kind is BlockKind.TABLE_ROW for block in found)


def test_a_line_over_both_columns_stays_before_them(blocks):
    head = (
        "This notice is for all who work for the company in any country, in full or in part time, everywhere."
    )
    text = " ".join(block.text for block in blocks(across(LEFT, RIGHT, head=head)))
    assert text.index("This notice") < text.index("Every employee") < text.index("Parents may take")


def test_a_table_is_not_torn(blocks):
    names = [f"Leave for reason {number}" for number in range(10)]
    rules = [f"{number} days in a year with full pay and a note" for number in range(10)]
    found = blocks(across(names, rules))
    assert [block.text for block in found if block.kind is BlockKind.TABLE_ROW] == [
        f"{one} | {two}" for one, two in zip(names, rules, strict=True)
    ]


def test_a_table_of_whole_sentences_is_not_torn(blocks):
    questions = [f"How many days of leave {number} may I take in a year?" for number in range(10)]
    answers = [f"You may take {number} days, and more if your manager says." for number in range(10)]
    assert blocks(across(questions, answers))[0].text == f"{questions[0]} | {answers[0]}"
