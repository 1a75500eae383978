"""Opening a citation with the real services: where the table of a quoted row stands."""

from pathlib import Path

from hrdesk.core.citations import Citation, CitationState
from hrdesk.documents.locate import locate
from hrdesk.services.desk import Desk
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from tests.services.desk import desk_at, import_policies

TABLE = "Years of service,Days a year,Notice\n" + "".join(
    f"{year} to {year + 1},{10 + year},{year} weeks\n" for year in range(8)
)


def _citation(desk: Desk, wanted: str) -> Citation:
    """Cite the line of a passage that holds some words."""
    row = desk.database.rows("SELECT sha256 FROM versions")[0]
    pages = DocumentStore(desk.database).pages(row["sha256"])
    for one in PassageStore(desk.database).of_version(row["sha256"]):
        for line in one.text.split("\n"):
            place = locate(line, pages, one.spans)
            if wanted in line and place is not None:
                return Citation(
                    1, "p1", one.document_id, one.title, one.version, one.file, 1, one.path, line, one.text,
                    CitationState.VERIFIED, place.spans,
                )  # fmt: skip
    raise AssertionError(f"{wanted} is nowhere")


async def test_the_table_of_a_cited_row_is_found_on_its_page(tmp_path: Path) -> None:
    (tmp_path / "leave.csv").write_text(TABLE)
    await import_policies(tmp_path / "data", tmp_path / "leave.csv")
    async with desk_at(tmp_path / "data") as desk:
        citation = await desk.store(_citation, desk, "13")
        ((page, area),) = await desk.citations.table(citation)
        lines = await desk.citations.rectangles(citation)
        assert page == 1 and lines
        assert all(area.y0 < line.y0 and line.y1 < area.y1 for _, line in lines)
        assert area.y1 - area.y0 > 6 * (lines[0][1].y1 - lines[0][1].y0), "more than the row that is cited"


async def test_a_sentence_has_no_table(tmp_path: Path) -> None:
    (tmp_path / "leave.txt").write_text("Employees receive ten days of sick leave a year.\n")
    await import_policies(tmp_path / "data", tmp_path / "leave.txt")
    async with desk_at(tmp_path / "data") as desk:
        citation = await desk.store(_citation, desk, "sick leave")
        assert await desk.citations.table(citation) == ()
