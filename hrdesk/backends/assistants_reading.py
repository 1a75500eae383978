"""From the JSON of an Assistants v2 server to our words: runs, steps, messages, and what they cite.

Tolerant where servers are known to differ: ids without prefix, times as floats, fields that are missing.
"""

import json
from collections.abc import Container, Iterable, Sequence
from datetime import UTC, datetime
from itertools import count

from hrdesk.backends.annotations import Place, clean
from hrdesk.backends.raw_answers import Record, number, record, records, text
from hrdesk.backends.troubles import quoted
from hrdesk.core.runs import Evidence, RunStatus, RunStep, StepKind, ToolCall

SEARCHES = ("file_search", "retrieval")  # names under which servers run their own file search
BETWEEN = "\n\n"  # messages of one run

_LAST_ERROR = {
    "server_error": "The server failed while it was answering.",
    "rate_limit_exceeded": "The server's limit for requests or tokens is reached; try again later.",
    "invalid_prompt": "The server refused the question.",
}
_INCOMPLETE = {
    "max_completion_tokens": "The answer reached the length that is allowed.",
    "max_prompt_tokens": "The thread is too long for the model; continue in a fresh thread.",
    "content_filter": "The provider's content filter ended the answer.",
}
LONGEST_REASON = 300


def status(run: Record) -> RunStatus:
    """Return the run's status; a word we do not know means that it is on its way."""
    try:
        found = RunStatus(text(run.get("status")))
    except ValueError:
        return RunStatus.IN_PROGRESS
    waits_for_nothing = found is RunStatus.REQUIRES_ACTION and not required_calls(run)
    return RunStatus.IN_PROGRESS if waits_for_nothing else found


def required_calls(run: Record) -> tuple[ToolCall, ...]:
    """Return the calls whose outputs the run waits for, each id once."""
    action = record(record(run.get("required_action")).get("submit_tool_outputs"))
    calls: dict[str, ToolCall] = {}
    for call in records(action.get("tool_calls")):
        function, call_id = record(call.get("function")), text(call.get("id"))
        arguments = function.get("arguments")
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        if call_id:
            calls.setdefault(call_id, ToolCall(call_id, text(function.get("name")), written))
    return tuple(calls.values())


def moment(value: object) -> datetime | None:
    """Return a time given in seconds since 1970, None for anything else."""
    seconds = number(value)
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def trouble(run: Record) -> str:
    """Say in a sentence why a run did not complete; "" where there is nothing to say."""
    error = record(run.get("last_error"))
    if error:
        sentence = _LAST_ERROR.get(text(error.get("code")), _LAST_ERROR["server_error"])
        return f"{sentence} {quoted({'error': error})}".strip()
    reason = text(record(run.get("incomplete_details")).get("reason"))
    if reason:
        return _INCOMPLETE.get(reason, f"The answer ended early ({_short(reason)}).")
    return {
        RunStatus.FAILED: _LAST_ERROR["server_error"],
        RunStatus.INCOMPLETE: "The answer ended early.",
        RunStatus.EXPIRED: "The run took longer than the server allows.",
    }.get(status(run), "")


def _short(value: object) -> str:
    return " ".join(text(value).split())[:LONGEST_REASON]


def of_run(messages: Sequence[Record], run_id: str) -> list[Record]:
    """Return the answers of a run from the thread's messages, oldest first as given.

    Where the server does not say which run a message belongs to, it is what came after the last question.
    """
    answers = [one for one in messages if one.get("role") == "assistant"]
    if any(one.get("run_id") for one in answers):
        return [one for one in answers if one.get("run_id") == run_id]
    last = max((n for n, one in enumerate(messages) if one.get("role") == "user"), default=-1)
    return [one for one in messages[last + 1 :] if one.get("role") == "assistant"]


def raw_text(message: Record) -> str:
    """Return the text of a message as it came, with markers."""
    return "\n".join(value for value, _ in _parts(message))


def answer(messages: Iterable[Record]) -> tuple[str, list[Place], list[Evidence]]:
    """Return the raw text of a run's messages, the places of its citations in it, and quotes in them.

    The quotes (servers of the first version gave them) have no ref yet.
    """
    pieces: list[str] = []
    places: list[Place] = []
    quotes: list[Evidence] = []
    offset = 0
    for message in messages:
        if pieces:
            pieces.append(BETWEEN)
            offset += len(BETWEEN)
        for number_, (value, annotations) in enumerate(_parts(message)):
            if number_:
                pieces.append("\n")
                offset += 1
            for annotation in annotations:
                cited = record(annotation.get("file_citation"))
                place = _place(value, annotation, offset)
                if text(cited.get("file_id")):
                    places.append(place)
                    quotes.append(Evidence("", place.file_id, place.file, text(cited.get("quote"))))
            pieces.append(value)
            offset += len(value)
    return "".join(pieces), places, quotes


def _parts(message: Record) -> list[tuple[str, list[Record]]]:
    content = message.get("content")
    if isinstance(content, str):
        return [(content, [])]
    parts: list[tuple[str, list[Record]]] = []
    for part in records(content):
        body = part.get("text")
        if isinstance(body, str) or part.get("type") == "refusal":
            parts.append((text(body) or text(part.get("refusal")), []))
        elif isinstance(body, dict):
            parts.append((text(body.get("value")), records(body.get("annotations"))))
    return parts


def _place(value: str, annotation: Record, offset: int) -> Place:
    """Return the place of an annotation. Its marker is believed only where it really stands in the text."""
    cited = record(annotation.get("file_citation"))
    start = int(number(annotation.get("start_index")) or 0)
    end = int(number(annotation.get("end_index")) or start)
    start, end = min(max(start, 0), len(value)), min(max(end, 0), len(value))
    marker = text(annotation.get("text"))
    file_id, file = text(cited.get("file_id")), text(cited.get("file_name")) or text(cited.get("filename"))
    found = _nearest(value, marker, start) if marker else -1
    if found >= 0:
        return Place(offset + found, file_id, len(marker), file)
    if start < end and not clean(value[start:end]).strip():
        return Place(offset + start, file_id, end - start, file)
    return Place(offset + max(start, end), file_id, 0, file)


def _nearest(value: str, marker: str, start: int) -> int:
    """Return where `marker` stands nearest to `start`: servers count code points or UTF-16 units."""
    if value.startswith(marker, start):
        return start
    before, after = value.rfind(marker, 0, start + len(marker)), value.find(marker, start)
    if before < 0 or after < 0:
        return max(before, after)
    return before if start - before < after - start else after


def evidence(steps: Iterable[Record], own_tools: Container[str]) -> tuple[Evidence, ...]:
    """Return what the server's own file search found in the run, each chunk once, as h1, h2 ...

    One server shows its search as a function call with an output; `own_tools` are the functions that ran
    here and are none of that.
    """
    numbers = count(1)
    found: dict[tuple[str, str], Evidence] = {}
    for step in steps:
        for call in records(record(step.get("step_details")).get("tool_calls")):
            for one in [*_search_results(call), *_search_as_function(call, own_tools)]:
                key = (one.file_id, one.text)
                if key not in found:
                    found[key] = Evidence(
                        f"h{next(numbers)}", one.file_id, one.file, one.text, one.score, one.attributes
                    )
    return tuple(found.values())


def _search_results(call: Record) -> list[Evidence]:
    found = []
    for result in records(record(call.get("file_search")).get("results")):
        attributes = dict(record(result.get("attributes")))
        content = result.get("content")
        pieces = (
            [content] if isinstance(content, str) else [text(part.get("text")) for part in records(content)]
        )
        name = (
            text(attributes.get("filename")) or text(result.get("file_name")) or text(result.get("filename"))
        )
        words = "\n".join(piece for piece in pieces if piece) or text(result.get("text"))
        score = number(result.get("score"))
        found.append(Evidence("", text(result.get("file_id")), name, words, score, attributes))
    return found


def _search_as_function(call: Record, own_tools: Container[str]) -> list[Evidence]:
    function = record(call.get("function"))
    name, output = text(function.get("name")), text(function.get("output"))
    if name in own_tools or name not in SEARCHES or not output:
        return []
    return [Evidence("", "", "", output)]


def server_step(step: Record, own_tools: Container[str]) -> RunStep | None:
    """Return a step that the server does by itself (search, code, writing); None for calls of our tools."""
    step_id = text(step.get("id"))
    state = status(step)
    if step.get("type") == "message_creation":
        return RunStep(step_id, StepKind.MESSAGE_CREATION, state)
    calls = tuple(
        ToolCall(text(call.get("id")), _call_name(call), "{}")
        for call in records(record(step.get("step_details")).get("tool_calls"))
        if text(record(call.get("function")).get("name")) not in own_tools and _call_name(call)
    )
    return RunStep(step_id, StepKind.TOOL_CALLS, state, calls) if calls and step_id else None


def _call_name(call: Record) -> str:
    kind = text(call.get("type"))
    if kind != "function":
        return kind
    function = record(call.get("function"))
    name = text(function.get("name"))
    return name if name in SEARCHES else ""
