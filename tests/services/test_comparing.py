"""Two versions of a sample policy, side by side."""

import pytest

from hrdesk.core.citations import CitationState
from hrdesk.core.errors import NotFound
from hrdesk.core.versions import ChangeKind
from hrdesk.services.desk import Desk


async def test_every_change_between_two_versions_opens_its_page_marked(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    new = str(files["travel-policy-2026.pdf"].sha256)
    document, versions = await desk.comparing.family(new)
    assert [one.file for one in versions] == ["travel-policy-2025.pdf", "travel-policy-2026.pdf"]
    found = await desk.comparing.compare(versions[0].sha256, versions[1].sha256)
    assert found.document == document and found.same > 0
    assert found.counts()[ChangeKind.CHANGED] > 0
    for change in found.changes:
        for old in (True, False):
            citation = found.cite(change, old=old)
            if citation is None:
                assert (change.old if old else change.new) is None
                continue
            assert citation.state is not CitationState.NOT_LOCATED
            assert citation.version == versions[0 if old else 1].sha256
            assert await desk.citations.rectangles(citation)


async def test_a_version_that_was_removed_cannot_be_compared(desk: Desk) -> None:
    files = {file.file: file for file in await desk.library.files()}
    old, new = (files[f"travel-policy-{year}.pdf"] for year in (2025, 2026))
    await desk.library.remove(old.id)
    with pytest.raises(NotFound):
        await desk.comparing.compare(str(old.sha256), str(new.sha256))
