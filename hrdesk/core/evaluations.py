"""Measuring retrieval, as values: golden questions, and what one run over them found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run over the kept questions: the figures of `hrdesk eval`, and every question's result."""

    id: str
    at: datetime
    figures: Mapping[str, float | int | None]
    found: tuple[Found, ...]
