"""Lists with cursors, as all of OpenAI's lists work."""

from collections.abc import Sequence
from typing import Any

from tests.openai_server.http import Reply, Request


def page(items: Sequence[dict[str, Any]], request: Request, order: str = "desc") -> Reply:
    """Return a page of `items`, which are given in the order of their creation."""
    query = request.query
    ordered = list(items) if query.get("order", order) == "asc" else list(reversed(items))
    ids = [item["id"] for item in ordered]
    if query.get("after") in ids:
        ordered = ordered[ids.index(query["after"]) + 1 :]
    limit = int(query.get("limit", 20))
    shown = ordered[:limit]
    ends = (
        {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]} if shown else {"first_id": "", "last_id": ""}
    )
    return Reply({"object": "list", "data": shown, **ends, "has_more": len(ordered) > limit})
