"""The company's own words in real searches, and what is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Filters, Outcome
from hrdesk.core.errors import HrdeskError, NotFound
from hrdesk.core.runs import RunRequest
from hrdesk.core.synonyms import Synonym
from hrdesk.services.desk import Desk
from hrdesk.services.policy import RunTools, policy_tool
from hrdesk.services.synonyms import MOST, Imported, checked

PTO = Synonym("PTO", "annual leave", "synonym_1")


async def test_a_synonym_finds_what_the_policies_call_otherwise_and_says_so(desk: Desk) -> None:
    jargon, plain = "What is the blimblam limit in Berlin?", "What is the hotel limit in Berlin?"
    without = await desk.policy.search(jargon)
    made = await desk.synonyms.add("blimblam", "hotel")
    found, meant = await desk.policy.search(jargon), await desk.policy.search(plain)
    assert found.also == ("hotel",)
    assert found.results[0].passage.id == meant.results[0].passage.id
    assert found.confidence > without.confidence
    assert "Searched for" not in found.notice  # jargon is no typing error
    await desk.synonyms.remove(made.id)
    again = await desk.policy.search(jargon)
    assert again.also == () and again.confidence == without.confidence


async def test_a_search_without_synonyms_in_it_stays_as_it_was(desk: Desk) -> None:
    before = await desk.policy.search("When are salaries paid?")
    await desk.synonyms.add("PTO", "annual leave")
    after = await desk.policy.search("When are salaries paid?")
    assert [(one.passage.id, one.score) for one in after.results] == [
        (one.passage.id, one.score) for one in before.results
    ]


async def test_synonyms_keep_to_the_filters(desk: Desk) -> None:
    await desk.synonyms.add("blimblam", "hotel")
    found = await desk.policy.search("blimblam", Filters(category="leave"))
    assert found.results == ()
    assert found.outcome is Outcome.NOT_FOUND


async def test_the_model_and_the_user_are_told_what_was_also_searched(desk: Desk) -> None:
    await desk.synonyms.add("blimblam", "hotel")
    tools = RunTools(desk.policy, RunRequest("run_1", "thread_1", (), "", (policy_tool(["leave"]),)))
    told = json.loads(await tools.tools["lookup_policy"]({"query": "blimblam limit in Berlin"}))
    assert told["also_searched"] == ["hotel"]
    assert tools.lookups[0]["also_searched"] == ["hotel"]


async def test_a_synonym_is_tidied_changed_removed_and_restored(desk: Desk) -> None:
    made = await desk.synonyms.add("  =PTO ", "annual\nleave.")
    assert (made.term, made.meaning) == ("PTO", "annual leave")
    changed = await desk.synonyms.change(Synonym("PTO", "vacation", made.id))
    assert await desk.synonyms.synonyms() == [changed]
    await desk.synonyms.remove(made.id)
    assert await desk.synonyms.synonyms() == []
    await desk.synonyms.restore(made.id)
    assert await desk.synonyms.synonyms() == [changed]
    with pytest.raises(NotFound):
        await desk.synonyms.change(Synonym("a1", "b2", "synonym_9"))


@pytest.mark.parametrize(
    ("term", "meaning", "sentence"),
    [
        ("", "annual leave", "needs a word on both sides"),
        ("PTO", " -- ", "needs a word on both sides"),
        ("IT", "information technology", "too common"),
        ("Leaves", "leave", "the same to the search"),
        ("annual leave", "pto", "kept as synonyms already"),
        ("one two three four five six seven", "x1", "short phrase"),
        ("x" * 100, "x1", "short phrase"),
    ],
)
def test_what_a_search_cannot_use_is_refused_with_a_sentence(term: str, meaning: str, sentence: str) -> None:
    with pytest.raises(HrdeskError, match=sentence):
        checked(Synonym(term, meaning, "synonym_2"), [PTO])


def test_a_term_may_have_several_meanings_and_a_synonym_be_written_again() -> None:
    assert checked(Synonym("PTO", "vacation", "synonym_2"), [PTO]).meaning == "vacation"
    assert checked(PTO, [PTO]) == PTO


def test_there_is_an_end_to_how_many_are_kept() -> None:
    kept = [Synonym(f"term{number}", f"meaning{number}", f"synonym_{number}") for number in range(MOST)]
    with pytest.raises(HrdeskError, match="at most"):
        checked(Synonym("one", "more than that", "new"), kept)


@given(st.text(max_size=90), st.text(max_size=90))
def test_whatever_is_typed_is_kept_tidy_or_refused(term: str, meaning: str) -> None:
    try:
        kept = checked(Synonym(term, meaning, "x"), [])
    except HrdeskError:
        return
    for side in (kept.term, kept.meaning):
        assert side == " ".join(side.split()) and side[0] not in "=+-@\t\r"
    assert checked(kept, []) == kept


async def test_a_table_goes_out_and_comes_in_again(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.csv"
    await desk.synonyms.add("PTO", "annual leave")
    await desk.synonyms.add("Überstunden", "overtime")
    assert await desk.synonyms.export_csv(file) == 2
    assert await desk.synonyms.import_csv(file) == Imported(0, 2)
    for one in await desk.synonyms.synonyms():
        await desk.synonyms.remove(one.id)
    assert await desk.synonyms.import_csv(file) == Imported(2, 0)
    assert [one.term for one in await desk.synonyms.synonyms()] == ["PTO", "Überstunden"]


async def test_tables_of_other_programs_are_read_and_useless_lines_left_out(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "words.csv"
    file.write_text(
        "PTO;annual leave\r\n\r\nIT;information technology\r\nWFH;remote work;ours\r\nPTO;annual leave\r\n"
    )
    assert await desk.synonyms.import_csv(file) == Imported(2, 2)


@pytest.mark.parametrize("content", [b"", b"only one column\n", b"\xff\xfe\x00\x00", b"a,b\n" * 300_000])
async def test_what_is_no_such_table_is_refused(desk: Desk, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.csv"
    file.write_bytes(content)
    with pytest.raises(HrdeskError, match=r"words\.csv"):
        await desk.synonyms.import_csv(file)
    with pytest.raises(HrdeskError):
        await desk.synonyms.import_csv(tmp_path / "nowhere.csv")
