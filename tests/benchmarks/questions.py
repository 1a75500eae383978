"""Questions: retrieval, abstention and quotes on the shared handbooks, as Markdown, Word documents and PDF.

A gold file X.md counts as X.docx or X.pdf. The first run encodes about 20,000 passages (minutes); later runs
find the vectors under build/.
"""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hrdesk.core.documents import Outcome, Ranking
from hrdesk.documents import measures
from tests.benchmarks.handbooks import FORMS, in_form
from tests.benchmarks.libraries import CACHE, ROOT, Answer, BenchLibrary, KeptEncoder

SHARED = ROOT.parent / "shared" / "data"
QUOTED = 0.5  # share of the gold quote that one of the quotes must hold
Record = dict[str, Any]


@dataclass
class Figures:
    """What was found for a set of questions."""

    ranks: list[int | None] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    unsure: list[float] = field(default_factory=list)
    answerable: Counter[Outcome] = field(default_factory=Counter)
    unanswerable: Counter[Outcome] = field(default_factory=Counter)

    def add(self, other: "Figures") -> None:
        """Take the questions of another set in."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            mine.update(value) if isinstance(mine, Counter) else mine.extend(value)

    def line(self) -> str:
        """Return the figures in one line."""
        area = measures.auroc(self.sure, self.unsure)
        quoted = sum(self.quoted) / len(self.quoted) if self.quoted else 0.0
        return (
            f"R@1 {measures.recall(self.ranks, 1):.3f} R@5 {measures.recall(self.ranks, 5):.3f} "
            f"R@10 {measures.recall(self.ranks, 10):.3f} nDCG {measures.ndcg(self.ranks):.3f} "
            f"MRR {measures.mrr(self.ranks):.3f} quoted {quoted:.3f} "
            f"AUROC {'-' if area is None else f'{area:.3f}'}; "
            f"answerable {_shares(self.answerable)}; unanswerable {_shares(self.unanswerable)}"
        )


def _shares(outcomes: Counter[Outcome]) -> str:
    names = {Outcome.ANSWERED: "answered", Outcome.CLOSEST: "closest", Outcome.NOT_FOUND: "not found"}
    return f"{outcomes.total()} (" + ", ".join(f"{outcomes[one]} {name}" for one, name in names.items()) + ")"


def folder_of(handbook: str) -> Path:
    """Return where a handbook's files lie; "demo" are our own sample policies."""
    return ROOT / "resources" / "demo" / "policies" if handbook == "demo" else SHARED / "handbooks" / handbook


def measure() -> Iterator[str]:
    """Yield the figures of every form and handbook, and of all four. QUESTIONS_FORMS limits the forms."""
    if not (SHARED / "qa").is_dir():
        yield "the shared data is not beside this checkout"
        return
    encoder = KeptEncoder()
    records = [json.loads(line) for line in (SHARED / "qa" / "dev.jsonl").read_text("utf-8").splitlines()]
    for form in os.environ.get("QUESTIONS_FORMS", " ".join(FORMS)).split():
        total = Figures()
        for name in sorted({record["handbook"] for record in records}):
            folder = in_form(folder_of(name), form, CACHE)
            library = BenchLibrary(folder, encoder)
            asked = [r for r in records if r["handbook"] == name and r["lang"] == "en"]
            figures = asyncio.run(run(library, asked, form))
            yield f"{form} {name} ({library.count} passages): {figures.line()}"
            total.add(figures)
            library.close()
        yield f"{form} all: {total.line()}"


async def run(library: BenchLibrary, records: Sequence[Record], form: str = "md") -> Figures:
    """Ask every question. QUESTIONS_MISSES=1 in the environment prints those that went wrong."""
    figures = Figures()
    for record in records:
        ranked = await library.rank(record["question"])
        answer = await library.answer(record["question"])
        if record["answerable"]:
            gold = [(str(Path(g["file"]).with_suffix(f".{form}")), g["quote"]) for g in record["gold"]]
            rank = _rank(ranked, gold)
            quoted = _is_quoted(answer, [quote for _, quote in gold])
            figures.ranks.append(rank)
            figures.quoted.append(quoted)
            figures.sure.append(ranked.confidence)
            figures.answerable[answer.outcome] += 1
            right = quoted and rank is not None and rank <= 5 and answer.outcome is not Outcome.NOT_FOUND
        else:
            rank, quoted = None, False
            figures.unsure.append(ranked.confidence)
            figures.unanswerable[answer.outcome] += 1
            right = answer.outcome is not Outcome.ANSWERED
        if not right and os.environ.get("QUESTIONS_MISSES"):
            said = f"{answer.outcome} {ranked.confidence:.2f}, rank {rank}, quoted {quoted}"
            print(f"  {record['id']} {record['question']} [{said}]")  # noqa: T201
    return figures


def _rank(ranked: Ranking, gold: Sequence[tuple[str, str]]) -> int | None:
    for rank, result in enumerate(ranked.results, 1):
        for file, quote in gold:
            same = f"/{result.passage.file}".endswith(f"/{file}")
            if same and measures.covers(quote, result.passage.text) >= measures.RELEVANT:
                return rank
    return None


def _is_quoted(answer: Answer, gold: Sequence[str]) -> bool:
    return any(measures.covers(quote, shown) >= QUOTED for quote in gold for shown in answer.quotes)
