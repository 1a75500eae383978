"""One response put together from events; each trap of real servers has its test."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.responses_stream import ASYNC, Reading
from hrdesk.core.runs import Evidence, RunStatus
from hrdesk.core.usage import Usage

TEXT = "Ten days of sick leave."


def message(text: str = TEXT, item_id: str | None = "msg_1", **more: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"id": item_id, "type": "message", "role": "assistant", "content": content} | more


def call(call_id: str | None = "call_1", item_id: str | None = "fc_1", **more: Any) -> dict[str, Any]:
    fields = {"id": item_id, "call_id": call_id, "name": "lookup_policy", "arguments": '{"query": "x"}'}
    return {"type": "function_call"} | fields | more


def response(*output: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    return {"object": "response", "id": "resp_1", "status": status, "output": list(output)} | more


def created(**more: Any) -> dict[str, Any]:
    return {"type": "response.created", "response": response(status="in_progress", **more)}


def added(item: dict[str, Any], index: int = 0) -> dict[str, Any]:
    item = item | ({"content": []} if item["type"] == "message" else {})
    return {"type": "response.output_item.added", "output_index": index, "item": item}


def done(item: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {"type": "response.output_item.done", "output_index": index, "item": item}


def delta(text: str, item_id: str | None = "msg_1", **more: Any) -> dict[str, Any]:
    place = {"item_id": item_id, "output_index": 0, "content_index": 0}
    return {"type": "response.output_text.delta", "delta": text} | place | more


def completed(*output: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "response.completed", "response": response(*output, **more)}


def read(*events: dict[str, Any], numbered: bool = False) -> Reading:
    reading = Reading("run_1")
    for number, event in enumerate(events):
        reading.take(event | ({"sequence_number": number} if numbered else {}))
    return reading


def test_text_grows_and_the_end_is_the_truth() -> None:
    events = [created(), added(message()), delta("Ten "), delta("days")]
    assert (read(*events).text(), read(*events).status) == ("Ten days", RunStatus.IN_PROGRESS)
    whole = read(*events, completed(message()))
    assert (whole.text(), whole.status, whole.id) == (TEXT, RunStatus.COMPLETED, "resp_1")


def test_output_text_done_is_not_needed() -> None:
    reading = read(created(), added(message()), delta("Ten "), done(message()))
    assert reading.text() == TEXT


def test_orphan_argument_events_are_ignored() -> None:
    orphans: list[dict[str, Any]] = [
        {
            "type": "response.function_call_arguments.delta",
            "item_id": "fc_9",
            "output_index": 0,
            "delta": "{",
        },
        {"type": "response.function_call_arguments.done", "item_id": "fc_9", "arguments": "{}"},
    ]
    reading = read(created(), *orphans, added(message()), delta(TEXT), completed(message()))
    assert reading.calls() == () and reading.text() == TEXT


@pytest.mark.parametrize(
    "content", [TEXT, [{"type": "output_text", "text": TEXT}], [{"type": "refusal", "refusal": TEXT}]]
)
def test_content_is_a_string_or_a_list(content: object) -> None:
    assert read(completed(message(content=content))).text() == TEXT


def test_null_ids_are_survived() -> None:
    reading = read(created(), added(message(item_id=None)), delta("Ten ", None), delta("days", None))
    assert reading.text() == "Ten days"
    assert read(completed(message(item_id=None))).text() == TEXT


@pytest.mark.parametrize(
    ("reason", "words"),
    [("max_output_tokens", "length"), ("length", "length"), ("content_filter", "filter"), (None, "early")],
)
def test_incomplete_says_why_also_when_the_reason_is_length(reason: str | None, words: str) -> None:
    details = {"incomplete_details": {"reason": reason} if reason else None}
    reading = read(
        {"type": "response.incomplete", "response": response(message(), status="incomplete", **details)}
    )
    assert reading.status is RunStatus.INCOMPLETE
    assert words in reading.error and reading.text() == TEXT


def test_commentary_is_no_part_of_the_answer() -> None:
    first = message("Let me check.", "msg_0", phase="commentary")
    last = message(TEXT, "msg_1", phase="final_answer")
    assert read(completed(first, last)).text() == TEXT
    assert read(completed(first)).text() == "Let me check."


def test_several_messages_make_one_answer() -> None:
    assert read(completed(message("One.", "a"), message("Two.", "b"))).text() == "One.\n\nTwo."


def test_call_id_is_used_and_not_id() -> None:
    (found,) = read(completed(call())).calls()
    assert found.id == "call_1"


def test_parallel_calls_come_once_each() -> None:
    calls = (call(), call(), call("call_2", "fc_2"))
    assert [one.id for one in read(completed(*calls)).calls()] == ["call_1", "call_2"]


@pytest.mark.parametrize("name", ["async", "async_"])
def test_async_calls_are_rejected(name: str) -> None:
    reading = read(completed(call() | {name: True}))
    assert (reading.status, reading.error) == (RunStatus.FAILED, ASYNC)


def test_missing_cache_write_tokens_are_no_trouble() -> None:
    usage = {"input_tokens": 9.0, "output_tokens": 4, "input_tokens_details": {"cached_tokens": 3}}
    assert read(completed(message(), usage=usage)).usage == Usage(9, 4, 3)
    assert read(completed(message(), usage=None)).usage == Usage()


def test_events_twice_and_late_are_shown_once() -> None:
    reading = Reading("run_1")
    events = [created(), added(message()), delta("Ten "), delta("days")]
    for number, event in enumerate(events):
        reading.take(event | {"sequence_number": number})
        reading.take(event | {"sequence_number": number})
    reading.take(events[2] | {"sequence_number": 2})
    assert reading.text() == "Ten days"


def test_a_server_that_does_not_count_its_events_is_understood() -> None:
    events = [created(), added(message()), delta("ha"), delta("ha")]
    assert read(*events).text() == "haha"
    same = [event | {"sequence_number": 0} for event in (*events[:3], delta("ho"))]
    assert read(*same).text() == "haho"


def test_events_of_another_run_are_ignored() -> None:
    foreign = {"type": "response.completed", "response": response(message("Fired!"), id="resp_9")}
    first = created(metadata={"hrdesk_run": "run_9"}) | {}
    first["response"] = first["response"] | {"id": "resp_9"}
    events = [first, created(), added(message()), delta("Fired!", "msg_9"), delta(TEXT), foreign]
    reading = read(*events)
    assert (reading.id, reading.text(), reading.status) == ("resp_1", TEXT, RunStatus.IN_PROGRESS)


def test_what_comes_after_the_end_is_ignored() -> None:
    reading = read(completed(message()), delta(" And more."), completed(message("Other.")))
    assert reading.text() == TEXT


def test_an_end_without_output_keeps_what_was_settled() -> None:
    reading = read(created(), done(call()), completed())
    assert [one.id for one in reading.calls()] == ["call_1"]


def test_items_that_are_never_announced_are_shown() -> None:
    assert read(created(), delta("Ten "), delta("days")).text() == "Ten days"


def test_markers_do_not_leak_into_the_text() -> None:
    reading = read(created(), added(message()), delta("Ten days<|0b1f"), delta("-uuid|>."))
    assert reading.text() == "Ten days."
    assert read(completed(message("Ten days<|0b1f-uuid|>."))).text() == "Ten days."


@pytest.mark.parametrize(
    "event",
    [
        {"type": "error", "code": "server_error", "message": "overloaded"},
        {"type": "error", "error": {"message": "overloaded"}},
        {"error": {"message": "overloaded"}},
        {"type": "response.failed", "response": response(status="failed", error={"message": "overloaded"})},
    ],
)
def test_an_error_fails_the_run_and_keeps_the_text(event: dict[str, Any]) -> None:
    reading = read(created(), added(message()), delta("Ten"), event)
    assert (reading.status, reading.text()) == (RunStatus.FAILED, "Ten")
    assert "overloaded" in reading.error


def test_an_answer_without_words_is_incomplete() -> None:
    assert read(completed(message("  "))).status is RunStatus.INCOMPLETE
    assert read(completed()).status is RunStatus.INCOMPLETE


def test_a_very_long_answer_is_cut_off() -> None:
    reading = read(created(), added(message()), *(delta("x" * 10_000) for _ in range(30)))
    assert reading.status is RunStatus.INCOMPLETE and "very long" in reading.error
    assert len(read(completed(message("x" * 5_000_000))).text()) == 200_000


def searched(*results: dict[str, Any]) -> dict[str, Any]:
    return {"id": "fs_1", "type": "file_search_call", "results": list(results)}


def test_evidence_takes_the_true_name_from_the_attributes() -> None:
    wrong = {"file_id": "0b1f", "filename": "0b1f", "text": TEXT, "score": None}
    right = {"attributes": {"file_id": "file-1", "filename": "sick.pdf", "year": 2026.0}}
    (found,) = read(completed(searched(wrong | right), message())).evidence(3)
    assert found == Evidence("h3", "0b1f", "sick.pdf", TEXT, None, right["attributes"])


def test_annotations_become_marks() -> None:
    note = {"type": "file_citation", "file_id": "file-1", "filename": "sick.pdf", "index": len(TEXT) - 1}
    part = {"type": "output_text", "text": TEXT, "annotations": [note, {"type": "file_path", "index": 0}]}
    search = searched({"file_id": "file-1", "filename": "sick.pdf", "text": TEXT, "score": 4.1})
    reading = read(completed(search, message(content=[part])))
    assert reading.text(reading.evidence(1)) == "Ten days of sick leave [h1]."


def test_what_was_taken_of_the_tools_is_known() -> None:
    assert read(created()).echo is None
    assert read(created(tools=[{"type": "file_search"}])).echo == [{"type": "file_search"}]


names = "type response item output output_index item_id delta content text id status results error".split()
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner, max_size=5),
    max_leaves=12,
)
kinds = [
    *("created", "completed", "failed", "incomplete", "output_item.added", "output_item.done"),
    *("output_text.delta", "in_progress", "unheard.of"),
]


@given(st.lists(st.tuples(st.sampled_from(kinds), odd, odd), max_size=8))
def test_no_event_makes_a_reading_crash(events: list[tuple[str, Any, Any]]) -> None:
    reading = Reading("run_1")
    for kind, one, other in events:
        fields = one if isinstance(one, dict) else {"delta": one, "output_index": one}
        reading.take({**fields, "type": f"response.{kind}", "response": other, "item": other})
        reading.take({**fields, "type": f"response.{kind}", "item": other})
    reading.text(reading.evidence(1)), reading.calls(), reading.output(), reading.usage
