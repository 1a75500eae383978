"""What a run's journal says, as values for people: the journal's dictionaries end here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hrdesk.core import amounts
from hrdesk.core.runs import Run, RunStep, ToolCall

LOCAL = "local"
REGIONS = {"eu": "Europe", "us": "United States"}


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
    also: tuple[str, ...] = ()

    @property
    def also_words(self) -> str:
        """Return what else was searched for, "" where nothing was."""
        return f"Also searched: {', '.join(self.also)}" if self.also else ""

    @property
    def sent(self) -> int:
        """Return how many passages were handed over."""
        return sum(candidate.sent for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A tool call as the model made it; `refusal` says why it was not carried out, "" where it was."""

    name: str
    arguments: str
    output: str
    refusal: str
    answered: bool

    @property
    def state(self) -> str:
        """Return in a word what became of the call."""
        if self.refusal:
            return "refused"
        return "answered" if self.answered else "no output"


def lookups_of(run: Run) -> tuple[Lookup, ...]:
    """Return the lookups of a run; what an older version did not write down is left blank."""
    return tuple(_lookup(entry) for entry in run.lookups)


def calls_of(run: Run) -> tuple[SeenCall, ...]:
    """Return every tool call of a run in order, those that were refused too."""
    return tuple(_call(step, call) for step in run.steps for call in step.calls)


def facts_of(run: Run) -> tuple[tuple[str, str], ...]:
    """Return what the run's receipt says, as names and values; what is not known is left out."""
    rows = (
        ("Asked", host_words(run)),
        ("Region", REGIONS.get(run.region, run.region)),
        ("Provider", "" if _is_local(run) else stored_words(run)),
        ("Model", run.model or "None"),
        ("Assistant", f"Version {run.profile}" if run.profile else ""),
        ("Passages", passages_words(run)),
        ("Tokens", tokens_words(run)),
        ("Cost", cost_words(run)),
    )
    return tuple((name, value) for name, value in rows if value)


def passages_words(run: Run) -> str:
    """Return how many passages went to the model, from how many lookups."""
    lookups = lookups_of(run)
    sent = {c.ref or f"{n}.{c.rank}" for n, found in enumerate(lookups) for c in found.candidates if c.sent}
    return f"{len(sent)} sent, from {len(lookups)} {'lookup' if len(lookups) == 1 else 'lookups'}"


def tokens_words(run: Run) -> str:
    """Return what the run consumed, with the parts that the totals contain."""
    usage = run.usage
    if not usage.total_tokens:
        return "None"
    cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
    thought = f" ({usage.reasoning_tokens:,} reasoning)" if usage.reasoning_tokens else ""
    return f"{usage.input_tokens:,} in{cached} · {usage.output_tokens:,} out{thought}"


def cost_words(run: Run) -> str:
    """Return what the run cost; a price that is not known is said and never guessed."""
    if run.cost is not None:
        return amounts.money(run.cost, run.currency) if run.cost or run.usage.total_tokens else "Nothing"
    return "The price of this model is not known" if run.usage.total_tokens else ""


def host_words(run: Run) -> str:
    """Return where the question went."""
    return "This computer, nothing was sent" if _is_local(run) else run.host


def stored_words(run: Run) -> str:
    """Return what was asked of the provider about keeping the answer."""
    return "May store question and answer" if run.stored else "Was asked not to store anything"


def _is_local(run: Run) -> bool:
    return run.connection == LOCAL


def _call(step: RunStep, call: ToolCall) -> SeenCall:
    output = next((one.output for one in step.outputs if one.call_id == call.id), None)
    return SeenCall(call.name, call.arguments, output or "", _refusal(output or ""), output is not None)


def _refusal(output: str) -> str:
    """Return the reason where an output is the error text that the model got in place of a result."""
    try:
        told = json.loads(output) if output.startswith("{") else None
    except (ValueError, RecursionError):
        return ""
    if isinstance(told, dict) and set(told) == {"error"}:
        return str(told["error"])
    return ""


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
        tuple(str(word) for word in entry.get("also_searched") or ()),
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
