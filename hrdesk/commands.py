"""What each command of the command line does with an open `Desk`."""

import argparse
import json
import platform
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, fields, replace
from importlib.metadata import version
from typing import Any

from hrdesk import __version__
from hrdesk.core.citations import Citation
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.documents import Filters, LibraryFile, Outcome, RankedPassage
from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Changes, Evaluation
from hrdesk.core.runs import ConfirmationAsked, MessageCompleted, Run
from hrdesk.core.threads import Message, MessageStatus
from hrdesk.services.desk import Desk
from hrdesk.services.evaluation import EvaluationService, matching, read_questions
from hrdesk.services.export import FORMATS
from hrdesk.services.hosted_library import PublishAction

Command = Callable[[Desk, argparse.Namespace], Awaitable[int]]


async def add(desk: Desk, options: argparse.Namespace) -> int:
    """Import files and folders; one line each when it has reached its end state."""
    password = sys.stdin.readline().rstrip("\r\n") if options.password_stdin else ""
    states = desk.library.add(options.paths, options.category, password or None)
    async with aclosing(states):
        async for file in states:
            if file.state.is_end:
                _print_end(file, as_json=options.json)
            if file.reason == "storage":  # so would all others end
                raise HrdeskError(
                    "The import was stopped: the disk is full or refuses to write.",
                    "Free some space and add the same files again; what was read is kept.",
                )
    return 0


def _print_end(file: LibraryFile, *, as_json: bool) -> None:
    if as_json:
        shown = ("state", "reason", "message", "pages", "passages")
        _print_json({"path": file.file, **{name: getattr(file, name) for name in shown}}, flush=True)
    else:
        print(f"{file.state:<16} {file.file}: {file.message}", flush=True)


async def search(desk: Desk, options: argparse.Namespace) -> int:
    """Show the best passages for a query."""
    filters = Filters(category=options.category, as_of=options.as_of)
    ranked = await desk.indexes.of(desk.chat.connection).search(options.query, filters, options.k)
    if options.json:
        _print_json({"results": [_result(result) for result in ranked.results]})
        return 0
    for number, result in enumerate(ranked.results, 1):
        passage = result.passage
        print(f"{number}. {passage.title}, page {passage.page} ({result.score:.2f}): {passage.path}")
        print(f"   {' '.join(passage.text.split())[:200]}")
    _print_notice(ranked.notice)
    return 0


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
        _print_json(
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


async def evaluate(desk: Desk, options: argparse.Namespace) -> int:
    """Measure retrieval and abstention, with the questions of a file or those that the library keeps.

    A run over all kept questions is kept too, and compared with the one before.
    """
    service, where = desk.evaluation, dict(options.where)
    before: list[Evaluation] = []
    if options.questions is not None or where:
        file = options.questions
        asked = read_questions(file, where) if file else matching(await service.questions(), where)
        figures = await service.evaluate(asked)
    else:
        before = await service.evaluations()
        figures = dict((await _asked(service)).figures)
    if options.json:
        _print_json(figures)
        return 0
    then = before[-1].figures if before else {}
    for name, value in figures.items():
        was = f"   before: {_figure(then[name])}" if name in then else ""
        print(f"{name:<12} {_figure(value)}{was}")
    if before:
        _print_changes(Changes.between(before[-1], (await service.evaluations())[-1]))
    return 0


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
        _print_json(shown)
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


async def verify(desk: Desk, options: argparse.Namespace) -> int:
    """Check the sealed records and every row; exit 1 and name what was changed."""
    checked = await desk.records.verify()
    if options.json:
        faults = [
            {"record": fault.record, "thread": fault.thread_id, "message": fault.sentence}
            for fault in checked.faults
        ]
        _print_json({"records": checked.records, "faults": faults})
    else:
        for fault in checked.faults:
            print(fault.sentence)
        if not checked.faults:
            print(f"All is as it was written: {checked.records} sealed records.")
    if checked.faults:
        print(f"{len(checked.faults)} faults were found.", file=sys.stderr)
    return 1 if checked.faults else 0


async def connections(desk: Desk, options: argparse.Namespace) -> int:
    """List the ways to be answered."""
    for connection in desk.connections.connections:
        state = await desk.connections.key_state(connection.name) if connection.needs_key else None
        key = "not needed" if state is None else str(state.state)
        if options.json:
            _print_json({**asdict(connection), "host": connection.host, "key": key})
        else:
            in_force = "*" if connection == desk.chat.connection else " "
            print(f"{in_force} {connection.name:<16} {connection.kind:<11} {connection.host}  key: {key}")
    return 0


async def connect(desk: Desk, options: argparse.Namespace) -> int:
    """Add a connection or change one; the key comes from standard input, never from the command line."""
    before = desk.connections.find(options.name) or Connection(
        options.name, options.name, ConnectionKind.CHAT
    )
    given = {
        name: value for name, value in vars(options).items() if name in _CONNECTION and value is not None
    }
    if options.key_stdin:
        given["needs_key"] = True
    saved = await desk.connections.save(replace(before, **given))
    if options.key_stdin:
        await desk.connections.store_key(saved.name, sys.stdin.readline())
    print(desk.connections.describe(saved))
    if options.test:
        print(await desk.connections.test(saved.name))
    return 0


async def publish(desk: Desk, options: argparse.Namespace) -> int:
    """Bring the library to the vector store of a connection; one line a file. Exit 1 if one failed."""
    name, failed = desk.chat.connection.name, 0
    async for step in desk.hosted.publish(name):
        failed += step.action is PublishAction.FAILED
        if options.json:
            _print_json(asdict(step), flush=True)
        else:
            said = f": {step.message}" if step.message else ""
            print(f"{step.done}/{step.total} {step.action:<10} {step.file}{said}", flush=True)
    if not options.json:
        print(f"Vector store: {desk.connections.get(name).vector_store}")
    if failed:
        count = "1 file was" if failed == 1 else f"{failed} files were"
        raise HrdeskError(f"{count} not published.", "Publish again to retry; all others are there.")
    return 0


async def doctor(desk: Desk, options: argparse.Namespace) -> int:
    """Show what hrdesk runs on, for a report to whoever helps."""
    facts: dict[str, Any] = {
        "hrdesk": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: version(name) for name in ("PySide6-Essentials", "qasync", "openai", "pypdfium2")},
        "data": str(desk.paths.root),
        "storage": desk.storage,
        "encrypted": desk.database.encrypted,
        "secrets": await desk.connections.where(),
        "search": "words and meaning" if desk.encoder.available else "words only: the model is missing",
        "files": len(await desk.library.files()),
        "threads": (await desk.chat.threads()).total,
    }
    if options.json:
        _print_json(facts)
    else:
        for name, value in facts.items():
            print(f"{name:<20} {value}")
    return 0


async def _asked(service: EvaluationService) -> Evaluation:
    run = await service.run(rests=False)
    if run is None:
        raise HrdeskError("The library keeps no golden questions.", "Add some there, or name a file of them.")
    return run


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _print_changes(changes: Changes) -> None:
    print(changes.sentence)
    for word, questions in (("better", changes.better), ("worse", changes.worse)):
        for found in questions:
            print(f"  {word}: {found.question}")


_CONNECTION = {field.name for field in fields(Connection)} - {"name"}
COMMANDS: dict[str, Command] = {
    "add": add,
    "search": search,
    "ask": ask,
    "eval": evaluate,
    "threads": threads,
    "export": export,
    "verify": verify,
    "connections": connections,
    "connect": connect,
    "publish": publish,
    "doctor": doctor,
}


def _print_json(value: object, *, flush: bool = False) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=flush)


def _print_notice(notice: str) -> None:
    if notice:
        print(notice, file=sys.stderr)


def _print_answer(answer: Message) -> None:
    print(answer.text)
    for citation in answer.citations:
        print(f"\n[{citation.number}] {citation.document}, page {citation.page} ({citation.state})")
        print(f"    {citation.section}")
    print(f"\nThread {answer.thread_id}")


def _result(result: RankedPassage) -> dict[str, Any]:
    passage = result.passage
    return {
        "document": passage.title,
        "version": passage.version,
        "file": passage.file,
        "page": passage.page,
        "section": passage.path,
        "text": passage.text,
        "score": round(result.score, 6),
    }


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
