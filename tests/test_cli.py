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


def test_synonyms_take_one_verb_at_a_time():
    options = parse(["synonyms", "--add", "PTO", "annual leave", "--data-dir", "D", "--json"])
    assert (options.add, options.data_dir, options.json) == (["PTO", "annual leave"], Path("D"), True)
    with pytest.raises(SystemExit):
        parse(["synonyms", "--add", "PTO", "annual leave", "--remove", "PTO"])


def test_a_search_may_be_limited_to_a_place():
    assert parse(["search", "leave", "--scope", "Germany"]).scope == "Germany"
