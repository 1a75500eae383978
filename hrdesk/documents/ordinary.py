"""Opens ordinary files only: no links, no devices, nothing that would wait for ever.

`held` lets libraries that want a path read the very file that was looked at, even if its name is given to
another file meanwhile.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hrdesk.core.documents import FileState
from hrdesk.documents.sentences import FileRefused

_HANDLES = Path("/proc/self/fd")  # Linux; elsewhere a name may not stand for an open file


def open_ordinary(source: Path) -> BinaryIO:
    """Open a file to be read. Raises `FileRefused` ("not_a_file", "unreadable")."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        if not stat.S_ISREG(source.lstat().st_mode):
            raise FileRefused(FileState.UNSUPPORTED, "not_a_file")
        handle = os.open(source, flags)
    except (OSError, ValueError) as error:
        linked = isinstance(error, OSError) and error.errno == errno.ELOOP
        state = (FileState.UNSUPPORTED, "not_a_file") if linked else (FileState.STOPPED, "unreadable")
        raise FileRefused(*state) from error
    file = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):  # changed since we looked
        file.close()
        raise FileRefused(FileState.UNSUPPORTED, "not_a_file")
    return file


@contextmanager
def held(source: Path) -> Iterator[Path]:
    """Keep an ordinary file open and give a path that cannot come to mean another one.

    Raises `FileRefused`: "not_a_file" or "unreadable".
    """
    with open_ordinary(source) as file:
        handle = _HANDLES / str(file.fileno())
        yield handle if handle.exists() else source
