"""What a run's journal says about its lookups, as values: the journal's dictionaries end here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hrdesk.core.runs import Run

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One passage that was found; `vector` is None where only words were compared."""

    rank: int
    ref: str
    sent: bool
    title: str
    page: int
    section: str
    text: str
    score: float
    lexical: float
    vector: float | None

    @property
    def place(self) -> str:
        """Return where the passage stands."""
        return f"{self.title}, p. {self.page}"

    @property
    def scores(self) -> str:
        """Return the three scores in words."""
        meaning = "not compared" if self.vector is None else f"{self.vector:.2f}"
        return f"Together {self.score:.2f} · words {self.lexical:.2f} · meaning {meaning}"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One search of a run."""

    query: str
    limits: str
    outcome: str
    confidence: float
    notice: str
    milliseconds: float
    candidates: tuple[Candidate, ...]

    @property
    def sent(self) -> int:
        """Return how many passages were handed over."""
        return sum(candidate.sent for candidate in self.candidates)


def lookups_of(run: Run) -> tuple[Lookup, ...]:
    """Return the lookups of a run; what an older version did not write down is left blank."""
    return tuple(_lookup(entry) for entry in run.lookups)


def tokens_words(run: Run) -> str:
    """Return what the run consumed."""
    usage = run.usage
    if not usage.total_tokens:
        return "None"
    return f"{usage.input_tokens:,} in · {usage.output_tokens:,} out"


def host_words(run: Run) -> str:
    """Return where the question went."""
    return "This computer, nothing was sent" if run.connection == LOCAL else run.connection


def _lookup(entry: Mapping[str, Any]) -> Lookup:
    limits = (
        ("category", entry.get("category")),
        ("as of", entry.get("as_of")),
        ("scope", entry.get("scope")),
    )
    return Lookup(
        str(entry.get("query", "")),
        " · ".join(f"{name} {value}" for name, value in limits if value),
        str(entry.get("outcome", "")),
        float(entry.get("confidence") or 0.0),
        str(entry.get("notice") or ""),
        float(entry.get("milliseconds") or 0.0),
        tuple(_candidate(at + 1, found) for at, found in enumerate(entry.get("candidates", ()))),
    )


def _candidate(rank: int, found: Mapping[str, Any]) -> Candidate:
    vector = found.get("vector")
    return Candidate(
        rank,
        str(found.get("ref") or ""),
        bool(found.get("sent")),
        str(found.get("title", "")),
        int(found.get("page") or 1),
        str(found.get("section", "")),
        str(found.get("text", "")),
        float(found.get("score") or 0.0),
        float(found.get("lexical") or 0.0),
        None if vector is None else float(vector),
    )
