"""The command line as scripts use it, in processes of its own."""

import json
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from hrdesk.documents.normalise import key
from tests.documents.locked_files import locked_pdf
from tests.documents.office_files import lines
from tests.e2e.program import POLICIES, add, command, environment, run, run_json
from tests.shared_data import shared

DOUBLE = "How many sick days do I get in the first year, and do I need a doctor's note?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    states = add(folder, POLICIES)
    assert {state["state"] for state in states} == {"indexed"}
    assert all(state["pages"] and state["passages"] for state in states)
    return folder


def test_ask_gives_answer_citations_rectangles_and_the_runs_history(library: Path) -> None:
    answer = run_json(library, "ask", DOUBLE)
    assert answer["outcome"] == "answered"
    assert "ten (10) days" in answer["answer"]
    for citation in answer["citations"]:
        assert citation["state"] == "verified"
        assert re.fullmatch(r"[0-9a-f]{64}", citation["version"])
        assert citation["file"] == "employee-handbook.pdf"
        for x0, y0, x1, y1 in citation["rects"]:
            assert 0 <= x0 < x1 <= 1
            assert 0 <= y0 < y1 <= 1
        assert citation["rects"]
    run_ = answer["run"]
    assert run_["status"] == "completed"
    assert [status for status, _ in run_["history"]] == [
        "queued",
        "in_progress",
        "requires_action",
        "queued",
        "in_progress",
        "completed",
    ]
    assert run_["polls"] > 0
    assert len(run_["steps"][0]["calls"]) == 2
    assert set(run_["usage"]) == {"input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens"}


def test_a_thread_goes_on_is_listed_and_exported(library: Path, tmp_path: Path) -> None:
    first = run_json(library, "ask", "When are salaries paid?")
    second = run_json(library, "ask", "And is there a bonus?", "--thread", first["thread"])
    assert second["thread"] == first["thread"]
    listed = {thread["id"]: thread for thread in run_json(library, "threads")}
    assert listed[first["thread"]]["title"] == "When are salaries paid?"
    assert listed[first["thread"]]["messages"] == 4
    written = run(library, "export", first["thread"], "--format", "md,json", "--to", tmp_path).stdout.split(
        "\n"
    )
    assert [Path(line).suffix for line in written if line] == [".md", ".json"]


def test_search_shows_passages_with_their_place(library: Path) -> None:
    results = run_json(library, "search", "hotel limit in Berlin", "-k", 3)["results"]
    assert len(results) == 3
    assert set(results[0]) == {"document", "version", "file", "page", "section", "text", "score"}
    assert results[0]["file"] == "travel-policy-2026.pdf"
    earlier = run_json(library, "search", "hotel limit in Berlin", "--as-of", "2025-06-01")["results"]
    assert earlier[0]["file"] == "travel-policy-2025.pdf"


def test_eval_prints_its_figures(library: Path) -> None:
    figures = run_json(library, "eval", POLICIES.parent / "questions.jsonl", "--where", "answerable=true")
    assert set(figures) == {
        "questions", "answerable", "recall@1", "recall@5", "recall@10", "ndcg@10", "mrr", "auroc",
        "p50_ms", "p95_ms",
    }  # fmt: skip
    assert figures["questions"] == figures["answerable"]
    assert figures["auroc"] is None


def test_doctor_says_what_hrdesk_runs_on(library: Path) -> None:
    facts = run_json(library, "doctor")
    assert facts["files"] == 6
    assert facts["encrypted"] is False
    assert facts["search"] == "words and meaning"


def test_verify_names_the_record_that_was_changed(library: Path, tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "changed"
    shutil.copytree(library, folder)
    thread = run_json(folder, "ask", "When are salaries paid?")["thread"]
    assert run_json(folder, "verify")["faults"] == []
    database = sqlite3.connect(folder / "hrdesk.sqlite")
    with database:
        database.execute(
            "UPDATE records SET payload = replace(payload, '25th', '26th') WHERE thread_id = ?", [thread]
        )
    database.close()
    done = run(folder, "verify", "--json", code=1)
    faults = json.loads(done.stdout)["faults"]
    assert [fault["thread"] for fault in faults] == [thread]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ask", " "], 1),
        (["ask", "When?", "--thread", "thread_unknown"], 1),
        (["add", "/nowhere/at/all.pdf"], 1),
        (["export", "thread_unknown"], 1),
        (["eval", "/nowhere.jsonl"], 1),
        (["--connection", "mars", "ask", "When?"], 1),
        (["search", "x", "-k", "0"], 2),
        (["search", "x", "--as-of", "yesterday"], 2),
        (["eval", "x", "--where", "handbook"], 2),
        (["dance"], 2),
    ],
)
def test_what_is_refused_ends_with_a_sentence(library: Path, arguments: list[str], code: int) -> None:
    done = run(library, *arguments, code=code)
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_an_empty_library_says_so(tmp_path: Path) -> None:
    answer = run_json(tmp_path, "ask", "When are salaries paid?")
    assert answer["outcome"] == "not_found"
    assert "no policies in the library" in answer["answer"]


@pytest.mark.shared
def test_award_leave_is_answered_at_its_ink_on_the_real_policies(tmp_path: Path) -> None:
    add(tmp_path, *(shared("hrdocs") / f"18F_{name}" for name in ("leave_and_schedules.pdf", "travel.docx")))
    answer = run_json(tmp_path, "ask", "How long do I have to use award leave before it expires?")
    assert answer["outcome"] == "answered"
    (citation,) = [citation for citation in answer["citations"] if "one year" in citation["quote"]]
    assert citation["state"] == "verified"
    view = tmp_path / "files" / f"{citation['version']}.pdf"
    shown = view if view.exists() else view.with_suffix(".pages.pdf")
    under, ink, other = _marked(shown, citation["page"], citation["rects"], citation["quote"])
    assert key(citation["quote"]) in key(under)
    assert ink > 0.05  # of the marked area is black: there are letters under the mark
    assert other < 0.02  # of the sentence's own line boxes lies outside the mark


def _marked(path: Path, page_number: int, rects: list[list[float]], quote: str) -> tuple[str, float, float]:
    """Return the text under the rectangles, the share of ink in them, and the share of ink they miss.

    What they miss is counted in the boxes of the quote's characters, drawn at twice the page's size.
    """
    document = pypdfium2.PdfDocument(path)
    page = document[page_number - 1]
    width, height = page.get_size()
    text = page.get_textpage()
    under = " ".join(
        text.get_text_bounded(x0 * width, (1 - y1) * height, x1 * width, (1 - y0) * height)
        for x0, y0, x1, y1 in rects
    )
    black = page.render(scale=2).to_numpy().mean(axis=2) < 160
    rows, columns = black.shape
    marked = np.zeros_like(black)
    for x0, y0, x1, y1 in rects:
        marked[int(y0 * rows) : int(y1 * rows) + 1, int(x0 * columns) : int(x1 * columns) + 1] = True
    wanted = np.zeros_like(black)
    start = text.get_text_range().index(quote[:20])
    for at in range(start, start + len(quote)):
        left, bottom, right, top = text.get_charbox(at)
        wanted[
            int((1 - top / height) * rows) : int((1 - bottom / height) * rows),
            int(left / width * columns) : int(right / width * columns),
        ] = True
    missed = (black & wanted & ~marked).sum() / max(1, (black & wanted).sum())
    ink = (black & marked).sum() / max(1, marked.sum())
    text.close()
    page.close()
    document.close()
    return under, float(ink), float(missed)


def test_a_protected_file_opens_with_a_password_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "pay.pdf").write_bytes(
        locked_pdf([lines(["Everyone gets thirty days of leave."])], b" p\xe4ss ")
    )
    done = subprocess.run(
        command(tmp_path / "data", "add", tmp_path / "pay.pdf", "--password-stdin", "--json"),
        input=" päss \n",
        capture_output=True,
        text=True,
        env=environment(),
        timeout=120,
    )
    assert (done.returncode, json.loads(done.stdout)["state"]) == (0, "indexed"), done.stderr


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="Needs the program prlimit of util-linux.")
def test_a_disk_that_refuses_to_write_stops_the_import_and_it_goes_on_later(tmp_path: Path) -> None:
    """No file may grow far beyond what the store has now: as a disk that is full, it refuses to write."""
    drop, data = tmp_path / "drop", tmp_path / "data"
    drop.mkdir()
    for number in range(4):
        (drop / f"{number}.txt").write_text(f"Rule {number}: everyone may work from home.\n")
    add(data, POLICIES / "remote-work-and-equipment.md")
    store = data / "hrdesk.sqlite"
    limit = f"--fsize={store.stat().st_size + 40_000}"
    limited = ["prlimit", limit, *command(data, "add", drop)]
    full = subprocess.run(limited, capture_output=True, text=True, env=environment(), timeout=120)
    assert full.returncode == 1 and "disk" in full.stderr and "Traceback" not in full.stderr
    assert full.stdout.count("stopped") <= 2
    assert len(run_json(data, "search", "remote work")["results"]) > 0
    assert {one["state"] for one in add(data, drop)} <= {"indexed", "duplicate"}
    assert run_json(data, "doctor")["files"] == 5
