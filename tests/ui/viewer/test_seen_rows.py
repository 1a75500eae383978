from dataclasses import replace
from decimal import Decimal

from hrdesk.core.usage import Usage
from hrdesk.ui.viewer.seen_rows import calls_of, cost_words, facts_of, host_words, lookups_of, tokens_words
from tests.ui.viewer.fakes import remote, run, with_calls


def test_every_candidate_is_there_with_its_rank_and_whether_it_was_sent():
    first = lookups_of(run())[0]
    assert [candidate.rank for candidate in first.candidates] == list(range(1, 21))
    assert first.sent == 6 and first.candidates[0].ref == "p1"
    assert first.limits == "category leave"


def test_what_was_not_written_down_is_blank():
    (lookup,) = lookups_of(replace(run(), lookups=({"query": "x", "candidates": [{}]},)))
    assert lookup.candidates[0].scores == "Together 0.00 · words 0.00 · meaning not compared"


def test_tokens_and_host_are_said_plainly():
    assert tokens_words(run()) == "None"
    assert tokens_words(run(usage=Usage(1204, 220))) == "1,204 in · 220 out"
    assert host_words(run()) == "This computer, nothing was sent"


def test_a_remote_run_names_host_region_store_version_and_parts_of_its_tokens():
    facts = dict(facts_of(remote(run())))
    assert facts == {
        "Asked": "eu.api.openai.com",
        "Region": "Europe",
        "Provider": "Was asked not to store anything",
        "Model": "gpt",
        "Assistant": "Version 3",
        "Passages": "6 sent, from 2 lookups",
        "Tokens": "2,900 in (1,200 cached) · 220 out (64 reasoning)",
        "Cost": "0.02 USD",
    }
    assert dict(facts_of(replace(remote(run()), stored=True)))["Provider"] == "May store question and answer"


def test_a_local_run_says_only_what_there_is_to_say():
    assert [name for name, _ in facts_of(run())] == ["Asked", "Model", "Passages", "Tokens"]


def test_a_price_that_is_not_known_is_said_and_not_guessed():
    assert cost_words(replace(remote(run()), cost=None)) == "The price of this model is not known"
    assert cost_words(replace(run(), cost=Decimal(0))) == "Nothing"


def test_calls_keep_their_order_and_tell_refusals_from_results():
    states = [(call.name, call.state) for call in calls_of(with_calls(run()))]
    assert states == [("lookup_policy", "answered"), ("rm\u202e", "refused"), ("send_mail", "no output")]


def test_an_output_that_only_looks_like_an_error_is_a_result():
    said = '{"error": "x", "passages": []}'
    plain = with_calls(run())
    step = replace(plain.steps[0], outputs=(replace(plain.steps[0].outputs[0], output=said),))
    assert calls_of(replace(plain, steps=(step,)))[0].state == "answered"


def test_synonyms_that_were_searched_are_named():
    (lookup,) = lookups_of(replace(run(), lookups=({"query": "PTO", "also_searched": ["annual leave"]},)))
    assert lookup.also_words == "Also searched: annual leave"
    assert lookups_of(run())[0].also_words == ""
