"""The items and the body of a response. Source: schemas Response, OutputItem, FileSearchToolCall."""

import time
from typing import Any

from hrdesk.core.usage import Usage
from tests.openai_server.ids import new_id
from tests.openai_server.script import CallTools, Fail, Found, Say, Turn


def result(found: Found) -> dict[str, Any]:
    """Return one result of file search."""
    return {
        "file_id": found.file_id,
        "filename": found.file,
        "text": found.text,
        "score": found.score,
        "attributes": found.attributes,
    }


def search_item(turn: Turn, query: str, include: list[str]) -> dict[str, Any]:
    """Return the file search call of a turn; the results only if they were asked for."""
    results = [result(found) for found in turn.found] if "file_search_call.results" in include else None
    return {
        "id": new_id("fs"),
        "type": "file_search_call",
        "status": "completed",
        "queries": [query],
        "results": results,
    }


def annotations(turn: Turn) -> list[dict[str, Any]]:
    """Return where the answer cites which file; `index` is the place to put the mark."""
    if not isinstance(turn, Say):
        return []
    return [
        {
            "type": "file_citation",
            "index": turn.whole.index(cite.after) + len(cite.after),
            "file_id": turn.found[cite.found].file_id,
            "filename": turn.found[cite.found].file,
        }
        for cite in turn.cites
    ]


def text_part(text: str, notes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the text of a message."""
    return {"type": "output_text", "text": text, "annotations": notes, "logprobs": []}


def message_item(turn: Turn) -> dict[str, Any]:
    """Return the answer as an item."""
    cut = isinstance(turn, Say) and turn.ending != "stop"
    return {
        "id": new_id("msg"),
        "type": "message",
        "status": "incomplete" if cut else "completed",
        "role": "assistant",
        "content": [text_part(turn.whole, annotations(turn))],
    }


def items(turn: Turn, query: str, include: list[str]) -> list[dict[str, Any]]:
    """Return everything that a turn puts into the output of a response."""
    made = [search_item(turn, query, include)] if turn.found else []
    if isinstance(turn, Say) or turn.whole:
        made.append(message_item(turn))
    if isinstance(turn, CallTools):
        made += [
            {
                "id": new_id("fc"),
                "type": "function_call",
                "status": "completed",
                "call_id": new_id("call"),
                "name": call.name,
                "arguments": call.json,
            }
            for call in turn.calls
        ]
    return made


def usage_body(usage: Usage) -> dict[str, Any]:
    """Return usage in the words of the Responses API."""
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.total_tokens,
    }


def ending(turn: Turn) -> dict[str, Any]:
    """Return the fields of a response that say how the turn ended."""
    usage = {} if turn.usage is None else {"usage": usage_body(turn.usage)}
    if isinstance(turn, Fail):
        code = "server_error" if turn.status == "expired" else turn.code
        return {"status": "failed", "error": {"code": code, "message": turn.message}}
    if isinstance(turn, Say) and turn.ending != "stop":
        reason = {"length": "max_output_tokens"}.get(turn.ending, turn.ending)
        return {"status": "incomplete", "incomplete_details": {"reason": reason}, **usage}
    return {"status": "completed", "completed_at": int(time.time()), **usage}


def new_body(request: dict[str, Any]) -> dict[str, Any]:
    """Return a response that has just begun, echoing what was asked."""
    background = bool(request.get("background"))
    return {
        "id": new_id("resp"),
        "object": "response",
        "created_at": int(time.time()),
        "status": "queued" if background else "in_progress",
        "background": background,
        "completed_at": None,
        "error": None,
        "incomplete_details": None,
        "instructions": request.get("instructions"),
        "max_output_tokens": request.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": request["model"],
        "output": [],
        "parallel_tool_calls": request.get("parallel_tool_calls", True),
        "previous_response_id": request.get("previous_response_id"),
        "prompt_cache_key": None,
        "reasoning": {"effort": None, "summary": None},
        "safety_identifier": None,
        "service_tier": "default",
        "store": request.get("store", True),
        "temperature": 1.0,
        "text": {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": "auto",
        "tools": request.get("tools", []),
        "top_logprobs": 0,
        "top_p": 1.0,
        "truncation": request.get("truncation", "disabled"),
        "metadata": request.get("metadata") or {},
    }
