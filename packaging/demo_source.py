"""The sources of the sample policies: a head, then headings, paragraphs and tables in a little Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMPANY = "Brenndal Instruments"
ACCENT = "#0b5c5a"
MUTED = "#5b6675"


@dataclass(frozen=True)
class Policy:
    """A source file: its head ("title: ...") and its blocks."""

    head: dict[str, str]
    blocks: tuple["Block", ...]

    @property
    def title(self) -> str:
        """What the policy is called, without year or version."""
        return self.head["title"]

    @property
    def facts(self) -> list[str]:
        """The lines under the title."""
        lines = [f"Effective from: {self.head['effective']}", f"Applies to: {self.head['applies']}"]
        lines.append(f"Reference: {self.head['reference']} · Owner: {self.head['owner']}")
        if "replaces" in self.head:
            lines.append(f"Replaces: {self.head['replaces']}")
        return lines


@dataclass(frozen=True)
class Block:
    """A heading (level 1 or 2), a paragraph (level 0) or a table (rows, the first one the head)."""

    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def read(path: Path) -> Policy:
    """Read the policy in `path`: a head between two lines of dashes, then blocks divided by empty lines."""
    text = path.read_text(encoding="utf-8").replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    _, head, body = text.split("---\n", 2)
    pairs = [line.partition(": ") for line in head.strip().splitlines()]
    return Policy({key: value for key, _, value in pairs}, tuple(_blocks(body)))


def _blocks(body: str) -> Iterator[Block]:
    for part in body.strip().split("\n\n"):
        if part.startswith("|"):
            lines = [line.strip("| ").split(" | ") for line in part.splitlines()]
            yield Block(rows=tuple(tuple(cells) for cells in (lines[0], *lines[2:])))
        elif part.startswith("#"):
            marks, text = part.split(" ", 1)
            yield Block(text, level=len(marks) - 1)
        else:
            yield Block(" ".join(part.split()))
