from dataclasses import replace
from datetime import UTC, date, datetime

from hrdesk.core.documents import DocumentVersion
from hrdesk.ui.viewer.words import section_words, version_words

VERSION = DocumentVersion("a", "d", "leave.pdf", datetime(2026, 3, 2, tzinfo=UTC), 12, date(2026, 1, 1))
TODAY = date(2026, 11, 22)


def test_a_version_says_since_when_and_whether_it_counts():
    assert version_words(VERSION, TODAY) == "version of 1 January 2026, in force"
    replaced = replace(VERSION, effective_to=date(2026, 11, 1))
    assert version_words(replaced, TODAY) == "version of 1 January 2026, replaced 1 November 2026"
    assert version_words(VERSION, date(2025, 5, 1)) == "version of 1 January 2026, not yet in force"


def test_a_version_without_a_date_says_when_it_was_added():
    assert version_words(replace(VERSION, effective_from=None), TODAY) == "added 2 March 2026, in force"


def test_the_section_leaves_the_title_of_the_document_out():
    assert section_words("Leave policy > 4. Sick leave > 4.1 Entitlement", "Leave Policy") == (
        "4. Sick leave › 4.1 Entitlement"
    )
