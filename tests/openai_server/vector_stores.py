"""Vector stores: their files, batches of files, the files' text, and search."""

from dataclasses import dataclass, field
from typing import Any

from tests.openai_server.files import Files
from tests.openai_server.http import Reply, Request, refusal
from tests.openai_server.lists import page
from tests.openai_server.vector_objects import counts, new_batch, new_entry, new_store
from tests.openai_server.vector_search import best, chunks, passes


@dataclass
class KeptStore:
    """A vector store with the files in it and the batches they came in."""

    body: dict[str, Any]
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    batches: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def count(self) -> dict[str, Any]:
        """Bring the figures of the store up to date and return it."""
        self.body["file_counts"] = counts(self.entries.values())
        self.body["usage_bytes"] = sum(entry["usage_bytes"] for entry in self.entries.values())
        return self.body


class VectorStores:
    """Everything below /vector_stores; `kept` holds the stores by id."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.kept: dict[str, KeptStore] = {}

    def create(self, request: Request) -> Reply:
        """POST /vector_stores."""
        store = KeptStore(new_store(request.json))
        self.kept[store.body["id"]] = store
        for file_id in request.json.get("file_ids") or []:
            self._add(store, {"file_id": file_id})
        return Reply(store.count())

    def list_stores(self, request: Request) -> Reply:
        """GET /vector_stores."""
        return page([store.count() for store in self.kept.values()], request)

    def retrieve(self, request: Request, name: str) -> Reply:
        """GET /vector_stores/{id}."""
        return Reply(self.kept[name].count()) if name in self.kept else _missing(name)

    def modify(self, request: Request, name: str) -> Reply:
        """POST /vector_stores/{id}."""
        if name in self.kept:
            self.kept[name].body |= request.json
        return self.retrieve(request, name)

    def delete(self, request: Request, name: str) -> Reply:
        """DELETE /vector_stores/{id}; the files themselves stay."""
        if self.kept.pop(name, None) is None:
            return _missing(name)
        return Reply({"id": name, "object": "vector_store.deleted", "deleted": True})

    def add_file(self, request: Request, name: str) -> Reply:
        """POST /vector_stores/{id}/files; the file is done at the next look."""
        if name not in self.kept:
            return _missing(name)
        return self._add(self.kept[name], request.json)

    def _add(self, store: KeptStore, body: dict[str, Any]) -> Reply:
        file = self._files.kept.get(body.get("file_id", ""))
        if file is None:
            return refusal(404, f"No such File object: {body.get('file_id')}")
        entry = new_entry(store.body["id"], file.body["id"], len(file.content), body)
        store.entries[entry["id"]] = entry
        store.texts[entry["id"]] = file.content.decode("utf-8", "replace")
        return Reply(dict(entry))

    def list_files(self, request: Request, name: str) -> Reply:
        """GET /vector_stores/{id}/files, in one state if asked."""
        if name not in self.kept:
            return _missing(name)
        state = request.query.get("filter")
        entries = [_looked_at(entry) for entry in self.kept[name].entries.values()]
        return page([entry for entry in entries if state in (None, entry["status"])], request)

    def retrieve_file(self, request: Request, name: str, file_id: str) -> Reply:
        """GET /vector_stores/{id}/files/{id}."""
        entry = self._entry(name, file_id)
        return _missing(file_id) if entry is None else Reply(_looked_at(entry))

    def modify_file(self, request: Request, name: str, file_id: str) -> Reply:
        """POST /vector_stores/{id}/files/{id}: other attributes."""
        if (entry := self._entry(name, file_id)) is None:
            return _missing(file_id)
        entry["attributes"] = request.json.get("attributes") or {}
        return Reply(entry)

    def delete_file(self, request: Request, name: str, file_id: str) -> Reply:
        """DELETE /vector_stores/{id}/files/{id}."""
        if self._entry(name, file_id) is None:
            return _missing(file_id)
        del self.kept[name].entries[file_id], self.kept[name].texts[file_id]
        return Reply({"id": file_id, "object": "vector_store.file.deleted", "deleted": True})

    def content(self, request: Request, name: str, file_id: str) -> Reply:
        """GET .../content: the text that was read from the file."""
        if self._entry(name, file_id) is None:
            return _missing(file_id)
        data = [{"type": "text", "text": text} for text in chunks(self.kept[name].texts[file_id])]
        kind = "vector_store.file_content.page"
        return Reply({"object": kind, "data": data, "has_more": False, "next_page": None})

    def create_batch(self, request: Request, name: str) -> Reply:
        """POST .../file_batches."""
        if name not in self.kept:
            return _missing(name)
        body, store = request.json, self.kept[name]
        wanted = body.get("files") or [{**body, "file_id": file_id} for file_id in body.get("file_ids") or []]
        added = [file["file_id"] for file in wanted if self._add(store, file).status == 200]
        batch = new_batch(name)
        store.batches[batch["id"]] = (batch, added)
        batch["file_counts"] = counts(store.entries[file_id] for file_id in added)
        return Reply(dict(batch))

    def retrieve_batch(self, request: Request, name: str, batch_id: str) -> Reply:
        """GET .../file_batches/{id}; all its files are done at this look."""
        store = self.kept.get(name)
        if store is None or batch_id not in store.batches:
            return _missing(batch_id)
        batch, added = store.batches[batch_id]
        entries = [_looked_at(store.entries[file_id]) for file_id in added if file_id in store.entries]
        batch |= {"file_counts": counts(entries), "status": "completed"}
        return Reply(batch)

    def list_batch_files(self, request: Request, name: str, batch_id: str) -> Reply:
        """GET .../file_batches/{id}/files."""
        store = self.kept.get(name)
        if store is None or batch_id not in store.batches:
            return _missing(batch_id)
        return page([store.entries[file_id] for file_id in store.batches[batch_id][1]], request)

    def search(self, request: Request, name: str) -> Reply:
        """POST .../search."""
        if name not in self.kept:
            return _missing(name)
        body = request.json
        queries = [body["query"]] if isinstance(body["query"], str) else body["query"]
        limit = body.get("max_num_results") or 10
        data = best(" ".join(queries), self.chunks(name, body.get("filters")), limit)
        kind = "vector_store.search_results.page"
        return Reply(
            {"object": kind, "search_query": queries, "data": data, "has_more": False, "next_page": None}
        )

    def chunks(self, name: str, filters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return all chunks of a store as search results without a score."""
        store = self.kept[name]
        return [
            {
                "file_id": entry["id"],
                "filename": self._name(entry["id"]),
                "attributes": entry["attributes"],
                "content": [{"type": "text", "text": text}],
            }
            for entry in store.entries.values()
            if passes(entry["attributes"], filters)
            for text in chunks(store.texts[entry["id"]])
        ]

    def _name(self, file_id: str) -> str:
        file = self._files.kept.get(file_id)
        return str(file.body["filename"]) if file else "deleted"

    def _entry(self, name: str, file_id: str) -> dict[str, Any] | None:
        store = self.kept.get(name)
        return store.entries.get(file_id) if store else None


def _looked_at(entry: dict[str, Any]) -> dict[str, Any]:
    if entry["status"] == "in_progress":
        entry["status"] = "completed"
    return entry


def _missing(name: str) -> Reply:
    return refusal(404, f"No such object: {name}")
