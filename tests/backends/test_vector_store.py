"""A hosted vector store over a real socket: files in, passages out, and what can go wrong on the way."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hrdesk.backends import vector_store
from hrdesk.backends.client import make_client
from hrdesk.backends.vector_store import StoredFile, VectorStore, equals
from hrdesk.core.connections import Connection, ConnectionKind
from hrdesk.core.errors import BackendUnavailable, HrdeskError, NotFound
from tests.openai_server import Fault, OpenAIServer, serve

CONNECTION = Connection("team", "Team", ConnectionKind.RESPONSES, model="gpt-test-mini")
FILES = "POST /v1/files"
ATTACH = "POST /v1/vector_stores/*/files"


class Pauses(list[float]):
    """Notes how long was waited, without waiting."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


@asynccontextmanager
async def store_at(server: OpenAIServer, pauses: Pauses | None = None) -> AsyncIterator[VectorStore]:
    client = make_client(replace(CONNECTION, base_url=server.base_url), "sk-test")
    store = VectorStore(client, Pauses() if pauses is None else pauses)
    try:
        yield store
    finally:
        await store.aclose()


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "0a1b.txt"
    path.write_text("Staff accrue ten days of sick leave.\n\nThe notice period is four weeks.")
    return path


async def filled(store: VectorStore, policy: Path, **attributes: str) -> tuple[str, str]:
    """Return a store and the file in it."""
    where = await store.find_or_create("hrdesk policies")
    file_id = await store.upload(policy, "leave.txt")
    await store.attach(where, file_id, {"sha256": "0a1b", **attributes}, "leave.txt")
    return where, file_id


async def test_a_file_goes_in_with_its_attributes_and_is_found(policy):
    async with serve() as server, store_at(server) as store:
        where, file_id = await filled(store, policy, category="leave")
        (hit,) = await store.search(where, "sick leave days", equals(category="leave"))
        assert hit.file_id == file_id
        assert hit.file == "leave.txt"
        assert "ten days of sick leave" in hit.text
        assert hit.attributes == {"sha256": "0a1b", "category": "leave"}
        assert await store.search(where, "sick leave", equals(category="travel", sha256="0a1b")) == []
        (upload,) = server.files.values()
        assert upload.content == policy.read_bytes()
        assert [one async for one in store.files(where)] == [
            StoredFile(file_id, "completed", {"sha256": "0a1b", "category": "leave"})
        ]


async def test_no_more_than_fifty_results_are_asked_for(policy):
    async with serve() as server, store_at(server) as store:
        where, _ = await filled(store, policy)
        await store.search(where, "leave", limit=200)
        (asked,) = server.log.of("POST /v1/vector_stores/*/search")
        assert asked.body == {"query": "leave", "max_num_results": 50}


async def test_our_store_is_made_once_and_found_again():
    async with serve() as server, store_at(server) as store:
        first = await store.find_or_create("hrdesk policies")
        assert await store.find_or_create("hrdesk policies") == first
        server.vector_stores[first].body["status"] = "expired"
        assert await store.find_or_create("hrdesk policies") != first


@pytest.mark.parametrize("done", [True, False])
async def test_a_store_whose_making_broke_off_is_looked_for(done):
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("drop", on="POST /v1/vector_stores", done=done))
        if done:
            assert await store.find_or_create("hrdesk policies") in server.vector_stores
        else:
            with pytest.raises(BackendUnavailable):
                await store.find_or_create("hrdesk policies")


async def test_an_expired_or_missing_store_is_named():
    async with serve() as server, store_at(server) as store:
        where = await store.find_or_create("hrdesk policies")
        await store.check(where)
        server.vector_stores[where].body["status"] = "expired"
        with pytest.raises(BackendUnavailable, match="expired"):
            await store.check(where)
        with pytest.raises(NotFound):
            await store.check("vs_nowhere")


async def test_an_upload_that_arrived_though_the_connection_broke_is_taken(policy):
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("drop", on=FILES, done=True))
        assert await store.upload(policy, "leave.txt") in server.files
        assert len(server.files) == 1


async def test_an_upload_that_was_cut_off_is_said_to_be(policy):
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("cut_upload", on=FILES, at=20))
        with pytest.raises(BackendUnavailable):
            await store.upload(policy, "leave.txt")
        assert server.files == {}


async def test_an_upload_of_the_wrong_size_is_deleted_again(policy):
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("json", on=FILES, changes={"bytes": 3}))
        with pytest.raises(BackendUnavailable, match="did not arrive whole"):
            await store.upload(policy, "leave.txt")
        assert server.files == {}


async def test_a_file_that_is_read_for_ever_is_given_up_with_the_likely_cause(policy):
    pauses = Pauses()
    async with serve() as server, store_at(server, pauses) as store:
        forever = {"status": "in_progress"}
        server.fault(Fault("json", on="GET /v1/vector_stores/*/files/*", changes=forever, times=None))
        with pytest.raises(BackendUnavailable, match=r"still reads leave\.txt") as trouble:
            await filled(store, policy)
        assert "lack what it needs" in trouble.value.advice
        assert 180 <= sum(pauses) < 200
        assert max(pauses) == 4


async def test_a_file_that_the_provider_does_not_even_answer_about_is_given_up(policy, monkeypatch):
    monkeypatch.setattr(vector_store, "READING_SECONDS", 0.2)
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("silence", on=ATTACH))
        with pytest.raises(BackendUnavailable, match=r"does not take leave\.txt in"):
            await filled(store, policy)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"code": "unsupported_file", "message": "no"}, "does not read this kind"),
        ({"code": "invalid_file", "message": "no"}, "damaged"),
        ({"code": "new_code", "message": "It is too odd."}, "It is too odd."),
        (None, ""),
    ],
)
async def test_a_file_that_was_not_taken_in_says_why(policy, error, words):
    async with serve() as server, store_at(server) as store:
        failed = {"status": "failed", "last_error": error}
        server.fault(Fault("json", on="GET /v1/vector_stores/*/files/*", changes=failed))
        with pytest.raises(HrdeskError, match=r"leave\.txt was not taken in") as trouble:
            await filled(store, policy)
        assert words in trouble.value.advice


async def test_an_attached_file_that_is_not_there_fails_with_status_200(policy):
    async with serve() as server, store_at(server) as store:
        where = await store.find_or_create("hrdesk policies")
        file_id = await store.upload(policy, "leave.txt")
        failed = {"status": "failed", "last_error": {"message": "File not found"}}
        server.fault(Fault("json", on=ATTACH, changes=failed))
        with pytest.raises(HrdeskError, match="File not found"):
            await store.attach(where, file_id, {}, "leave.txt")


async def test_a_file_leaves_the_store_and_then_the_account_and_twice_is_no_error(policy):
    async with serve() as server, store_at(server) as store:
        where, file_id = await filled(store, policy)
        assert await store.has_file(file_id)
        for _ in range(2):
            await store.detach(where, file_id)
            await store.delete_file(file_id)
        assert await store.search(where, "sick leave") == []
        assert not await store.has_file(file_id)
        assert server.files == {}


@pytest.mark.parametrize("empty", [False, True])
async def test_a_list_of_files_without_end_ends(policy, empty):
    async with serve() as server, store_at(server) as store:
        where, _ = await filled(store, policy)
        server.fault(Fault("endless_list", on="GET /v1/vector_stores/*/files", times=None, empty=empty))
        assert len([one async for one in store.files(where)]) <= 2


async def test_looks_are_repeated_when_a_server_drops_the_connection(policy):
    async with serve() as server, store_at(server) as store:
        server.fault(Fault("drop", on="GET /v1/vector_stores/*/files/*"))
        await filled(store, policy)


async def test_ids_and_names_come_from_the_attributes_and_scores_may_be_anything():
    async with serve() as server, store_at(server) as store:
        where = await store.find_or_create("hrdesk policies")
        data = [
            {
                "file_id": "0198-uuid",
                "filename": "0198-uuid",
                "score": None,
                "attributes": {"file_id": "file-a", "filename": "leave.pdf", "version": 2026.0},
                "content": [{"type": "text", "text": "Ten days."}, {"type": "text", "text": "A year."}],
            },
            {"file_id": "file-b", "filename": "b.pdf", "score": 4.1, "attributes": None, "content": "Two."},
            "nonsense",
        ]
        server.fault(Fault("json", on="POST /v1/vector_stores/*/search", changes={"data": data}))
        first, second = await store.search(where, "leave")
        assert (first.file_id, first.file, first.text, first.score) == (
            "0198-uuid",
            "leave.pdf",
            "Ten days.\nA year.",
            None,
        )
        assert first.attributes["file_id"] == "file-a"
        assert (second.file, second.text, second.score) == ("b.pdf", "Two.", 4.1)


def test_no_conditions_are_no_filter():
    assert equals() is None
