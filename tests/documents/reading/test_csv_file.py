import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.csv_file import read
from hrdesk.documents.sentences import FileRefused


def texts(source):
    return [block.text for block in read(source).blocks]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    source = "Leave,Days\nSick,10\nAnnual,25\n".replace(",", separator)
    assert texts(source)[1] == "Leave: Sick | Days: 10"


def test_commas_in_quotes_and_in_numbers_do_not_confuse():
    assert texts('Leave;Days;Note\n"Sick, own";10,5;"a;b"\nAnnual;25,0;c\n')[1] == (
        "Leave: Sick, own | Days: 10,5 | Note: a;b"
    )


def test_a_quoted_cell_may_have_several_lines():
    assert texts('Leave,Days\n"Sick\nleave",10\n')[1] == "Leave: Sick leave | Days: 10"


def test_what_excel_says_about_the_separator_counts():
    assert texts("sep=;\nLeave;Days\nSick;10\n")[1] == "Leave: Sick | Days: 10"


def test_one_column_is_running_text():
    assert texts("Leave\nSick\n") == ["Leave", "Sick"]


def test_a_cell_beyond_all_measure_is_damage():
    with pytest.raises(FileRefused) as refused:
        read('a,"' + "x" * 1_100_000 + '"\n')
    assert refused.value.state is FileState.DAMAGED
