from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Outcome
from hrdesk.documents.ranking import Fused
from hrdesk.documents.verdict import OPEN, Features, features, is_open, judge

GOOD = Features(coverage=0.9, bm25=1.2, words=2.3, cosine=0.7, gap=0.35)
BAD = Features(coverage=0.1, bm25=0.2, words=1.6, cosine=0.25, gap=0.03)
QUESTION = "When does award leave expire?"
TEXTS = ["Leave > Award leave\nAward leave expires after a year.", "Pay\nPayday is Friday."]
FREQUENCIES = {"award": 2, "leave": 40, "expire": 3}


def _fused(*cosines: float) -> list[Fused]:
    return [Fused(n, 1 - n / 10, 0.5, 0.5, cosine) for n, cosine in enumerate(cosines)]


def test_a_good_search_is_called_answered():
    assert judge(GOOD)[0] is Outcome.ANSWERED


def test_a_poor_search_is_called_not_found():
    assert judge(BAD)[0] is Outcome.NOT_FOUND


def test_between_the_two_lies_a_grey_band():
    middle = Features(coverage=0.5, bm25=0.7, words=2.0, cosine=0.5, gap=0.15)
    assert judge(middle)[0] is Outcome.CLOSEST


def test_only_open_cases_are_read_closely():
    middle = Features(coverage=0.5, bm25=0.7, words=2.0, cosine=0.5, gap=0.15)
    assert is_open(middle)
    assert not is_open(replace(middle, match=0.4)), "once is enough"
    assert not is_open(GOOD) and not is_open(BAD)
    assert not is_open(replace(middle, cosine=None)), "without encoder nothing can be read"


def test_reading_closely_decides_within_the_open_range():
    middle = Features(coverage=0.5, bm25=0.7, words=2.0, cosine=0.5, gap=0.15)
    good, poor = (judge(replace(middle, match=match)) for match in (0.9, -0.5))
    assert good[0] is Outcome.ANSWERED and poor[0] is Outcome.NOT_FOUND
    assert OPEN[0] <= poor[1] < judge(middle)[1] < good[1] <= OPEN[1]


def test_words_alone_give_a_verdict_too():
    assert judge(replace(GOOD, cosine=None, gap=None))[0] is Outcome.ANSWERED
    assert judge(replace(BAD, cosine=None, gap=None))[0] is Outcome.NOT_FOUND


def test_nothing_found_is_not_found():
    assert judge(GOOD, found=False) == (Outcome.NOT_FOUND, 0.0)


def test_a_foreign_question_is_never_called_answered():
    assert judge(GOOD, foreign=True)[0] is Outcome.CLOSEST
    assert judge(GOOD, foreign=True)[1] == judge(GOOD)[1]


def test_a_search_is_measured():
    found = features(QUESTION, [(0, 9.0), (1, 1.0)], _fused(0.7, 0.4), TEXTS, FREQUENCIES, 100)
    assert found.coverage == 1.0
    assert found.cosine == 0.7
    assert abs((found.gap or 0) - 0.3) < 1e-9
    assert 0.5 < found.bm25 < 1.5


def test_the_tenth_cosine_is_the_yardstick_of_the_gap():
    found = features(QUESTION, [], _fused(*[0.9 - n / 100 for n in range(30)]), TEXTS, FREQUENCIES, 100)
    assert abs((found.gap or 0) - 0.09) < 1e-9


def test_a_best_passage_without_vector_is_judged_by_its_words():
    fused = [Fused(9, 1.0, 1.0), *_fused(0.2, 0.1)]
    found = features(QUESTION, [(9, 5.0)], fused, TEXTS, FREQUENCIES, 1000)
    assert found.cosine is None and found.gap is None


def test_rare_words_weigh_more_than_common_ones():
    rare = features("award leave", [], _fused(0.5), ["the award"], FREQUENCIES, 100)
    common = features("award leave", [], _fused(0.5), ["the leave"], FREQUENCIES, 100)
    assert rare.coverage > common.coverage


def test_an_empty_library_can_be_measured():
    found = features("", [], [], [], {}, 0)
    assert found.cosine is None and found.coverage == 0.0


_share = st.floats(0, 1)


@given(_share, _share, st.floats(0, 3.2), st.one_of(st.none(), st.floats(-1, 1)), _share)
def test_more_evidence_never_makes_less_sure(coverage, bm25, words, cosine, more):
    some = Features(coverage, bm25, words, cosine, None if cosine is None else 0.1)
    assert judge(replace(some, bm25=bm25 + more))[1] >= judge(some)[1]
    assert judge(replace(some, coverage=coverage + more))[1] >= judge(some)[1]
    assert 0.0 <= judge(some)[1] <= 1.0
