"""Looks for what must not be anywhere: the API key, and the name of a person."""

import os
from collections.abc import Iterator
from pathlib import Path

KEY = "sk-canary-7d1f0e93b2c64a58"
NAME = "Jane Canary-4471"
STORE = (
    "hrdesk.sqlite"  # holds questions by its purpose, encrypted where a key can be kept; never the API key
)


def hits(*folders: Path) -> list[str]:
    """Return every place below `folders`, and every command line of ours, that shows a canary."""
    found = [f"{path}: {word}" for path, word in _in_files(folders)]
    return found + [f"command line: {word}" for word in (KEY, NAME) if word in _command_lines()]


def _in_files(folders: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        for word in (KEY, NAME):
            is_question = word == NAME and path.name.startswith(STORE)
            if word.encode() in content and not is_question:
                yield path, word


def _command_lines() -> str:
    """Return the command lines of this process and its children, as everybody on the machine sees them."""
    ours = {os.getpid()}
    lines = []
    for status in sorted(Path("/proc").glob("[0-9]*/stat")):
        try:
            fields = status.read_text().rpartition(")")[2].split()
            if int(status.parent.name) in ours or int(fields[1]) in ours:
                lines.append((status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except (OSError, ValueError):
            continue  # it has ended meanwhile
    return "\n".join(lines)
