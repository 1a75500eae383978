"""The objects of the Assistants API. Source: schemas AssistantObject to RunStepObject."""

import time
from typing import Any

from hrdesk.core.usage import Usage
from tests.openai_server.ids import new_id
from tests.openai_server.script import Call, Found

LIFETIME = 600  # seconds until a run expires


def new_assistant(body: dict[str, Any]) -> dict[str, Any]:
    """Return an assistant as created from a request."""
    return {
        "id": new_id("asst"),
        "object": "assistant",
        "created_at": int(time.time()),
        "name": body.get("name"),
        "description": body.get("description"),
        "model": body["model"],
        "instructions": body.get("instructions"),
        "tools": body.get("tools") or [],
        "tool_resources": body.get("tool_resources") or {},
        "metadata": body.get("metadata") or {},
        "temperature": 1.0,
        "top_p": 1.0,
        "response_format": "auto",
    }


def new_thread(body: dict[str, Any]) -> dict[str, Any]:
    """Return a thread."""
    return {
        "id": new_id("thread"),
        "object": "thread",
        "created_at": int(time.time()),
        "tool_resources": body.get("tool_resources") or {},
        "metadata": body.get("metadata") or {},
    }


def new_message(thread_id: str, body: dict[str, Any], run: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a message; one that a run writes is in progress."""
    now = int(time.time())
    return {
        "id": new_id("msg"),
        "object": "thread.message",
        "created_at": now,
        "thread_id": thread_id,
        "status": "completed" if run is None else "in_progress",
        "incomplete_details": None,
        "completed_at": now if run is None else None,
        "incomplete_at": None,
        "role": body["role"],
        "content": [text_content(_plain(body.get("content", "")))] if run is None else [],
        "assistant_id": None if run is None else run["assistant_id"],
        "run_id": None if run is None else run["id"],
        "attachments": body.get("attachments") or [],
        "metadata": body.get("metadata") or {},
    }


def _plain(content: Any) -> str:
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def text_content(value: str, annotations: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the content of a message."""
    return {"type": "text", "text": {"value": value, "annotations": annotations or []}}


def new_run(thread_id: str, assistant: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Return a run that waits to begin."""
    now = int(time.time())
    return {
        "id": new_id("run"),
        "object": "thread.run",
        "created_at": now,
        "thread_id": thread_id,
        "assistant_id": assistant["id"],
        "status": "queued",
        "required_action": None,
        "last_error": None,
        "expires_at": now + LIFETIME,
        "started_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "incomplete_details": None,
        "model": body.get("model") or assistant["model"],
        "instructions": body.get("instructions") or assistant["instructions"] or "",
        "tools": body.get("tools") or assistant["tools"],
        "metadata": body.get("metadata") or {},
        "usage": None,
        "temperature": 1.0,
        "top_p": 1.0,
        "max_prompt_tokens": None,
        "max_completion_tokens": None,
        "truncation_strategy": body.get("truncation_strategy") or {"type": "auto", "last_messages": None},
        "tool_choice": "auto",
        "parallel_tool_calls": body.get("parallel_tool_calls", True),
        "response_format": "auto",
    }


def new_step(run: dict[str, Any], kind: str, details: dict[str, Any]) -> dict[str, Any]:
    """Return a step that has just begun."""
    return {
        "id": new_id("step"),
        "object": "thread.run.step",
        "created_at": int(time.time()),
        "assistant_id": run["assistant_id"],
        "thread_id": run["thread_id"],
        "run_id": run["id"],
        "type": kind,
        "status": "in_progress",
        "step_details": {"type": kind, kind: details},
        "last_error": None,
        "expired_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "metadata": {},
        "usage": None,
    }


def function_call(call: Call) -> dict[str, Any]:
    """Return a call as it stands in a run's required action."""
    return {
        "id": new_id("call"),
        "type": "function",
        "function": {"name": call.name, "arguments": call.json},
    }


def search_call(found: tuple[Found, ...]) -> dict[str, Any]:
    """Return the call of file search, results included."""
    results = [
        {
            "file_id": piece.file_id,
            "file_name": piece.file,
            "score": piece.score,
            "content": [{"type": "text", "text": piece.text}],
        }
        for piece in found
    ]
    ranking = {"ranker": "default_2024_08_21", "score_threshold": 0.0}
    return {
        "id": new_id("call"),
        "type": "file_search",
        "file_search": {"ranking_options": ranking, "results": results},
    }


def usage_body(usage: Usage) -> dict[str, Any]:
    """Return usage in the words of the Assistants API."""
    return {
        "prompt_tokens": usage.input_tokens,
        "completion_tokens": usage.output_tokens,
        "total_tokens": usage.total_tokens,
    }
