from pathlib import Path

import pytest

from hrdesk.cli import parse


@pytest.mark.parametrize("arguments", [["--data-dir", "D", "threads"], ["threads", "--data-dir", "D"]])
def test_the_data_folder_may_be_named_before_or_after_the_command(arguments):
    options = parse(arguments)

    assert options.data_dir == Path("D")
    assert options.command == "threads"


def test_without_a_command_and_options_the_window_opens_on_the_users_own_data():
    options = parse([])

    assert (options.command, options.data_dir, options.connection) == (None, None, None)
