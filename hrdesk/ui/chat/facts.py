"""The figures under an answer: lookups and passages, time, cost and tokens, and who answered."""

from dataclasses import dataclass
from decimal import Decimal

from hrdesk.core import amounts
from hrdesk.core.runs import Run

HERE = "this computer"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a finished run did; `seconds` is None where the end is not known, `cost` where no price is.

    `who` names model and version of the assistant where a language model was asked.
    """

    lookups: int
    passages: int
    seconds: float | None = None
    tokens: int = 0
    cost: Decimal | None = None
    currency: str = "USD"
    who: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """Return the figures as short texts, the most important first."""
        lookups = _count(self.lookups, "lookup", "lookups")
        passages = _count(self.passages, "passage read", "passages read")
        took = () if self.seconds is None else (f"{self.seconds:.1f} s",)
        return (f"{lookups} · {passages}", *took, *self._consumed())

    def _consumed(self) -> tuple[str, ...]:
        tokens = amounts.tokens(self.tokens)
        if self.cost is not None and (self.tokens or self.cost):
            return (f"{amounts.money(self.cost, self.currency)} · {tokens}",)
        return (tokens,) if self.tokens else ()


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def facts_of(run: Run) -> RunFacts:
    """Return the figures of a run as the journal keeps it."""
    refs = {
        candidate.get("ref")
        for lookup in run.lookups
        for candidate in lookup.get("candidates", ())
        if candidate.get("sent")
    }
    took = (run.ended_at - run.created_at).total_seconds() if run.ended_at else None
    return RunFacts(
        len(run.lookups),
        len(refs),
        took if took is None or took >= 0 else None,
        run.usage.total_tokens,
        run.cost,
        run.currency,
        _who(run),
    )


def _who(run: Run) -> str:
    if run.host == HERE and not run.usage.total_tokens:
        return ""  # sentences were chosen, no model was told anything
    version = f"assistant version {run.profile}" if run.profile else ""
    return " · ".join(part for part in (run.model, version) if part)
