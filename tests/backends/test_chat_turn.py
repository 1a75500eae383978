"""A turn put together from chunks, whatever a server leaves out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.base import LONGEST_ANSWER
from hrdesk.backends.chat_turn import EMPTY, TOO_LONG, Turn, text_in
from hrdesk.backends.raw_answers import usage_in
from hrdesk.core.errors import BackendUnavailable
from hrdesk.core.usage import Usage


def chunk(content: object = None, finish: str | None = None, **more: Any) -> dict[str, Any]:
    delta = {"content": content} if content is not None else {}
    return {"id": "c", "choices": [{"index": 0, "delta": delta | more, "finish_reason": finish}]}


def called(**call: Any) -> dict[str, Any]:
    return chunk(tool_calls=[call])


def said(*chunks: dict[str, Any]) -> tuple[Turn, list[str]]:
    shown: list[str] = []
    turn = Turn(shown.append)
    for one in chunks:
        turn.take(one)
    return turn, shown


def test_text_is_shown_as_it_comes() -> None:
    turn, shown = said(chunk("Ten"), chunk(" days"), chunk(None, "stop"))
    assert shown == ["Ten", " days"]
    assert (turn.text(), turn.ended_early()) == ("Ten days", "")


def test_what_may_be_a_call_is_held_back() -> None:
    turn, shown = said(chunk('{"name": '), chunk('"lookup_policy"}', "stop"))
    assert shown == []
    assert turn.raw_text() == '{"name": "lookup_policy"}'


def test_thoughts_before_the_answer_are_left_out() -> None:
    turn, shown = said(chunk("<thi"), chunk("nk>Let me see."), chunk("</think>\n\nTen"), chunk(" days."))
    assert "".join(shown) == turn.text() == "Ten days."


def test_leaked_markers_are_not_shown() -> None:
    turn, shown = said(chunk("Ten days.<|im"), chunk("_end|>"), chunk(None, "stop"))
    assert "".join(shown) == turn.text() == "Ten days."


def test_a_call_in_pieces_is_put_together() -> None:
    turn, _ = said(
        called(index=0, id="a", function={"name": "lookup_policy", "arguments": '{"que'}),
        called(index=1, id="b", function={"name": "other", "arguments": "{}"}),
        called(index=0, function={"arguments": 'ry": 1}'}),
    )
    assert [(c.id, c.name, c.arguments) for c in turn.calls()] == [
        ("a", "lookup_policy", '{"query": 1}'),
        ("b", "other", "{}"),
    ]


def test_null_ids_and_missing_indexes_of_calls_are_survived() -> None:
    turn, _ = said(
        called(id=None, function={"name": "lookup_policy", "arguments": {"query": "süß"}}),
        called(id="b", function={"name": "other", "arguments": None}),
        called(function=None),
    )
    first, second = turn.calls()
    assert first.id.startswith("call_") and first.arguments == '{"query": "süß"}'
    assert (second.id, second.arguments) == ("b", "{}")


def test_the_same_id_twice_becomes_two() -> None:
    turn, _ = said(
        called(index=0, id="a", function={"name": "x"}), called(index=1, id="a", function={"name": "y"})
    )
    assert len({call.id for call in turn.calls()}) == 2


def test_ten_thousand_calls_are_cut() -> None:
    turn, _ = said(*(called(index=n, id=str(n), function={"name": "x"}) for n in range(10_000)))
    assert len(turn.calls()) == 256


@pytest.mark.parametrize(
    "content", ["Ten", ["Ten"], [{"type": "text", "text": "Ten"}], [{"text": "T"}, {"text": "en"}]]
)
def test_content_is_a_string_or_a_list(content: object) -> None:
    assert text_in(content) == "Ten"


@pytest.mark.parametrize("content", [None, 7, {}, [None, 7], [{"text": None}]])
def test_content_that_is_neither_is_nothing(content: object) -> None:
    assert text_in(content) == ""


@pytest.mark.parametrize(("finish", "words"), [("length", "length limit"), ("content_filter", "filter")])
def test_an_answer_that_is_cut_short_says_why(finish: str, words: str) -> None:
    turn, _ = said(chunk("Ten"), chunk(None, finish))
    assert words in turn.ended_early()


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_answer_is_called_one(text: str) -> None:
    turn, _ = said(chunk(text, "stop"))
    assert turn.ended_early() == EMPTY


def test_a_very_long_answer_is_cut_off() -> None:
    turn, shown = said(*(chunk("x" * 10_000) for _ in range(500)))
    assert turn.is_full and turn.ended_early() == TOO_LONG
    assert len(turn.text()) == LONGEST_ANSWER
    assert len("".join(shown)) <= LONGEST_ANSWER + 10_000


def test_chunks_of_another_run_are_ignored() -> None:
    turn, _ = said(chunk("Ten"), chunk(" days"), chunk("Fired!") | {"id": "other"})
    assert turn.text() == "Ten days"


def test_a_server_with_a_new_id_for_every_chunk_is_understood() -> None:
    turn, _ = said(*(chunk(word) | {"id": word} for word in ("Ten ", "days")))
    assert turn.text() == "Ten days"


def test_further_choices_are_ignored() -> None:
    turn, _ = said(chunk("Ten"), {"choices": [{"index": 1, "delta": {"content": "Nine"}}]})
    assert turn.text() == "Ten"


def test_an_error_in_the_stream_is_said_in_words() -> None:
    with pytest.raises(BackendUnavailable, match="broke the answer off") as raised:
        said(chunk("Ten"), {"error": {"message": "overloaded"}})
    assert "overloaded" in raised.value.advice


@pytest.mark.parametrize(
    ("usage", "counted"),
    [
        ({"prompt_tokens": 5, "completion_tokens": 2}, Usage(5, 2)),
        ({"prompt_tokens": 5.0, "completion_tokens": None, "prompt_tokens_details": None}, Usage(5)),
        (
            {"input_tokens": 5, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 3}},
            Usage(5, 2, 3),
        ),
        (
            {
                "prompt_tokens": 5,
                "completion_tokens_details": {"reasoning_tokens": 4},
                "completion_tokens": 9,
            },
            Usage(5, 9, 0, 4),
        ),
        ({"prompt_tokens": -5, "completion_tokens": "many"}, Usage()),
        ({"prompt_tokens": float("nan"), "completion_tokens": float("inf")}, Usage()),
    ],
)
def test_usage_is_counted_where_it_makes_sense(usage: dict[str, Any], counted: Usage) -> None:
    assert usage_in(usage) == counted


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "choices",
                    "delta",
                    "message",
                    "content",
                    "tool_calls",
                    "function",
                    "arguments",
                    "index",
                    "id",
                    "usage",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.lists(odd, max_size=4))
def test_no_chunk_makes_a_turn_crash(values: list[Any]) -> None:
    chunks = [value for value in values if isinstance(value, dict)]
    turn, _ = said(*chunks, *({"choices": value} for value in values))
    turn.text(), turn.calls(), turn.ended_early()
