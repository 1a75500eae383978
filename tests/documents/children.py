"""Reads and lays out files as the product does: in child processes."""

from pathlib import Path

from hrdesk.core.documents import ReadDocument
from hrdesk.documents.reading import wire
from hrdesk.documents.sentences import Refusal
from hrdesk.system.workers import PAGING, READING, RENDERING, ChildProcess

SECONDS = 240.0  # a busy machine must not fail a test


def read_in_child(path: Path, name: str) -> ReadDocument | Refusal:
    child = ChildProcess(wire.READING_HANDLER, READING)
    try:
        answer, _ = child.request(wire.request(path, name), seconds=SECONDS)
        return wire.parse(answer)
    finally:
        child.close()


def page_in_child(document: ReadDocument) -> wire.Paged:
    child = ChildProcess(wire.PAGING_HANDLER, PAGING)
    try:
        answer, pdf = child.request(wire.paging_request(document), seconds=SECONDS)
        return wire.parse_paged(answer, pdf, document)
    finally:
        child.close()


def rendering_child() -> ChildProcess:
    return ChildProcess("hrdesk.documents.rendering:handle", RENDERING)
