"""Servers that speak Assistants v2 with an accent: each deviation that was met, one test."""

from collections.abc import Iterator
from typing import Any

import pytest

from hrdesk.backends import assistants_reading as reading
from hrdesk.backends.annotations import Place, marked
from hrdesk.backends.assistants_view import RunView
from hrdesk.backends.assistants_wire import RunEvent
from hrdesk.backends.raw_answers import metadata, number, record, records, text, usage_in
from hrdesk.core.runs import Evidence, RunRef, RunSnapshot, RunStatus, StepKind, ToolCall, ToolOutput
from hrdesk.core.usage import Usage
from tests.backends.assistants_runs import answered, backend_at, request
from tests.openai_server import Fault, serve

REF = RunRef("run_1", "thread_1", "7f3a", "9c")


def view(**fields: Any) -> RunView:
    return RunView(RunSnapshot(REF, RunStatus.IN_PROGRESS, **fields), ["lookup_policy"])


def run(status: str, **fields: Any) -> dict[str, Any]:
    return {"id": "7f3a", "thread_id": "9c", "status": status, **fields}


def required(*calls: dict[str, Any]) -> dict[str, Any]:
    return run("requires_action", required_action={"submit_tool_outputs": {"tool_calls": list(calls)}})


def call(call_id: str, arguments: object = "{}") -> dict[str, Any]:
    return {"id": call_id, "function": {"name": "lookup_policy", "arguments": arguments}}


def message(value: str, *annotations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    content = [{"type": "text", "text": {"value": value, "annotations": list(annotations)}}]
    return {"id": "m1", "role": "assistant", "run_id": "7f3a", "content": content, **fields}


def delta(value: str, message_id: str = "m1") -> RunEvent:
    content = [{"index": 0, "type": "text", "text": {"value": value}}]
    return RunEvent("thread.message.delta", {"id": message_id, "delta": {"content": content}})


def created(message_id: str = "m1", **fields: Any) -> RunEvent:
    return RunEvent("thread.message.created", {"id": message_id, "role": "assistant", **fields})


class Stream:
    """A stream of events as a test writes them."""

    def __init__(self, *events: RunEvent) -> None:
        self._events: Iterator[RunEvent] = iter(events)
        self.closed = False

    async def next(self) -> RunEvent | None:
        return next(self._events, None)

    async def aclose(self) -> None:
        self.closed = True


def test_ids_need_no_prefix_and_times_may_be_floats():
    seen = view()
    seen.take_run(run("in_progress", created_at=1_790_000_000.25, expires_at=1_790_000_600.25))
    assert seen.snapshot.expires_at is not None
    assert seen.snapshot.expires_at.year == 2026


@pytest.mark.parametrize("wrong", [None, "soon", -1e40, float("nan"), True, [], 0])
def test_a_time_that_is_none_is_left_out(wrong):
    assert reading.moment(wrong) is None


def test_usage_and_expiry_may_be_missing_and_what_was_known_stays():
    seen = view(usage=Usage(3, 4))
    seen.take_run(run("completed"))
    assert seen.snapshot.usage == Usage(3, 4)
    assert seen.snapshot.expires_at is None


def test_usage_is_read_with_its_cached_tokens():
    counted = {"prompt_tokens": 10.0, "completion_tokens": 5, "prompt_token_details": {"cached_tokens": 4}}
    assert usage_in(counted) == Usage(10, 5, 4)
    assert usage_in({"prompt_tokens": "many", "completion_tokens": -1}) == Usage()


def test_a_message_without_status_or_run_is_the_one_after_the_last_question():
    thread: list[dict[str, Any]] = [
        {"role": "assistant", "content": "Before."},
        {"role": "user", "content": "Now?"},
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "Ten "}, {"type": "text", "text": "days."}],
        },
    ]
    assert [reading.raw_text(one) for one in reading.of_run(thread, "7f3a")] == ["Ten \ndays."]


def test_messages_of_other_runs_are_not_the_answer():
    thread = [message("Old.", run_id="other"), message("New.")]
    assert [reading.raw_text(one) for one in reading.of_run(thread, "7f3a")] == ["New."]


def test_metadata_may_come_back_under_another_name():
    assert metadata({"metadata_": {"hrdesk_run": "run_1"}}) == {"hrdesk_run": "run_1"}


async def test_an_assistant_is_found_by_metadata_under_another_name():
    async with serve() as server:
        async with backend_at(server) as backend:
            await answered(backend)
        (known,) = server.assistants.values()
        renamed = {"id": known["id"], "metadata_": known["metadata"]}
        server.fault(Fault("json", on="GET /v1/assistants", changes={"data": [renamed]}))
        async with backend_at(server) as backend:
            await answered(backend, request(run_id="run_2"))
        assert len(server.assistants) == 1


async def test_an_end_that_is_reported_after_required_action_is_not_believed():
    async with serve() as server, backend_at(server) as backend:
        stream = Stream(
            RunEvent("thread.run.requires_action", required(call("c1"))),
            RunEvent("thread.run.completed", run("completed")),
        )
        backend._streams["run_1"] = stream  # type: ignore[assignment]
        seen = [snapshot.status async for snapshot in backend.stream_run(REF)]
        assert seen == [RunStatus.REQUIRES_ACTION]
        assert stream.closed


def test_a_search_shown_as_a_function_call_with_output_is_evidence_and_no_call_of_ours():
    step = {
        "id": "s1",
        "type": "tool_calls",
        "status": "completed",
        "step_details": {
            "tool_calls": [
                {"type": "function", "function": {"name": "file_search", "output": "Ten days a year."}},
                {"type": "function", "function": {"name": "lookup_policy", "output": "ours"}},
                "nonsense",
            ]
        },
    }
    seen = view()
    seen.take_steps([step])
    assert seen.snapshot.evidence == (Evidence("h1", "", "", "Ten days a year."),)
    assert [one.name for one in seen.snapshot.steps[0].calls] == ["file_search"]


def test_unknown_events_change_nothing():
    seen = view()
    for event in (
        RunEvent("", {}),
        RunEvent("thread.created", {"id": "9c"}),
        RunEvent("thread.run.step.dreaming", {"id": "s", "status": "dreaming"}),
        RunEvent("thread.message.sung", {"id": ""}),
        RunEvent("metrics", {"cpu": 1}),
    ):
        assert not seen.take_event(event)


def test_the_same_call_twice_is_one_and_arguments_may_be_an_object():
    seen = view()
    seen.take_run(required(call("c1"), call("c1"), call("c2", {"query": "x"}), {"id": 5}, call("")))
    assert seen.snapshot.required_calls == (
        ToolCall("c1", "lookup_policy", "{}"),
        ToolCall("c2", "lookup_policy", '{"query": "x"}'),
    )
    seen.take_run(required(call("c1"), call("c2", {"query": "x"})))
    assert len(seen.snapshot.steps) == 1


def test_a_server_that_has_not_yet_noted_the_outputs_is_waited_for():
    seen = view()
    seen.take_run(required(call("c1")))
    seen.submitted([ToolOutput("c1", "{}")])
    seen.take_run(required(call("c1")))
    shown = [seen.snapshot.status]
    seen.take_run(required(call("c2")))
    assert [*shown, seen.snapshot.status] == [RunStatus.QUEUED, RunStatus.REQUIRES_ACTION]
    assert [step.kind for step in seen.snapshot.steps] == [StepKind.TOOL_CALLS] * 2


def test_an_end_is_never_left():
    seen = view()
    seen.take_run(run("cancelled"))
    assert not seen.take_event(RunEvent("thread.run.in_progress", run("in_progress")))
    assert not seen.take_event(delta("late"))
    assert seen.snapshot.status is RunStatus.CANCELLED


def test_events_of_another_run_or_thread_are_ignored():
    seen = view()
    assert not seen.take_event(RunEvent("thread.run.completed", {"id": "other", "status": "completed"}))
    assert not seen.take_event(created(run_id="other"))
    assert not seen.take_event(created(thread_id="elsewhere"))
    assert not seen.take_event(delta("foreign"))
    assert seen.snapshot.text == ""


def test_another_run_is_not_taken_for_ours_before_ours_is_known():
    fresh = RunView(RunSnapshot(RunRef("run_1", "thread_1", "", "9c"), RunStatus.QUEUED))
    other = run("queued", metadata={"hrdesk_run": "run_other"}) | {"id": "other"}
    assert not fresh.take_event(RunEvent("thread.run.created", other))
    assert fresh.take_event(RunEvent("thread.run.created", run("queued", metadata={"hrdesk_run": "run_1"})))
    assert fresh.ref.remote_id == "7f3a"


def test_text_that_comes_before_its_message_is_kept_for_it():
    seen = view()
    seen.take_event(delta("Ten "))
    assert seen.snapshot.text == ""
    seen.take_event(created())
    seen.take_event(delta("days"))
    assert seen.snapshot.text == "Ten days"


def test_text_after_the_message_was_completed_is_late():
    seen = view()
    seen.take_event(created())
    seen.take_event(delta("Ten days"))
    seen.take_event(RunEvent("thread.message.completed", message("Ten days.")))
    assert not seen.take_event(delta(" late"))
    assert seen.snapshot.text == "Ten days."


def test_a_text_with_a_hole_is_not_shown_on_until_it_is_whole():
    seen = view()
    seen.take_event(created())
    seen.take_event(delta("Staff may"))
    lost = delta(" work from home")  # " not" could not be read
    seen.take_event(RunEvent(lost.name, lost.data, after_gap=True))
    seen.take_event(delta(" on Tuesdays."))
    assert seen.snapshot.text == "Staff may"
    seen.take_event(
        RunEvent("thread.message.completed", message("Staff may not work from home on Tuesdays."))
    )
    assert seen.snapshot.text == "Staff may not work from home on Tuesdays."


def test_several_messages_of_a_run_are_one_answer():
    seen = view()
    for name in ("m1", "m2"):
        seen.take_event(created(name))
        seen.take_event(delta(f"Words of {name}.", name))
    assert seen.snapshot.text == "Words of m1.\n\nWords of m2."


def test_a_character_cut_in_two_is_joined_and_nuls_are_dropped():
    seen = view()
    seen.take_event(created())
    for piece in ("Good \ud83d", "\ude00\x00 day"):
        seen.take_event(delta(piece))
    assert seen.snapshot.text == "Good 😀 day"


def test_a_refusal_is_an_answer():
    refusal = {"id": "m1", "role": "assistant", "content": [{"type": "refusal", "refusal": "I will not."}]}
    assert reading.raw_text(refusal) == "I will not."


def annotation(marker: str, start: object, end: object = None, **cited: Any) -> dict[str, Any]:
    file = {"file_id": "file-a", **cited}
    return {
        "type": "file_citation",
        "text": marker,
        "start_index": start,
        "end_index": end,
        "file_citation": file,
    }


@pytest.mark.parametrize("start", [9, 10, 0, 400, -5, None, "9"])
def test_a_marker_is_found_where_it_stands_whatever_the_server_counts(start):
    said = message("𝄞 Ten day【1†a】s.", annotation("【1†a】", start))
    assert reading.answer([said])[1] == [Place(9, "file-a", 5)]


def test_an_annotation_never_takes_words_away():
    raw, places, _ = reading.answer([message("Ten days a year.", annotation("", 4, 8))])
    assert marked(raw, places, [Evidence("h1", "file-a", "", "")]) == "Ten days [h1] a year."


def test_a_file_that_is_cited_but_was_not_listed_is_evidence_with_its_quote():
    seen = view()
    seen.take_run(run("completed"))
    seen.take_messages([message("Ten days【1†a】.", annotation("【1†a】", 8, quote="ten days a year"))])
    seen.finish()
    assert seen.snapshot.text == "Ten days [h1]."
    assert seen.snapshot.evidence == (Evidence("h1", "file-a", "", "ten days a year"),)


def test_results_may_be_a_text_or_have_their_name_and_id_in_their_attributes():
    results = [
        {
            "file_id": "uuid",
            "filename": "uuid",
            "text": "Ten.",
            "attributes": {"filename": "a.pdf", "file_id": "f"},
        },
        {"file_id": "f2", "file_name": "b.pdf", "score": None, "content": "Two."},
        {"file_id": "f2", "file_name": "b.pdf", "score": 4.1, "content": "Two."},
    ]
    step = {"step_details": {"tool_calls": [{"file_search": {"results": results}}]}}
    found = reading.evidence([step], ())
    assert [(one.ref, one.file, one.text) for one in found] == [
        ("h1", "a.pdf", "Ten."),
        ("h2", "b.pdf", "Two."),
    ]


def test_values_of_the_wrong_kind_are_nothing():
    assert (text(5), record([]), records({}), records([1, {}]), number("1"), number(10**400)) == (
        "",
        {},
        [],
        [{}],
        None,
        None,
    )
