"""The words of real HR documents are read; `python -m tests.benchmarks accuracy` measures all of them."""

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.reading import engines, read
from hrdesk.documents.reading.recognise import Recogniser
from tests.documents.accuracy import aim, references, text_of, word_f1, words_wrong
from tests.shared_data import shared

NAMES = (
    "18F_code_of_conduct.docx",
    "18F_code_of_conduct.pdf",
    "18F_hiring_staying_leaving.odt",
    "18F_leave_and_schedules.docx",
    "clef_benefits.odt",
    "clef_benefits.pdf",
    "clef_employment_policies.pdf",
    "clef_onboarding.docx",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_real_documents_are_read(name):
    one = next(one for one in references(shared("hrdocs")) if one.path.name == name)
    assert word_f1(text_of(read(one.path, name)), one.text) >= aim(one.path)


@pytest.mark.skipif(not isinstance(engines.find(), engines.Tesseract), reason="Tesseract is not installed.")
def test_the_words_of_a_scanned_page_are_recognised(tmp_path):
    one = next(
        one for one in references(shared("hrdocs")) if one.path.name == "clef_employment_policies.scan.pdf"
    )
    first = pypdfium2.PdfDocument.new()
    first.import_pages(pypdfium2.PdfDocument(one.path), pages=[0])
    first.save(tmp_path / "page.pdf")
    engine = engines.find()
    assert engine is not None
    found = read(tmp_path / "page.pdf", "page.pdf", None, Recogniser(engine, 120)).pages[0].text
    assert words_wrong(found, one.text) <= 0.05


TEXT = st.lists(st.sampled_from("leave days ten policy of the".split()), min_size=1, max_size=30)


@given(TEXT, TEXT)
def test_the_measures_agree_on_what_is_the_same(found, more):
    text = " ".join(found)
    assert word_f1(text, text) == 1.0
    assert words_wrong(text, text) == 0.0
    assert words_wrong(text, f"{text} {' '.join(more)}") == 0.0  # the true text goes on
    assert 0 <= word_f1(text, " ".join(more)) <= 1


def test_wrong_words_are_counted_by_the_words_that_are_true():
    assert words_wrong("ten day of leave", "ten days of leave") == 0.25
    assert words_wrong("ten of leave", "ten days of leave") == 0.25
