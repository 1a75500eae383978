import os
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.ordinary import held, open_ordinary
from hrdesk.documents.sentences import FileRefused


def test_the_very_file_is_read_even_when_its_name_moves_to_another(tmp_path):
    path = tmp_path / "policy.txt"
    path.write_text("ten days")
    with held(path) as same:
        moved = same != path
        path.rename(tmp_path / "old.txt")
        path.write_text("fifty days")
        assert same.read_text() == ("ten days" if moved else "fifty days")
    assert moved or not Path("/proc/self/fd").is_dir()


@pytest.mark.skipif(os.name != "posix", reason="These kinds of files exist on POSIX systems only.")
@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_no_ordinary_file_is_not_opened(tmp_path, kind):
    path = tmp_path / "policy.txt"
    make = {
        "link": lambda: path.symlink_to("/etc/passwd"),
        "fifo": lambda: os.mkfifo(path),
        "folder": path.mkdir,
    }
    make[kind]()
    with pytest.raises(FileRefused) as refused, held(path):
        pass
    assert (refused.value.state, refused.value.reason) == (FileState.UNSUPPORTED, "not_a_file")


def test_a_file_that_is_not_there_can_be_tried_again(tmp_path):
    with pytest.raises(FileRefused) as refused:
        open_ordinary(tmp_path / "gone.pdf")
    assert refused.value.reason == "unreadable"
