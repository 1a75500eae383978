import hashlib
import os
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.intake import FileRefused, take_copy, walk


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "files"
    place.mkdir()
    return place


def refusal(source: Path, folder: Path, **options: int) -> tuple[FileState, str]:
    with pytest.raises(FileRefused) as refused:
        take_copy(source, folder, **options)
    assert list(folder.iterdir()) == []
    assert refused.value.title.endswith(".")
    return refused.value.state, refused.value.reason


def test_a_copy_is_named_by_its_content_and_cannot_be_written(tmp_path, folder):
    source = tmp_path / "Leave Policy.PDF"
    source.write_bytes(b"ten days")
    copied = take_copy(source, folder)
    assert copied.sha256 == hashlib.sha256(b"ten days").hexdigest()
    assert copied.path == folder / f"{copied.sha256}.pdf"
    assert copied.path.read_bytes() == b"ten days"
    assert copied.path.stat().st_mode & 0o777 == 0o400
    assert list(folder.iterdir()) == [copied.path]


def test_the_same_content_is_copied_once(tmp_path, folder):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("same")
    first, second = take_copy(tmp_path / "a.txt", folder), take_copy(tmp_path / "b.txt", folder)
    assert first == second
    assert len(list(folder.iterdir())) == 1


def test_a_torn_copy_of_an_earlier_start_is_replaced(tmp_path, folder):
    source = tmp_path / "a.txt"
    source.write_text("whole text")
    place = folder / f"{hashlib.sha256(b'whole text').hexdigest()}.txt"
    place.write_text("who")
    assert take_copy(source, folder).path.read_text() == "whole text"


def test_a_file_over_the_limit_is_too_large(tmp_path, folder):
    source = tmp_path / "big.txt"
    source.write_bytes(b"x" * 11)
    assert refusal(source, folder, max_bytes=10) == (FileState.TOO_LARGE, "too_large")


def test_an_empty_file_is_damaged(tmp_path, folder):
    source = tmp_path / "zero.pdf"
    source.touch()
    assert refusal(source, folder) == (FileState.DAMAGED, "empty")


@pytest.mark.skipif(os.name != "posix", reason="These kinds of files exist on POSIX systems only.")
def test_what_is_not_an_ordinary_file_is_refused_at_once(tmp_path, folder):
    os.mkfifo(tmp_path / "fifo.txt")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "folder.pdf").mkdir()
    for name in ("fifo.txt", "link.txt", "loop.txt", "zero.txt", "folder.pdf"):
        assert refusal(tmp_path / name, folder) == (FileState.UNSUPPORTED, "not_a_file")


def test_a_file_that_is_gone_cannot_be_opened(tmp_path, folder):
    assert refusal(tmp_path / "gone.txt", folder) == (FileState.STOPPED, "unreadable")


def test_a_missing_store_folder_is_a_trouble_of_storage(tmp_path):
    source = tmp_path / "a.txt"
    source.write_text("text")
    with pytest.raises(FileRefused) as refused:
        take_copy(source, tmp_path / "nowhere")
    assert refused.value.reason == "storage"


def test_odd_suffixes_do_not_reach_our_folder(tmp_path, folder):
    source = tmp_path / "a.txt;rm -rf x"
    source.write_text("text")
    assert take_copy(source, folder).path.suffix == ""


def test_walk_gives_names_as_found_below_the_given_path(tmp_path):
    for name in (
        "b.pdf",
        "A/z.md",
        "A/b/c.txt",
        ".hidden/x.txt",
        ".secret.txt",
        "~$open.docx",
        "._b.pdf",
        ".DS_Store",
    ):
        file = tmp_path / "given" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "given" / "round").symlink_to(".")
    given = tmp_path / "given"
    assert [name for _, name in walk([given])] == [".secret.txt", "A/b/c.txt", "A/z.md", "b.pdf", "round"]
    assert walk([given / "b.pdf"]) == [(given / "b.pdf", "b.pdf")]


def test_walk_keeps_a_missing_file_so_that_it_gets_a_state(tmp_path):
    assert walk([tmp_path / "gone.pdf"]) == [(tmp_path / "gone.pdf", "gone.pdf")]
