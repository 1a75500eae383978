"""Uploaded files. As at OpenAI, what was uploaded for assistants cannot be downloaded again."""

import time
from dataclasses import dataclass
from typing import Any

from tests.openai_server.http import Reply, Request, refusal
from tests.openai_server.ids import new_id
from tests.openai_server.lists import page


@dataclass
class KeptFile:
    """A file: what the API says of it, and its bytes."""

    body: dict[str, Any]
    content: bytes


class Files:
    """POST, GET and DELETE /files; `kept` holds the files by id."""

    def __init__(self) -> None:
        self.kept: dict[str, KeptFile] = {}

    def create(self, request: Request) -> Reply:
        """Keep an upload."""
        form = request.form
        if "file" not in form:
            return refusal(400, "'file' is a required property", param="file")
        name, content = form["file"]
        purpose = form.get("purpose", ("", b"assistants"))[1].decode()
        body = {
            "id": new_id("file"),
            "object": "file",
            "bytes": len(content),
            "created_at": int(time.time()),
            "filename": name or "upload",
            "purpose": purpose,
            "status": "processed",
        }
        self.kept[str(body["id"])] = KeptFile(body, content)
        return Reply(body)

    def list_files(self, request: Request) -> Reply:
        """GET /files, of one purpose if asked."""
        purpose = request.query.get("purpose")
        bodies = [file.body for file in self.kept.values()]
        return page([body for body in bodies if purpose in (None, body["purpose"])], request)

    def retrieve(self, request: Request, name: str) -> Reply:
        """GET /files/{id}."""
        return Reply(self.kept[name].body) if name in self.kept else _missing(name)

    def content(self, request: Request, name: str) -> Reply:
        """GET /files/{id}/content."""
        if name not in self.kept:
            return _missing(name)
        purpose = self.kept[name].body["purpose"]
        if purpose == "assistants":
            return refusal(400, f"Not allowed to download files of purpose: {purpose}")
        return Reply(self.kept[name].content, kind="application/octet-stream")

    def delete(self, request: Request, name: str) -> Reply:
        """DELETE /files/{id}."""
        if self.kept.pop(name, None) is None:
            return _missing(name)
        return Reply({"id": name, "object": "file", "deleted": True})


def _missing(name: str) -> Reply:
    return refusal(404, f"No such File object: {name}")
