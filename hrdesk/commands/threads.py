"""Commands over threads: ask, list, export."""

import argparse
from collections.abc import Sequence
from typing import Any

from hrdesk.commands.output import print_json
from hrdesk.core.citations import Citation
from hrdesk.core.documents import Outcome
from hrdesk.core.errors import HrdeskError
from hrdesk.core.runs import ConfirmationAsked, MessageCompleted, Run
from hrdesk.core.threads import Message, MessageStatus
from hrdesk.services.desk import Desk
from hrdesk.services.export import FORMATS


async def ask(desk: Desk, options: argparse.Namespace) -> int:
    """Ask one question and wait for the answer. Exit 1 when the run did not complete."""
    await desk.chat.settle()
    answer: Message | None = None
    async for event in desk.chat.ask(options.question, options.thread):
        if isinstance(event, MessageCompleted):
            answer = event.message
        elif isinstance(event, ConfirmationAsked):  # nobody can be asked here, so nothing is changed
            await desk.chat.confirm(event.run_id, event.call.id, allow=False)
    assert answer is not None and answer.run_id is not None
    run = await desk.chat.seen(answer.run_id)
    if options.json:
        citations = [await _citation(desk, citation) for citation in answer.citations]
        print_json(
            {
                "thread": answer.thread_id,
                "outcome": answer.outcome or Outcome.NOT_FOUND,
                "answer": answer.text,
                "citations": citations,
                "run": _run(run),
            }
        )
    else:
        _print_answer(answer)
    if answer.status is not MessageStatus.COMPLETED:
        raise HrdeskError(answer.note)
    return 0


def _print_answer(answer: Message) -> None:
    print(answer.text)
    for citation in answer.citations:
        print(f"\n[{citation.number}] {citation.document}, page {citation.page} ({citation.state})")
        print(f"    {citation.section}")
    print(f"\nThread {answer.thread_id}")


async def _citation(desk: Desk, citation: Citation) -> dict[str, Any]:
    placed = await desk.citations.rectangles(citation)
    here: Sequence[Any] = [rect for page, rect in placed if page == citation.page]
    return {
        "document": citation.document,
        "version": citation.version,
        "file": citation.file,
        "page": citation.page,
        "quote": citation.quote,
        "state": citation.state,
        "rects": [[rect.x0, rect.y0, rect.x1, rect.y1] for rect in here],
    }


def _run(run: Run) -> dict[str, Any]:
    usage = run.usage
    return {
        "status": run.status,
        "history": [[status, seconds] for status, seconds in run.history],
        "steps": [
            {
                "kind": step.kind,
                "status": step.status,
                "calls": [{"name": call.name, "arguments": call.arguments} for call in step.calls],
            }
            for step in run.steps
        ],
        "polls": run.polls,
        "connection": run.connection,
        "host": run.host,
        "model": run.model,
        "cost": None if run.cost is None else f"{run.cost} {run.currency}",
        "usage": {
            "input_tokens": usage.input_tokens,
            "output_tokens": usage.output_tokens,
            "cached_tokens": usage.cached_tokens,
            "reasoning_tokens": usage.reasoning_tokens,
        },
    }


async def threads(desk: Desk, options: argparse.Namespace) -> int:
    """List the threads."""
    page = await desk.chat.threads()
    if options.json:
        shown = [
            {
                "id": thread.id,
                "title": thread.title,
                "updated_at": thread.updated_at.isoformat(),
                "messages": thread.messages,
            }
            for thread in page.threads
        ]
        print_json(shown)
    else:
        for thread in page.threads:
            print(f"{thread.id}  {thread.updated_at:%Y-%m-%d %H:%M}  {thread.title}")
    return 0


async def export(desk: Desk, options: argparse.Namespace) -> int:
    """Write a thread to one file for each format."""
    formats = options.format.split(",")
    for unknown in set(formats) - set(FORMATS):
        raise HrdeskError(f"hrdesk cannot export {unknown}.", f"Choose from: {', '.join(FORMATS)}.")
    for chosen in formats:
        print(await desk.export.thread(options.thread, chosen, options.to))
    return 0
