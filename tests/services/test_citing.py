"""From passage ids in an answer to places on pages."""

from typing import Any

import pytest

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Page
from hrdesk.core.errors import NotFound
from hrdesk.services.citing import CitationWriter
from hrdesk.services.store_thread import StoreThread

TEXT = "Staff accrue ten (10) days of sick leave. A note is required from day three.\nUnused days lapse."
PAGES = (
    Page(1, 595, 842, "Welcome to the company."),
    Page(
        2,
        595,
        842,
        "4 Sick leave\r\nStaff accrue ten (10) days of\r\nsick leave. A note is re-\r\n"
        "quired from day three.\r\nUnused days lapse.",
    ),
)


class Pages:
    """Versions and their pages."""

    def pages(self, version: str) -> tuple[Page, ...]:
        if version != "v1":
            raise NotFound("This version is no longer in the library.")
        return PAGES


def lookup(ref: str = "p1", text: str = TEXT, *, sent: bool = True, version: str = "v1") -> dict[str, Any]:
    candidate = {
        "ref": ref,
        "sent": sent,
        "document_id": "doc",
        "title": "Leave policy",
        "file": "leave.pdf",
        "version": version,
        "page": 2,
        "section": "Leave policy > Sick leave",
        "text": text,
        "spans": [[2, 14, len(PAGES[1].text)]],
    }
    return {"candidates": [candidate]}


@pytest.fixture
def writer() -> CitationWriter:
    return CitationWriter(StoreThread(), Pages())  # type: ignore[arg-type]


async def test_a_quoted_sentence_is_verified_and_located_across_lines(writer: CitationWriter) -> None:
    text, citations = await writer.cite("“A note is required from day three.” [p1]", [lookup()])
    assert text == "“A note is required from day three.” [1]"
    (citation,) = citations
    assert (citation.number, citation.page, citation.state) == (1, 2, CitationState.VERIFIED)
    marked = "".join(PAGES[1].text[span.start : span.end] for span in citation.spans)
    assert marked.startswith("A note is re-")
    assert marked.endswith("day three.")


async def test_a_paraphrase_cites_the_sentence_that_supports_it(writer: CitationWriter) -> None:
    text, citations = await writer.cite("New staff accrue 10 days of sick leave [p1].", [lookup()])
    assert text.endswith("[1].")
    assert citations[0].quote == "Staff accrue ten (10) days of sick leave."
    assert citations[0].state is CitationState.VERIFIED


async def test_a_wrong_amount_is_never_verified(writer: CitationWriter) -> None:
    _, citations = await writer.cite("Staff accrue 12 days of sick leave [p1].", [lookup()])
    assert citations[0].state is CitationState.SUPPORTED


async def test_words_that_are_not_on_the_pages_get_no_box(writer: CitationWriter) -> None:
    nowhere = "Parking is free for electric cars on Fridays before noon."
    _, citations = await writer.cite(f"“{nowhere}” [p1]", [lookup(text=nowhere)])
    assert citations[0].state is CitationState.NOT_LOCATED
    assert citations[0].spans == ()
    assert citations[0].passage == nowhere


async def test_an_invented_passage_id_vanishes_and_hurts_no_other(writer: CitationWriter) -> None:
    text, citations = await writer.cite("Unused days lapse [p1]. Dogs fly [p9].", [lookup()])
    assert text == "Unused days lapse [1]. Dogs fly."
    assert len(citations) == 1


async def test_a_passage_that_was_not_sent_cannot_be_cited(writer: CitationWriter) -> None:
    _, citations = await writer.cite("Unused days lapse [p1].", [lookup(sent=False)])
    assert citations == ()


async def test_the_same_quote_keeps_its_number(writer: CitationWriter) -> None:
    text, citations = await writer.cite(
        "“Unused days lapse.” [p1]\n\nAs said: “Unused days lapse.” [p1]", [lookup()]
    )
    assert text.count("[1]") == 2
    assert len(citations) == 1


async def test_one_mark_may_name_two_passages(writer: CitationWriter) -> None:
    text, citations = await writer.cite(
        "Unused days lapse [p1, p2].", [lookup(), lookup("p2", "Unused days lapse after a year.")]
    )
    assert text == "Unused days lapse [1] [2]."
    assert [citation.ref for citation in citations] == ["p1", "p2"]


async def test_what_the_providers_search_found_is_cited_like_our_own(writer: CitationWriter) -> None:
    text, (citation,) = await writer.cite("Unused days lapse [h2].", [lookup("h2")])
    assert text == "Unused days lapse [1]."
    assert citation.state is CitationState.VERIFIED


async def test_a_version_that_is_not_in_the_library_shows_its_passage_only(writer: CitationWriter) -> None:
    text, (citation,) = await writer.cite("Unused days lapse [h1].", [lookup("h1", version="elsewhere")])
    assert text == "Unused days lapse [1]."
    assert citation.state is CitationState.UNAVAILABLE
    assert (citation.spans, citation.passage) == ((), TEXT)


async def test_a_quote_with_a_slip_is_supported_and_said_to_be_approximate(writer: CitationWriter) -> None:
    near = "A note is reqiured from day three."
    _, (citation,) = await writer.cite(f"“{near}” [p1]", [lookup(text=near)])
    assert (citation.state, citation.is_approximate) == (CitationState.SUPPORTED, True)
    _, (citation,) = await writer.cite("“A note is required from day three.” [p1]", [lookup()])
    assert not citation.is_approximate
