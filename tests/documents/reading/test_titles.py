import pytest

from hrdesk.documents.reading.titles import choose_title, tidy_stem


@pytest.mark.parametrize(
    ("own", "heading", "name", "title"),
    [
        ("Leave policy", "Section 1", "x.pdf", "Leave policy"),
        ("Microsoft Word - leave.docx", "Leave policy", "x.pdf", "Leave policy"),
        ("Untitled document", "", "travel_policy-2026.pdf", "Travel policy 2026"),
        ("leave_and_schedules", "", "docs/leave_and_schedules.scan.pdf", "Leave and schedules.scan"),
        ("", "", "benefits/README.md", "Benefits"),
        ("", "", "", "Untitled"),
    ],
)
def test_the_most_sensible_title_is_chosen(own, heading, name, title):
    assert choose_title(own, heading, name) == title


def test_direction_overrides_in_names_are_dropped():
    assert tidy_stem("\u202egpj.exe.txt") == "Gpj.exe"
