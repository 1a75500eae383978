import math

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.measures import auroc, covers, mrr, ndcg, percentile, recall


def test_a_quote_is_covered_whatever_the_white_space_and_the_marks():
    quote = "You can take **up to 4 hours** for each [election event](https://x.org/a_(b))."
    assert covers(quote, "Voting\nYou can take up to\n4 hours for each election event. More.") == 1.0


def test_tags_and_entities_of_a_quote_do_not_count():
    assert covers("<td>May Day</td>\n  <td>1&nbsp;May</td>", "Holiday: May Day | 1 May") == 1.0


def test_a_table_row_that_repeats_its_heads_covers_the_bare_row():
    assert (
        covers("| October 17, 2025 | Form due date |", "Date: October 17, 2025 | What: Form due date") == 1.0
    )


def test_half_a_quote_is_covered_in_part():
    quote = "Award leave expires one year after it is issued."
    share = covers(quote, "It says: award leave expires one year")
    assert 0.5 < share < 0.7


def test_single_common_words_do_not_cover():
    assert covers("You can carry over 240 hours", "You may not. We can talk about hours and over time") == 0.0


def test_part_of_a_word_is_not_the_word():
    assert covers("10 days", "110 days") < 1.0


def test_an_empty_quote_is_not_covered():
    assert covers("** **", "anything") == 0.0


@given(st.text(), st.text())
def test_coverage_is_a_share(quote, passage):
    assert 0.0 <= covers(quote, passage) <= 1.0


@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Nd", "Zs"]), min_size=1))
def test_a_passage_covers_itself(text):
    if any(sign.isalnum() for sign in text):
        assert covers(text, f"before {text} after") == 1.0


def test_recall_ndcg_and_mrr_of_known_ranks():
    ranks = [1, 3, None, 12]
    assert recall(ranks, 1) == 0.25
    assert recall(ranks, 5) == 0.5
    assert math.isclose(ndcg(ranks), (1 + 1 / math.log2(4)) / 4)
    assert math.isclose(mrr(ranks), (1 + 1 / 3 + 1 / 12) / 4)


def test_no_questions_give_zero():
    assert recall([], 5) == ndcg([]) == mrr([]) == percentile([], 50) == 0.0


def test_auroc_counts_pairs_and_ties_half():
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([0.1, 0.9], [0.5]) == 0.5
    assert auroc([], [0.5]) is None


def test_percentiles_are_values_that_occurred():
    values = [5.0, 1.0, 3.0, 2.0, 4.0]
    assert percentile(values, 50) == 3.0
    assert percentile(values, 95) == 5.0
    assert percentile(values, 0) == 1.0
