"""The figures under an answer: how many lookups and passages it took, and how long."""

from dataclasses import dataclass

from hrdesk.core.runs import Run


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a finished run did; `seconds` is None where the end is not known."""

    lookups: int
    passages: int
    seconds: float | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Return the figures as short texts, the most important first."""
        lookups = _count(self.lookups, "lookup", "lookups")
        passages = _count(self.passages, "passage read", "passages read")
        took = () if self.seconds is None else (f"{self.seconds:.1f} s",)
        return (f"{lookups} · {passages}", *took)


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
    return RunFacts(len(run.lookups), len(refs), took if took is None or took >= 0 else None)
