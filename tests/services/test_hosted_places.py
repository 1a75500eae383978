"""Hits of a hosted index, led back to the real pages of the sample policies."""

from typing import Any

import pytest

from hrdesk.core.documents import Passage
from hrdesk.core.runs import Evidence
from hrdesk.services.desk import Desk
from hrdesk.services.hosted_places import HostedPlaces
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.uploads import UploadStore

ABROAD = (
    "Up to 20 working days a calendar year may be worked from another country of the European Union, the\n"
    "European Economic Area or Switzerland. The request is made in the People portal at least three weeks\n"
    "before departure, because social insurance needs a certificate (form A1)."
)
FILE = "remote-work-and-equipment.md"


class Library:
    """The stores of an open desk, called from the test."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.documents = DocumentStore(desk.database)
        self.passages = PassageStore(desk.database)
        self.uploads = UploadStore(desk.database, self.documents)
        self.places = HostedPlaces(self.documents, self.passages, self.uploads)

    def sha(self, file: str = FILE) -> str:
        return next(one.version.sha256 for one in self.uploads.published() if one.version.file.endswith(file))

    async def passage(self, text: str = ABROAD, id_: str = "", file: str = "", **attributes: Any) -> Passage:
        hit = Evidence("", id_, file, text, None, attributes)
        return await self.desk.store(self.places.passage, "team", hit)

    async def text_at(self, passage: Passage) -> str:
        pages = await self.desk.store(self.documents.pages, passage.version)
        by_number = {page.number: page.text for page in pages}
        return " ".join(by_number[span.page][span.start : span.end] for span in passage.spans)


@pytest.fixture
def library(desk: Desk) -> Library:
    return Library(desk)


async def test_the_sha_that_was_sent_along_leads_to_the_version_and_its_place(library):
    passage = await library.passage(sha256=library.sha())
    assert passage.title == "Remote work and equipment"
    assert passage.file == FILE
    assert "Working from abroad" in passage.path
    assert passage.text == ABROAD
    assert (await library.text_at(passage)).split() == ABROAD.split()


async def test_the_number_of_a_hit_is_the_same_every_time_and_never_one_of_ours(library):
    first = await library.passage(sha256=library.sha())
    again = await library.passage(sha256=library.sha())
    other = await library.passage(text=ABROAD[:100], sha256=library.sha())
    assert first.id == again.id != other.id
    assert first.id < 0


async def test_a_chunk_over_several_of_our_passages_gets_them_all(library):
    sha = library.sha("employee-handbook.pdf")
    ours = await library.desk.store(library.passages.of_version, sha)
    chunk = "\n".join(passage.text for passage in ours[3:6]).replace("days", "days ").upper()
    passage = await library.passage(text=chunk, sha256=sha)
    pages = {span.page for one in ours[3:6] for span in one.spans}
    assert {span.page for span in passage.spans} <= pages
    assert passage.page == ours[3].page
    assert passage.path == ours[3].path


async def test_a_short_chunk_inside_one_passage_is_found(library):
    short = "Tuesday is team day. Everybody works on site on Tuesdays"
    passage = await library.passage(text=short, sha256=library.sha())
    assert (await library.text_at(passage)).split() == short.split()


async def test_the_id_of_an_upload_leads_to_its_version_also_from_the_attributes(library):
    await library.desk.store(library.uploads.put, "team", "vs_1", library.sha(), "file-1")
    by_id = await library.passage(id_="file-1")
    assert by_id.version == library.sha()
    assert (
        await library.passage(id_="0198-uuid", file="0198-uuid", file_id="file-1")
    ).version == by_id.version
    hit = Evidence("", "file-1", "", ABROAD)
    assert (await library.desk.store(library.places.passage, "other", hit)).document_id == ""


async def test_a_file_name_counts_only_where_the_text_is_in_that_file(library):
    right = await library.passage(file=FILE)
    assert right.version == library.sha()
    wrong = await library.passage(text="Dogs may fly business class to the moon on Sundays.", file=FILE)
    assert (wrong.document_id, wrong.version, wrong.spans) == ("", "", ())
    assert wrong.title == FILE


async def test_a_sha_that_is_not_here_opens_nothing_even_if_the_name_fits(library):
    passage = await library.passage(
        file=FILE, sha256="f" * 64, document="Their policy", effective_from="2026-01-01"
    )
    assert (passage.document_id, passage.version, passage.spans) == ("", "f" * 64, ())
    assert passage.title == "Their policy"
    assert str(passage.effective_from) == "2026-01-01"


@pytest.mark.parametrize(
    "attributes",
    [{}, {"sha256": 7}, {"sha256": None, "file_id": 3}, {"effective_from": "soon", "document": ["x"]}],
)
async def test_strange_attributes_are_no_trouble(library, attributes):
    passage = await library.passage(text="Nothing like it.", id_="x", **attributes)
    assert passage.document_id == ""
    assert passage.title == "A file of the provider"


async def test_a_removed_version_is_unknown_from_then_on(library):
    sha = library.sha()
    assert (await library.passage(sha256=sha)).document_id
    (file,) = [one for one in await library.desk.library.files() if one.sha256 == sha]
    await library.desk.library.remove(file.id)
    assert (await library.passage(sha256=sha)).document_id == ""


async def test_a_citation_without_text_names_the_file_only(library):
    passage = await library.passage(text="", sha256=library.sha())
    assert passage.title == "Remote work and equipment"
    assert passage.spans == ()
