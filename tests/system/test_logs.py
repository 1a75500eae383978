import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hrdesk.core.errors import HrdeskError
from hrdesk.system.logs import LINES_KEPT, Log

_logger = logging.getLogger("hrdesk.tests")
QUESTION = "May Ms Canary take her leave early?"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    log = Log(tmp_path / "logs")
    yield log
    log.close()


def written(tmp_path: Path) -> str:
    return (tmp_path / "logs" / "hrdesk.log").read_text(encoding="utf-8")


def fail() -> None:
    raise ValueError(QUESTION)


def test_lines_reach_the_file_and_the_report(log: Log, tmp_path: Path):
    _logger.info("Imported %d files", 3)
    assert "Imported 3 files" in written(tmp_path)
    assert "Imported 3 files" in log.report()
    assert log.report().startswith("hrdesk ")


@pytest.mark.parametrize(
    "line", ["key sk-proj-abcdef123456", "Authorization: Bearer abc.def.ghi", "PRAGMA key x'" + "a1" * 48]
)
def test_keys_are_blotted_out(log: Log, tmp_path: Path, line: str):
    _logger.warning("%s", line)
    text = written(tmp_path) + log.report()
    assert "(key)" in text
    assert not any(secret in text for secret in ("abcdef123456", "abc.def.ghi", "a1a1"))


def test_the_text_of_an_exception_is_left_out_but_its_place_is_kept(log: Log, tmp_path: Path):
    try:
        fail()
    except ValueError:
        _logger.exception("Reading failed")
    text = written(tmp_path) + log.report()
    assert "Canary" not in text
    assert "in fail" in text and "ValueError" in text


def test_causes_are_logged_without_their_texts_too(log: Log, tmp_path: Path):
    try:
        try:
            fail()
        except ValueError as error:
            raise HrdeskError("The file is damaged.") from error
    except HrdeskError:
        _logger.exception("Import failed")
    text = written(tmp_path)
    assert "Canary" not in text
    assert text.index("ValueError") < text.index("HrdeskError: The file is damaged.")


def test_debug_keeps_the_text_of_exceptions(tmp_path: Path):
    log = Log(tmp_path / "logs", debug=True)
    try:
        fail()
    except ValueError:
        _logger.exception("Reading failed")
    log.close()
    assert "Canary" in written(tmp_path)


def test_long_lines_are_cut(log: Log, tmp_path: Path):
    _logger.info("x" * 100_000)
    assert len(written(tmp_path)) < 1_000


def test_only_the_last_lines_are_kept_in_memory(log: Log):
    for number in range(LINES_KEPT + 10):
        _logger.info("line %d", number)
    lines = log.report().splitlines()
    assert len(lines) == LINES_KEPT + 1
    assert lines[-1].endswith(f"line {LINES_KEPT + 9}")


def test_libraries_that_write_request_bodies_are_quiet(log: Log, tmp_path: Path):
    logging.getLogger("openai._base_client").info("Request options: %s", QUESTION)
    assert "Canary" not in written(tmp_path)


def test_an_exception_nobody_caught_is_logged_and_shown(log: Log, tmp_path: Path):
    shown: list[BaseException] = []
    log.catch(shown.append)
    error = KeyError(QUESTION)
    sys.excepthook(KeyError, error, None)
    assert shown == [error]
    assert "KeyError" in written(tmp_path) and "Canary" not in written(tmp_path)


def test_an_exception_in_another_thread_is_shown_too(log: Log):
    shown: list[BaseException] = []
    log.catch(shown.append)
    threading.excepthook(threading.ExceptHookArgs((OSError, OSError("x"), None, None)))
    assert isinstance(shown[0], OSError)


def test_an_error_while_showing_does_not_hide_the_first_one(log: Log, tmp_path: Path):
    log.catch(lambda _error: fail())
    sys.excepthook(KeyError, KeyError("x"), None)
    assert "KeyError" in written(tmp_path) and "ValueError" in written(tmp_path)


def test_a_folder_that_cannot_be_made_does_not_stop_the_program(tmp_path: Path):
    (tmp_path / "logs").write_text("a file in the way")
    log = Log(tmp_path / "logs")
    _logger.info("still here")
    assert "still here" in log.report()
    log.close()


def test_closing_gives_back_hooks_and_handlers(tmp_path: Path):
    before = list(logging.getLogger().handlers)
    log = Log(tmp_path / "logs")
    log.catch(lambda _error: None)
    log.close()
    assert logging.getLogger().handlers == before
    assert sys.excepthook is sys.__excepthook__
