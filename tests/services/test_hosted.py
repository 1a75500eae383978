"""Looking policies up in a vector store: found there, placed and judged here."""

import json
from dataclasses import replace
from datetime import date

import pytest

from hrdesk.core.citations import CitationState
from hrdesk.core.documents import Filters, Outcome
from hrdesk.core.errors import BackendUnavailable, HrdeskError
from hrdesk.core.runs import Evidence, Run, RunRequest, RunStatus
from hrdesk.services.citing import CitationWriter
from hrdesk.services.desk import Desk
from hrdesk.services.hosted import HostedSearch
from hrdesk.services.hosted_places import HostedPlaces
from hrdesk.services.policy import RunTools, policy_tool
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from tests.openai_server import Fault
from tests.services.fakes import NOW
from tests.services.hosted import published, uploads_of

SEARCH = "POST /v1/vector_stores/*/search"
QUESTION = "How many days may I work from another country of the European Union?"


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a key store."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


def result(text: str, score: float | None = None, **attributes: object) -> dict[str, object]:
    content = [{"type": "text", "text": text}]
    return {"file_id": "x", "filename": "x", "score": score, "attributes": attributes, "content": content}


async def test_a_policy_is_found_there_and_opens_here(desk: Desk) -> None:
    async with published(desk) as (_, connection):
        ranked = await desk.indexes.of(connection).search(QUESTION)
        best = ranked.results[0].passage
        assert ranked.outcome is Outcome.ANSWERED
        assert best.title == "Remote work and equipment"
        assert best.spans
        assert 0 < ranked.results[-1].score < ranked.results[0].score == 1
        assert ranked.query == QUESTION
        assert not ranked.lexical_only


async def test_the_tool_gives_the_model_what_was_found_there(desk: Desk) -> None:
    async with published(desk) as (_, connection):
        request = RunRequest("run_1", "thread_1", (), "", (policy_tool(["leave"]),))
        tools = RunTools(desk.indexes.of(connection), request)
        output = json.loads(await tools.tools["lookup_policy"]({"query": QUESTION}))
        assert output["passages"][0]["id"] == "p1"
        assert output["passages"][0]["document"] == "Remote work and equipment"
        (lookup,) = tools.lookups
        assert lookup["candidates"][0]["sent"]


async def test_only_a_connection_that_says_so_searches_there(desk: Desk) -> None:
    async with published(desk) as (server, _):
        own = desk.indexes.of(desk.connections.get("local"))
        await own.search(QUESTION)
        assert own is desk.policy
        assert server.log.of(SEARCH) == []


async def test_only_the_version_in_force_on_the_day_is_used(desk: Desk) -> None:
    versions = {one.version.sha256: one for one in await desk.store(uploads_of(desk).published)}
    travel = [sha for sha, one in versions.items() if one.document.title.startswith("Travel")]
    async with published(desk) as (server, connection):
        data = [result(f"Hotels up to 120 EUR, {sha[:4]}.", sha256=sha) for sha in travel]
        server.fault(Fault("json", on=SEARCH, changes={"data": data}, times=None))
        for day, year in ((date(2025, 6, 1), 2025), (date(2026, 6, 1), 2026)):
            ranked = await desk.indexes.of(connection).search("hotel", Filters(as_of=day))
            (found,) = ranked.results
            assert found.passage.effective_from is not None
            assert found.passage.effective_from.year == year


async def test_files_of_other_laptops_are_used_as_text_while_in_force(desk: Desk) -> None:
    async with published(desk) as (server, connection):
        data = [
            result("Old hotels.", sha256="a" * 64, effective_to="2025-01-01", document="Old"),
            result("New hotels.", sha256="b" * 64, effective_from="2025-01-01", category="travel"),
            result("Elsewhere.", sha256="c" * 64, jurisdiction="Norway"),
        ]
        server.fault(Fault("json", on=SEARCH, changes={"data": data}, times=None))
        wanted = Filters(category="Travel", as_of=date(2026, 1, 1), scope="Germany")
        ranked = await desk.indexes.of(connection).search("hotels", wanted)
        assert [one.passage.text for one in ranked.results] == ["New hotels."]
        assert ranked.results[0].passage.document_id == ""
        assert "1 passage is from files that are not in this library" in ranked.notice
        everything = await desk.indexes.of(connection).search("hotels", Filters(as_of=date(2026, 1, 1)))
        assert "2 passages are" in everything.notice


async def test_scores_without_scale_change_nothing_but_the_providers_order_counts(desk: Desk) -> None:
    sha = min(await desk.store(uploads_of(desk).eligible, Filters()))
    async with published(desk) as (server, connection):
        texts = [("First.", None), ("Second.", 4.1), ("First.", 0.01), ("Third.", -3.0)]
        data = [result(text, score, sha256=sha) for text, score in texts]
        server.fault(Fault("json", on=SEARCH, changes={"data": data}))
        ranked = await desk.indexes.of(connection).search("anything")
        assert [one.passage.text for one in ranked.results] == ["First.", "Second.", "Third."]
        assert [round(one.score, 2) for one in ranked.results] == [1.0, 0.67, 0.33]


async def test_a_category_is_asked_for_and_a_server_without_filters_is_asked_without(desk: Desk) -> None:
    async with published(desk) as (server, connection):
        await desk.indexes.of(connection).search("leave", Filters(category="leave"))
        assert server.log.of(SEARCH)[-1].body["filters"] == {
            "type": "eq",
            "key": "category",
            "value": "leave",
        }
        server.fault(Fault("status", on=SEARCH, status=400))
        found = await desk.indexes.of(connection).search("leave", Filters(category="leave"))
        assert "filters" not in server.log.of(SEARCH)[-1].body
        assert {one.passage.category for one in found.results} <= {"leave"}


async def test_a_search_without_filters_that_is_refused_is_not_repeated(desk: Desk) -> None:
    async with published(desk) as (server, connection):
        server.fault(Fault("status", on=SEARCH, status=400))
        with pytest.raises(BackendUnavailable):
            await desk.indexes.of(connection).search("leave")
        assert len(server.log.of(SEARCH)) == 1


async def test_a_search_is_repeated_once_and_then_says_what_is_wrong(desk: Desk) -> None:
    async with published(desk) as (server, connection):
        server.fault(Fault("status", on=SEARCH, status=503))
        assert (await desk.indexes.of(connection).search(QUESTION)).results
        server.fault(Fault("status", on=SEARCH, status=503, times=2))
        with pytest.raises(BackendUnavailable):
            await desk.indexes.of(connection).search(QUESTION)
        server.vector_stores.clear()
        with pytest.raises(HrdeskError, match="is not there, or this key may not read it"):
            await desk.indexes.of(connection).search(QUESTION)


async def test_nothing_found_there_is_not_found(desk: Desk) -> None:
    async with published(desk) as (server, connection):
        server.fault(Fault("json", on=SEARCH, changes={"data": []}))
        ranked = await desk.indexes.of(connection).search(QUESTION)
        assert (ranked.outcome, ranked.results) == (Outcome.NOT_FOUND, ())


async def test_what_the_providers_own_search_showed_can_be_cited(desk: Desk) -> None:
    documents, passages, uploads = DocumentStore(desk.database), PassageStore(desk.database), uploads_of(desk)
    hosted = HostedSearch(desk.store, HostedPlaces(documents, passages, uploads), passages, uploads)
    remote = next(one for one in await desk.store(uploads.published) if one.version.file.endswith(".md"))
    text = "Up to 20 working days a calendar year may be worked from another country of the European Union."
    evidence = [
        Evidence("h1", "x", "x.md", text, 0.2, {"sha256": remote.version.sha256}),
        Evidence("h2", "y", "theirs.pdf", "Dogs may fly."),
    ]
    run = Run("run_1", "thread_1", "q", "a", "team", RunStatus.COMPLETED, NOW)
    lookup = await desk.store(hosted.evidence_lookup, run, evidence)
    assert [one["ref"] for one in lookup["candidates"]] == ["h1", "h2"]
    assert json.loads(json.dumps(lookup)) == lookup
    answer, (ours, theirs) = await CitationWriter(desk.store, documents).cite(
        "Up to 20 working days may be worked from another country [h1]. Dogs may fly [h2].", [lookup]
    )
    assert answer.endswith("another country [1]. Dogs may fly [2].")
    assert ours.document == "Remote work and equipment"
    assert ours.spans
    assert theirs.state is CitationState.UNAVAILABLE
    assert (theirs.passage, theirs.spans, theirs.document) == ("Dogs may fly.", (), "theirs.pdf")


async def test_a_changed_address_gets_another_client(desk: Desk) -> None:
    async with published(desk) as (_, connection):
        first = await desk.stores(connection)
        assert await desk.stores(connection) is first
        elsewhere = await desk.connections.save(replace(connection, base_url="http://127.0.0.1:9/v1"))
        assert await desk.stores(elsewhere) is not first
