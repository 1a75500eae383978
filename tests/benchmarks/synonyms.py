"""What a synonym brings: in each development question one telling word becomes jargon that nobody knows.

The word is the rarest one that question and gold quote share. Asked are the question as it was, with the
jargon, and with the jargon and a synonym for it. Two small handbooks; `python -m tests.benchmarks.synonyms`
takes all four.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hrdesk.core.evaluations import Question
from hrdesk.documents.words import STOP, query_words, stems
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import read_questions
from hrdesk.store.passages import PassageStore
from tests.services.desk import desk_at

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SMALL, LARGE = ("clef", "opengov"), ("18f", "sourcegraph")
JARGON = "ZQX"
SHOWN = ("recall@1", "recall@5", "ndcg@10")


def measure(handbooks: Sequence[str] = SMALL) -> Iterator[str]:
    """Import handbooks and ask their English questions in three ways."""
    if not SHARED.exists():
        yield "not measured: the shared test data is missing"
        return
    for handbook in handbooks:
        yield from asyncio.run(_lines(handbook))


async def _lines(handbook: str) -> list[str]:
    asked = read_questions(SHARED / "qa" / "dev.jsonl", {"handbook": handbook, "lang": "en"})
    with tempfile.TemporaryDirectory() as folder:
        async with desk_at(Path(folder)) as desk:
            async for _ in desk.library.add([SHARED / "handbooks" / handbook]):
                pass
            await desk.library.vectors.complete()
            telling = [(one, word) for one in asked if one.answerable and (word := _telling(desk, one))]
            plain = [one for one, _ in telling]
            jargon = [_reworded(one, word) for one, word in telling]
            lines = [f"as it was: {await _figures(desk, plain)}", f"jargon: {await _figures(desk, jargon)}"]
            lines.append(f"with a synonym: {await _with_synonyms(desk, telling)}")
            return [f"{handbook}, {len(telling)} questions, {line}" for line in lines]


def _telling(desk: Desk, question: Question) -> str:
    """Return the word to be replaced, "" where question and answer share none."""
    gold = {one for place in question.gold for one in stems(place.quote)}
    shared = [word for word in query_words(question.question) if word not in STOP and stems(word) & gold]
    used = PassageStore(desk.database).document_frequencies(shared)
    return min((word for word in used if used[word]), key=lambda word: used[word], default="")


def _reworded(question: Question, word: str) -> Question:
    text = re.sub(rf"\b{re.escape(word)}\b", JARGON, question.question, flags=re.IGNORECASE)
    return replace(question, question=text)


async def _with_synonyms(desk: Desk, telling: Sequence[tuple[Question, str]]) -> str:
    """Ask each question with a synonym of its own, and return the mean of the figures."""
    totals = dict.fromkeys(SHOWN, 0.0)
    for question, word in telling:
        kept = await desk.synonyms.add(JARGON, word)
        figures = await desk.evaluation.evaluate([_reworded(question, word)])
        await desk.synonyms.remove(kept.id)
        totals = {name: total + (figures[name] or 0) for name, total in totals.items()}
    return ", ".join(f"{name} {total / len(telling):.3f}" for name, total in totals.items())


async def _figures(desk: Desk, questions: Sequence[Question]) -> str:
    figures = await desk.evaluation.evaluate(questions)
    return ", ".join(f"{name} {figures[name] or 0:.3f}" for name in SHOWN)


if __name__ == "__main__":
    for line in measure((*SMALL, *LARGE)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
