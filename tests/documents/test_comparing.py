import random

from hypothesis import given
from hypothesis import strategies as st

from hrdesk.core.documents import Page, Passage, Span
from hrdesk.core.versions import Change, ChangeKind
from hrdesk.documents.comparing import Text, compare

LEAVE = (
    "Everyone has thirty days of annual leave.",
    "Leave that is not taken by 31 March is lost.",
    "Ask your manager two weeks before you leave.",
    "Public holidays do not count as annual leave.",
)


def text(*paragraphs: str) -> Text:
    """Return a version with one passage a page."""
    passages = [
        Passage(
            number, "sha", "doc", "Leave", "leave.pdf", f"Leave > {number}", one, (Span(number, 0, len(one)),)
        )
        for number, one in enumerate(paragraphs, 1)
    ]
    return Text(passages, [Page(number, 595, 842, one) for number, one in enumerate(paragraphs, 1)])


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [change.kind.value for change in changes]


def marked(change: Change) -> tuple[list[str], list[str]]:
    assert change.old and change.new
    return tuple(  # type: ignore[return-value]
        [side.text[start:end] for start, end in side.marks] for side in (change.old, change.new)
    )


def test_the_same_text_has_no_changes_however_its_lines_run():
    changes, same = compare(text(" ".join(LEAVE)), text(" ".join(LEAVE).upper()))
    assert (changes, same) == ((), 4)


def test_a_changed_sentence_shows_the_words_that_differ_and_its_places():
    new = [LEAVE[0].replace("thirty", "thirty-two working"), *LEAVE[1:]]
    [change], same = compare(text(" ".join(LEAVE[:2]), " ".join(LEAVE[2:])), text(" ".join(new)))
    assert (change.kind, same) == (ChangeKind.CHANGED, 3)
    assert marked(change) == (["thirty"], ["thirty-two working"])
    assert change.old and change.old.spans == (Span(1, 0, len(LEAVE[0])),)
    assert change.new and change.new.section == "Leave > 1" and change.new.page == 1


def test_removed_and_added_sentences_stand_in_the_order_of_the_new_text():
    added = "During parental leave the entitlement goes on."
    changes, same = compare(text(*LEAVE), text(LEAVE[0], LEAVE[2], LEAVE[3], added))
    assert kinds(changes) == ["removed", "added"] and same == 3
    assert changes[0].old and changes[0].old.text == LEAVE[1] and changes[0].new is None
    assert changes[1].new and changes[1].new.page == 4 and changes[1].old is None


def test_a_section_that_was_added_is_one_change():
    section = (
        "Sabbatical\nAfter five years you can take three months. Ask half a year before. They are unpaid."
    )
    [change], _ = compare(text(*LEAVE), text(*LEAVE, section))
    assert change.kind is ChangeKind.ADDED and change.new and change.new.text == section


def test_a_sentence_that_moved_is_neither_removed_nor_added():
    [change], same = compare(text(*LEAVE), text(LEAVE[3], *LEAVE[:3]))
    assert (change.kind, same) == (ChangeKind.MOVED, 3)
    assert change.old and change.new and (change.old.page, change.new.page) == (4, 1)


def test_reworded_sentences_find_their_partners_among_others():
    old = text(*LEAVE)
    new = text(
        "Everyone has thirty-two days of annual leave.",
        "A new rule about carrying a laptop abroad.",
        "Leave that is not taken by 30 June is lost.",
        LEAVE[2],
        "Public holidays never count as annual leave.",
    )
    changes, same = compare(old, new)
    assert kinds(changes) == ["changed", "added", "changed", "changed"] and same == 1
    assert marked(changes[2]) == (["31 March"], ["30 June"])


def test_texts_that_have_nothing_in_common_are_removed_and_added():
    changes, same = compare(text("Alpha beta gamma delta."), text("Who pays for my train to Berlin?"))
    assert kinds(changes) == ["removed", "added"] and same == 0


def test_what_is_not_on_the_page_gets_no_place():
    passages = [Passage(1, "s", "d", "T", "f", "T", "Head: value of a cell", (Span(1, 0, 5),))]
    [change], _ = compare(text("Other."), Text(passages, [Page(1, 1, 1, "Quite another text")]))[0][1:], 0
    assert change.new and change.new.spans == ()


@given(st.lists(st.sampled_from(LEAVE), max_size=8), st.lists(st.sampled_from(LEAVE), max_size=8))
def test_every_sentence_is_accounted_for_once(one: list[str], two: list[str]):
    changes, same = compare(text(*one), text(*two))
    for side, whole in (("old", one), ("new", two)):
        texts = [getattr(change, side).text for change in changes if getattr(change, side)]
        assert same + len(texts) == len(whole)


def test_a_handbook_is_compared_quickly():
    chance = random.Random(1)
    words = [f"word{number}" for number in range(500)]
    pages = [
        " ".join(" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(8))
        for _ in range(150)
    ]
    other = [page.replace("word7", "term7") for page in pages]
    changes, same = compare(text(*pages), text(*other))
    assert len(changes) + same == 1200 and set(kinds(changes)) == {"changed"}
