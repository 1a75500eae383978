import pytest

from hrdesk.documents.reading.xlsx_formats import parse_format, shown


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("General", "10", "10"),
        ("General", "0.1", "0.1"),
        ("", "12.300000000000001", "12.3"),
        ("0.00", "10", "10.00"),
        ("#,##0", "12500", "12,500"),
        ("0%", "0.6", "60%"),
        ('#,##0.00 "€"', "1250", "1,250.00 €"),
        ("[$£-809]#,##0", "99", "£99"),
        ("dd/mm/yyyy", "46023", "2026-01-01"),
        ("d mmm yyyy h:mm", "46023.5", "2026-01-01 12:00"),
        ("[h]:mm", "1.5", "36:00"),
        ("[Red]0", "7", "7"),
        ('0 "days"', "7", "7"),
        ("0", "not a number", "not a number"),
        ("yyyy", "-5", "-5"),
        ("yyyy", "9e99", "9e99"),
    ],
)
def test_values_are_shown_as_their_format_says(code, value, expected):
    assert shown(value, parse_format(code)) == expected


def test_old_workbooks_of_the_mac_count_from_1904():
    assert shown("0", parse_format("yyyy-mm-dd"), from_1904=True) == "1904-01-01"
