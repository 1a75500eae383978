import pytest

from hrdesk.documents.reading.markdown import read
from tests.shared_data import shared


def shape(source: str) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in read(source)[0].blocks]


def texts(source: str) -> list[str]:
    return [text for _, _, text in shape(source)]


def test_headings_paragraphs_lists_and_code():
    source = "# Leave\n\nTen **days** a\nyear, see [HR](x.md).\n\n"
    source += "* one\n  * two\n\n3. three\n4. four\n\n```\na  b\nc\n```\n"
    assert shape(source) == [
        ("heading", 1, "Leave"),
        ("paragraph", 0, "Ten days a year, see HR."),
        ("list_item", 0, "one"),
        ("list_item", 1, "two"),
        ("list_item", 0, "3. three"),
        ("list_item", 0, "4. four"),
        ("code", 0, "a  b\nc"),
    ]


def test_the_front_matter_gives_the_title_and_no_text():
    blocks, title, front = read("---\ntitle: 'Leave types'\nkeywords: sick\n---\n\nText.\n")
    assert title == "Leave types"
    assert "keywords" in front
    assert [block.text for block in blocks.blocks] == ["Text."]


def test_a_rule_at_the_top_is_no_front_matter():
    assert texts("---\n\nText\n\n---\n\nMore") == ["Text", "More"]


def test_rows_of_tables_carry_their_heads():
    assert shape("| Years | Days |\n|---|---|\n| 0–2 | 10 |\n| 3+ | **15** |\n") == [
        ("table_row", 1, "Years | Days"),
        ("table_row", 0, "Years: 0–2 | Days: 10"),
        ("table_row", 0, "Years: 3+ | Days: 15"),
    ]


def test_template_tags_go_and_what_they_wrap_stays():
    source = (
        '{% alert %}\n  Take [leave]({% page "a/b" %}) now.\n{% endalert %}\n\n'
        "{% comment %}secret{% endcomment %}\n\n"
        'Ask {% slack_channel "people-ops" %}.{% include "footer.html" %}\n\n'
        '{{ site.base_url }}<a href="{% page "x" %}">Here</a>\n'
    )
    assert texts(source) == ["Take leave now.", "Ask people-ops.", "Here"]


def test_raw_html_is_text_without_tags():
    source = "<details>\n<summary>How long?</summary>\n\nTen *days*.<br>Paid.\n\n</details>\n\n"
    source += "Write to <project>-team.\n"
    assert texts(source) == ["How long?", "Ten days. Paid.", "Write to <project>-team."]


def test_comments_and_scripts_are_no_text():
    assert texts("A<!-- hidden -->B\n\n<script>alert(1)</script>\n\nC") == ["AB", "C"]


@pytest.mark.parametrize(
    "source",
    [
        "> " * 2000 + "x",
        "*a **a " * 2000,
        "[" * 2000 + "a" + "]" * 2000,
        "|" + "a|" * 500 + "\n|" + "-|" * 500,
    ],
)
def test_hostile_sources_end(source):
    read(source)


def test_handbooks_lose_no_file_with_text():
    folder = shared("handbooks/clef")
    for path in sorted(folder.rglob("*.md")):
        assert read(path.read_text())[0].blocks, path
