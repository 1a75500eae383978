"""Publishing the sample policies to a vector store on a scripted server."""

from collections import Counter

import pytest

from hrdesk.core.errors import BackendUnavailable, HrdeskError
from hrdesk.services.desk import Desk
from hrdesk.services.hosted_library import PublishAction
from tests.openai_server import Fault, serve
from tests.services.hosted import connect, publish, uploads_of

ATTACH = "POST /v1/vector_stores/*/files"
COUNT = 6  # sample policies


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a key store."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


async def test_every_policy_goes_up_once_with_what_is_known_of_it(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        steps = await publish(desk)
        assert [(step.action, step.done, step.total) for step in steps] == [
            (PublishAction.UPLOADED, number, COUNT) for number in range(1, COUNT + 1)
        ]
        store = server.vector_stores[desk.connections.get("team").vector_store]
        said = {entry["attributes"]["sha256"]: entry["attributes"] for entry in store.entries.values()}
        assert said.keys() == {step.sha256 for step in steps}
        travel = sorted(
            (one for one in said.values() if one["document"].startswith("Travel")),
            key=lambda one: one["effective_from"],
        )
        assert travel[0]["effective_to"] == travel[1]["effective_from"]
        assert "effective_to" not in travel[1]
        names = sorted(file.body["filename"] for file in server.files.values())
        assert "employee-handbook.pdf" in names


async def test_a_second_time_nothing_is_sent(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        sent = len(server.log.of("POST *"))
        assert {step.action for step in await publish(desk)} == {PublishAction.UNCHANGED}
        assert len(server.log.of("POST *")) == sent


async def test_it_goes_on_where_it_was_left(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        await publish(desk, most=2)
        steps = await publish(desk)
        assert Counter(step.action for step in steps) == {
            PublishAction.UNCHANGED: 2,
            PublishAction.UPLOADED: COUNT - 2,
        }
        assert len(server.files) == COUNT


async def test_a_file_that_was_uploaded_but_not_attached_is_not_uploaded_again(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        server.fault(Fault("status", on=ATTACH, status=401))
        with pytest.raises(BackendUnavailable):
            await publish(desk)
        assert len(server.files) == 1
        steps = await publish(desk)
        assert len(server.files) == COUNT
        assert steps[0].action is PublishAction.UPDATED


async def test_what_is_gone_here_goes_there_from_the_store_first(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        gone = (await desk.library.files())[0]
        await desk.library.remove(gone.id)
        steps = await publish(desk)
        assert [step.sha256 for step in steps if step.action is PublishAction.REMOVED] == [gone.sha256]
        assert len(server.files) == COUNT - 1
        deleted = [entry.path for entry in server.log if entry.method == "DELETE"]
        assert [path.split("/")[2] for path in deleted] == ["vector_stores", "files"]
        assert {step.action for step in await publish(desk)} == {PublishAction.UNCHANGED}


async def test_files_of_other_laptops_are_left_alone_and_not_sent_twice(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        where = desk.connections.get("team").vector_store
        for sha in await desk.store(uploads_of(desk).uploaded, "team", where):
            await desk.store(uploads_of(desk).remove, "team", where, sha)  # as if another laptop had done it
        gone = (await desk.library.files())[0]
        await desk.library.remove(gone.id)
        assert {step.action for step in await publish(desk)} == {PublishAction.UNCHANGED}
        assert len(server.files) == COUNT


async def test_an_edited_category_is_attached_anew(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        file = (await desk.library.files())[0]
        await desk.library.set_category(str(file.document_id), "conduct")
        changed = [step for step in await publish(desk) if step.action is not PublishAction.UNCHANGED]
        assert file.sha256 in {step.sha256 for step in changed}
        assert {step.action for step in changed} == {PublishAction.UPDATED}
        store = server.vector_stores[desk.connections.get("team").vector_store]
        said = {
            one["attributes"]["sha256"]: one["attributes"].get("category") for one in store.entries.values()
        }
        assert said[str(file.sha256)] == "conduct"
        assert len(server.files) == COUNT


async def test_a_file_that_cannot_be_read_there_fails_alone_and_leaves_nothing(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        failed = {"status": "failed", "last_error": {"code": "unsupported_file", "message": "no"}}
        server.fault(Fault("json", on=ATTACH, changes=failed))
        steps = await publish(desk)
        assert [step.action for step in steps] == [PublishAction.FAILED] + [PublishAction.UPLOADED] * (
            COUNT - 1
        )
        assert "does not read this kind" in steps[0].message
        assert len(server.files) == COUNT - 1


async def test_a_busy_server_is_asked_again(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server)
        server.fault(Fault("status", on="POST /v1/files", status=429, headers={"retry-after": "9"}, times=2))
        assert {step.action for step in await publish(desk)} == {PublishAction.UPLOADED}


async def test_a_missing_copy_is_named(desk: Desk) -> None:
    file = (await desk.library.files())[0]
    for copy in desk.paths.files.glob(f"{file.sha256}*"):
        copy.unlink()
    async with serve() as server:
        await connect(desk, server)
        (failed,) = [step for step in await publish(desk) if step.action is PublishAction.FAILED]
        assert failed.sha256 == file.sha256
        assert "is missing" in failed.message


async def test_a_store_that_is_not_there_is_named_and_this_computer_needs_none(desk: Desk) -> None:
    async with serve() as server:
        await connect(desk, server, vector_store="vs_gone")
        with pytest.raises(HrdeskError, match="vs_gone is not there"):
            await publish(desk)
        with pytest.raises(HrdeskError, match="needs no publishing"):
            await anext(aiter(desk.hosted.publish("local")))


async def test_what_providers_cannot_read_goes_up_as_its_pages(desk: Desk) -> None:
    file = next(one for one in await desk.library.files() if one.file.endswith(".md"))
    (desk.paths.files / f"{file.sha256}.md").unlink()
    async with serve() as server:
        await connect(desk, server)
        await publish(desk)
        assert f"{file.file}.pdf" in {one.body["filename"] for one in server.files.values()}
