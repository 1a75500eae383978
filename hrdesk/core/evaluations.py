"""Measuring retrieval, as values: golden questions, and what one run over them found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

LOOKED_THROUGH = 5  # passages: what a reader looks through


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a file and an exact quote from it. Without a quote the whole file counts."""

    file: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A golden question; `fields` are all fields of its record, for choosing. `id` names a kept one."""

    question: str
    answerable: bool
    gold: tuple[Gold, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one question found: the rank (from 1) of the first passage that answers, and the verdict."""

    question_id: str
    question: str
    answerable: bool
    rank: int | None
    outcome: str
    confidence: float

    @property
    def is_good(self) -> bool:
        """Whether a reader is served: the place stands among the first, or a gap in the policies is named."""
        if self.answerable:
            return self.rank is not None and self.rank <= LOOKED_THROUGH
        return self.outcome != "answered"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run over the kept questions: the figures of `hrdesk eval`, and every question's result.

    `generation` is the state of the library that was asked (`PassageStore.generation`), None where it was not
    kept.
    """

    id: str
    at: datetime
    figures: Mapping[str, float | int | None]
    found: tuple[Found, ...]
    generation: int | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run found that the one before did not (`better`), the other way round, and new questions."""

    better: tuple[Found, ...]
    worse: tuple[Found, ...]
    new: tuple[Found, ...]

    @classmethod
    def between(cls, before: Evaluation, after: Evaluation) -> "Changes":
        """Compare two runs, question by question."""
        was = {found.question_id: found.is_good for found in before.found}
        known = [found for found in after.found if found.question_id in was]
        return cls(
            tuple(found for found in known if found.is_good and not was[found.question_id]),
            tuple(found for found in known if not found.is_good and was[found.question_id]),
            tuple(found for found in after.found if found.question_id not in was),
        )

    @property
    def sentence(self) -> str:
        """How many questions changed, in words."""
        counts = {"better": len(self.better), "worse": len(self.worse), "new": len(self.new)}
        said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        return f"Since the run before: {said}." if said else "Since the run before nothing changed."
