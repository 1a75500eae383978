import os
from pathlib import Path

import numpy as np
import pytest

from hrdesk.documents.reading import engines
from hrdesk.documents.reading.engines import Picture, Tesseract, Word

PICTURE = Picture(4, 2, b"\xff" * 8)
PROGRAM = """#!/bin/sh
if [ "$1" = --list-langs ]; then printf 'List of languages (3):\\neng\\nosd\\nkor\\n'; exit; fi
{body}
"""
TABLE = """level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
4\t1\t1\t1\t1\t0\t5\t6\t70\t8\t-1\t
5\t1\t1\t1\t1\t1\t5\t6\t30\t8\t96.5\tTen
5\t1\t1\t1\t1\t2\t40\t6\t35\t8\t91\tdays
5\t1\t1\t1\t1\t3\t40\t6\t35\t8\t95\t
5\t1\t1\t1\t2\t1\t5\t20\t30\t8\tx\tbad
5\t1\t1\t1\t2\t1\t5\t20\t30\t8\t90\ta
"""


def program(folder: Path, body: str) -> None:
    path = folder / "tesseract"
    path.write_text(PROGRAM.format(body=body))
    path.chmod(0o755)


@pytest.fixture
def only(tmp_path, monkeypatch):
    """A computer on which only the programs of this folder are installed."""
    for name in ("sh", "cat", "printf", "sleep"):
        (tmp_path / name).symlink_to(
            next(Path(p) / name for p in ("/bin", "/usr/bin") if (Path(p) / name).exists())
        )
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(engines, "_USUAL", ())
    return tmp_path


needs_posix = pytest.mark.skipif(os.name != "posix", reason="The stand-in program is a shell script.")


@needs_posix
def test_without_a_program_there_is_no_tesseract(only):
    assert not isinstance(engines.find(), Tesseract)


@needs_posix
def test_words_come_from_the_programs_table(only):
    (only / "table").write_text(TABLE)
    program(only, f"cat >/dev/null; cat {only}/table")
    assert engines.is_available()
    engine = engines.find()
    assert engine is not None
    assert engine.words(PICTURE, 20) == [
        Word("Ten", 1, 5, 6, 35, 14, 96.5),
        Word("days", 1, 40, 6, 75, 14, 91),
        Word("a", 2, 5, 20, 35, 28, 90),
    ]


@needs_posix
@pytest.mark.parametrize("body", ["exit 3", "sleep 30"])
def test_a_program_that_fails_or_hangs_sees_nothing(only, body):
    program(only, body)
    engine = engines.find()
    assert engine is not None and engine.words(PICTURE, 0.3) == []


def test_known_languages_are_asked_for_and_any_other_as_the_last_resort():
    command = Tesseract("t", ["eng", "osd", "fra", "kor", ""])._command
    assert command[-1] == "eng+fra" and "1" in command
    assert Tesseract("t", ["kor"])._command[-1] == "kor"


def test_a_recognised_line_is_cut_into_words_by_its_letters():
    corners = np.array([[0, 10], [100, 10], [100, 20], [0, 20]])
    assert list(engines._cut(3, corners, "ab cdefghi", 0.9)) == [
        Word("ab", 3, 0, 10, 20, 20, 90),
        Word("cdefghi", 3, 30, 10, 100, 20, 90),
    ]


@needs_posix
def test_a_picture_with_next_to_no_text_is_looked_at_twice(only):
    (only / "table").write_text(TABLE)
    better = TABLE + "5\t1\t1\t1\t3\t1\t5\t40\t30\t8\t90\tmore\n"
    (only / "better").write_text(better)
    body = f'cat >/dev/null; case "$*" in *"--dpi 200"*) cat {only}/better;; *) cat {only}/table;; esac'
    program(only, body)
    engine = engines.find()
    assert engine is not None
    assert engine.words(Picture(4, 2, b"\xff" * 8, 200.2), 20)[-1].text == "more"
    (only / "better").write_text("")
    assert engine.words(PICTURE, 20)[-1].text == "a"
