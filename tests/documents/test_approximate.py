import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from hrdesk.core.documents import Page, Span
from hrdesk.documents.locate import Located, locate
from hrdesk.documents.normalise import key
from tests.documents import noise

SENTENCES = (
    "Employees accrue fifteen days of annual leave in each calendar year of service.",
    "Unused leave of up to 5 days may be carried over until 31 March of the following year.",
    "A doctor's certificate is handed in on the fourth day of an illness at the latest.",
    "Managers approve overtime before it is worked, and record it in the time sheet.",
    "Travel booked before approval is not reimbursed unless a director waives this rule.",
    "Parental leave of sixteen weeks is granted to every parent after one year of service.",
    "The pension plan is explained in a separate booklet that Payroll hands out on request.",
    "Complaints are heard by two persons of whom one is not in the line of command.",
    "Laptops are returned within ten working days after the last day of employment.",
    "Whoever drives for the company shows a valid licence to the fleet office twice a year.",
)
FOOT, HEAD = "Employee handbook, edition of May\r\n7", "Contoso Ltd.\r\nInternal use only"


def _page(number: int, first: int) -> Page:
    words = " ".join(SENTENCES[first : first + 5]).split()
    lines = [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)]
    return Page(number, 612, 792, "\r\n".join([HEAD, *lines, FOOT]))


BOOK = [_page(1, 0), _page(2, 5)]
# A sentence that goes over the page with the foot of the one and the head of the other in its middle.
SPLIT = [
    Page(1, 612, 792, f"{HEAD}\r\nStaff may work from home on\r\ntwo days of the week if their\r\n{FOOT}"),
    Page(2, 612, 792, f"{HEAD}\r\nmanager agrees in writing\r\nbefore the week begins.\r\n{FOOT}"),
]
OVER = "Staff may work from home on two days of the week if their manager agrees in writing before the week"


def shown(located: Located | None, pages: list[Page] = BOOK) -> str:
    assert located is not None
    texts = {page.number: page.text for page in pages}
    return key(" ".join(texts[span.page][span.start : span.end] for span in located.spans))


@given(st.integers(0, 9), st.integers(0, 10_000))
def test_noise_leads_to_the_sentence_that_was_meant_or_nowhere(place, seed):
    located = locate(noise.noisy(SENTENCES[place], random.Random(seed)), BOOK)
    # A word of one letter, or the full stop, may be left out where the noise has it.
    assert located is None or ratio(shown(located), key(SENTENCES[place])) >= 97


def test_nearly_all_noisy_quotes_are_located():
    chance = random.Random(4)
    found = [locate(noise.noisy(chance.choice(SENTENCES), chance), BOOK) for _ in range(300)]
    assert sum(one is not None for one in found) >= 0.98 * len(found)


@given(st.integers(0, 9), st.integers(0, 10_000))
def test_other_quotation_marks_hyphens_and_spaces_are_no_difference(place, seed):
    located = locate(noise.dressed(SENTENCES[place], random.Random(seed)), BOOK)
    assert located is not None
    assert (located.exact, shown(located)) == (True, key(SENTENCES[place]))


@given(st.integers(0, 9), st.integers(0, 10_000))
def test_another_number_or_a_not_is_never_taken_for_the_sentence(place, seed):
    text = SENTENCES[place]
    for changed in (noise.with_other_number(text, random.Random(seed)), noise.turned_round(text)):
        assert changed is None or locate(changed, BOOK) is None


def test_a_sentence_goes_over_the_foot_and_the_head_of_pages():
    located = locate(OVER, SPLIT)
    assert located is not None
    assert (located.exact, [span.page for span in located.spans]) == (True, [1, 2])
    assert shown(located, SPLIT) == key(OVER)


def test_so_does_one_with_slips_and_says_that_it_is_approximate():
    located = locate(OVER.replace("from home", "fron home").replace("writing", "writting"), SPLIT)
    assert located is not None
    assert (located.exact, shown(located, SPLIT)) == (False, key(OVER))


def test_a_page_number_alone_in_the_middle_does_no_harm():
    pages = [
        Page(
            1, 612, 792, "What to do with a key that was lost:\r\ntell the porter at once and write down\r\n9"
        ),
        Page(2, 612, 792, "where you had it last.\r\nThe lock is changed by the landlord."),
    ]
    quote = "tell the porter at once and write down where you had it last."
    assert shown(locate(quote, pages), pages) == key(quote)


def test_what_stands_between_on_one_page_is_not_left_out_unsaid():
    text = (
        "Leave may be taken at any time\r\nwith the consent of the manager and only\r\n"
        "in the holidays of the schools."
    )
    located = locate(
        "Leave may be taken at any time in the holidays of the schools.", [Page(1, 612, 792, text)]
    )
    assert located is None or not located.exact


SIBLINGS = [
    Page(
        1,
        612,
        792,
        "Employees of plant A7 hand in their time sheet at the gate.\r\n"
        "Employees of plant B7 hand in their time sheet at the gate.",
    )
]


def test_a_quote_that_fits_two_places_about_as_well_is_not_located():
    assert locate("Employees of plant B7 hamd in their time sheet at the gate.", SIBLINGS) is not None
    assert locate("Employees of plant C7 hamd in their time sheet at the gate.", SIBLINGS) is None


@pytest.mark.parametrize("other", ["eleven", "nine"])
def test_another_number_in_words_is_not_taken_for_a_slip(other):
    page = Page(1, 612, 792, "Grade seven has a notice period of three weeks, paid in full.")
    assert locate(f"Grade {other} has a notice period of three weekz, paid in full.", [page]) is None
    assert locate("Grade sevn has a notice period of three weekz, paid in full.", [page]) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "Employees accrue fifteen days of annual pay in each fiscal quarter of tenure.",
        "Managers approve holidays before they are worked, and praise it in the time sheet.",
        "Bicycles are repaired within ten working weeks after the first day of the season.",
    ],
)
def test_other_words_in_a_like_sentence_are_another_sentence(quote):
    assert locate(quote, BOOK) is None


def test_the_passage_goes_before_a_like_place():
    line = "Grade seven: notice of three weeks, paid in full."
    pages = [Page(1, 612, 792, line), Page(2, 612, 792, line)]
    located = locate("Grade seven: notise of three weeks, paid in full.", pages, [Span(2, 0, len(line))])
    assert located is not None
    assert located.spans == (Span(2, 0, len(line)),)


def test_a_row_with_slips_is_found_by_its_cells_in_its_passage():
    row = "Senior consultant thirty days in a year six weeks in writing"
    text = f"Grade Leave Notice\r\n{row}\r\nIntern none none"
    quote = "Grade: Senoir consultant | Leave: thirty days in a yaer | Notice: six weeks in writing"
    located = locate(quote, [Page(1, 612, 792, text)], [Span(1, 0, len(text))])
    assert located is not None
    start = text.index("Senior")
    assert (located.exact, located.spans) == (False, (Span(1, start, text.index("\r\nIntern")),))


def test_a_piece_of_another_sentence_is_not_put_before_the_rest():
    text = (
        "Share it\r\nwith the mentor.\r\nParents are at home. This time is for the new\r\n"
        "parent to welcome the newborn or newly adopted child or children into their home and family."
    )
    quote = (
        "This time is not for the new parent to welcome the newborn or newly adopted child or children into "
        "their home and family."
    )
    assert locate(quote, [Page(1, 612, 792, text)]) is None


def test_a_number_that_stands_on_a_line_of_its_own_still_counts():
    text = "The holidays of the year and\r\nNew Year's Day\r\n1 January\r\nBirthday of Martin Luther King"
    quote = "New Year's Day 10 January Birthday of Martin Luther King"
    assert locate(quote, [Page(1, 612, 792, text)]) is None
    alone = "The room is booked for\r\n12\r\nguests by the secretary of the board of directors."
    assert locate(" ".join(alone.replace("12", "19").split()), [Page(1, 612, 792, alone)]) is None


def test_a_short_piece_is_right_to_the_letter_or_nowhere():
    lines = (
        "Half of the 60 candidates should be seen by the lead interviewer for the job.",
        "Ask her.",
        "Their",
    )
    quote = "Half of the 70 candidates should be seen by the lead interviewer for the job. This"
    assert locate(quote, [Page(1, 612, 792, "\r\n".join(lines))]) is None
