"""The objects of vector stores. Source: schemas VectorStoreObject, -FileObject, -FileBatchObject."""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.openai_server.ids import new_id

AUTO = {"type": "static", "static": {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
STATES = ("in_progress", "completed", "failed", "cancelled")


def new_store(body: dict[str, Any]) -> dict[str, Any]:
    """Return an empty vector store."""
    now = int(time.time())
    expiry = {"expires_after": body["expires_after"]} if body.get("expires_after") else {}
    return {
        "id": new_id("vs"),
        "object": "vector_store",
        "created_at": now,
        "name": body.get("name") or "",
        "usage_bytes": 0,
        "file_counts": counts([]),
        "status": "completed",
        **expiry,
        "expires_at": None,
        "last_active_at": now,
        "metadata": body.get("metadata") or {},
    }


def new_entry(store_id: str, file_id: str, size: int, body: dict[str, Any]) -> dict[str, Any]:
    """Return a file as it stands in a store."""
    return {
        "id": file_id,
        "object": "vector_store.file",
        "usage_bytes": size,
        "created_at": int(time.time()),
        "vector_store_id": store_id,
        "status": "in_progress",
        "last_error": None,
        "chunking_strategy": AUTO,
        "attributes": body.get("attributes") or {},
    }


def new_batch(store_id: str) -> dict[str, Any]:
    """Return a batch of files that are taken into a store together."""
    return {
        "id": new_id("vsfb"),
        "object": "vector_store.files_batch",
        "created_at": int(time.time()),
        "vector_store_id": store_id,
        "status": "in_progress",
        "file_counts": counts([]),
    }


def counts(entries: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return how many files are in which state."""
    states = Counter(entry["status"] for entry in entries)
    return {**{state: states[state] for state in STATES}, "total": states.total()}
