"""Commands on an open desk, where a process of their own would prove nothing more."""

import json
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hrdesk.commands import COMMANDS
from hrdesk.core.connections import Connection, ConnectionKind, SearchPlace
from hrdesk.core.errors import HrdeskError
from hrdesk.core.evaluations import Gold
from hrdesk.services.desk import Desk
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.store.multilingual import MultilingualStore
from tests.openai_server import Fault, OpenAIServer, serve
from tests.services.desk import desk_at
from tests.services.fakes import FakePack

POLICY = "# Remote work\n\nUp to 20 working days a year may be worked from another country."


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a key store."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with serve() as server:
        yield server


@pytest.fixture
async def desk(tmp_path: Path, server: OpenAIServer) -> AsyncIterator[Desk]:
    """A library of one policy, and a connection to the server in force."""
    policy = tmp_path / "remote-work.md"
    policy.write_text(POLICY)
    async with desk_at(tmp_path / "data") as desk:
        async for file in desk.library.add([policy]):
            assert not file.state.is_end or file.state.is_searchable
        connection = Connection("team", "Team", ConnectionKind.RESPONSES, server.base_url, "gpt-test-mini")
        await desk.connections.save(connection)
        desk.chat.use("team")
        yield desk


async def test_publish_says_what_became_of_each_file_and_where_they_are(desk, server, capsys):
    assert await COMMANDS["publish"](desk, Namespace(json=False)) == 0
    (where,) = server.vector_stores
    assert capsys.readouterr().out.splitlines() == [
        "1/1 uploaded   remote-work.md",
        f"Vector store: {where}",
    ]
    assert desk.connections.get("team").vector_store == where


async def test_publish_with_json_is_json_alone_and_one_failure_is_an_error(desk, server, capsys):
    server.fault(Fault("json", on="POST /v1/vector_stores/*/files", changes={"status": "failed"}))
    with pytest.raises(HrdeskError, match="1 file was not published"):
        await COMMANDS["publish"](desk, Namespace(json=True))
    (line,) = capsys.readouterr().out.splitlines()
    step = json.loads(line)
    assert (step["file"], step["action"], step["done"], step["total"]) == ("remote-work.md", "failed", 1, 1)


async def test_search_looks_where_the_connection_looks(desk, server, capsys):
    await COMMANDS["publish"](desk, Namespace(json=True))
    saved = desk.connections.get("team")
    options = Namespace(
        json=True, category=None, as_of=None, scope=None, k=5, query="working days from another country"
    )
    await desk.connections.save(
        Connection(
            "team",
            "Team",
            ConnectionKind.RESPONSES,
            server.base_url,
            "gpt-test-mini",
            vector_store=saved.vector_store,
            search=SearchPlace.HOSTED,
        )
    )
    desk.chat.use("team")
    capsys.readouterr()
    await COMMANDS["search"](desk, options)
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert (result["document"], result["file"], result["page"]) == ("Remote work", "remote-work.md", 1)
    assert len(server.log.of("POST /v1/vector_stores/*/search")) == 1


def synonyms_options(**given: object) -> Namespace:
    nothing = {"add": None, "remove": None, "import_": None, "export": None, "json": True}
    return Namespace(**{**nothing, **given})


async def test_synonyms_are_added_listed_and_removed(desk, capsys):
    kept = {"term": "WFH", "meaning": "remote work"}
    assert await COMMANDS["synonyms"](desk, synonyms_options(add=["WFH", "remote work"])) == 0
    assert json.loads(capsys.readouterr().out) == [kept]
    with pytest.raises(HrdeskError, match="already"):
        await COMMANDS["synonyms"](desk, synonyms_options(add=["wfh", "Remote  work"]))
    await COMMANDS["synonyms"](desk, synonyms_options(json=False))
    assert capsys.readouterr().out.split() == ["WFH", "remote", "work"]
    await COMMANDS["synonyms"](desk, synonyms_options(remove="wfh"))
    assert json.loads(capsys.readouterr().out) == [kept]
    with pytest.raises(HrdeskError, match="no synonym “wfh”"):
        await COMMANDS["synonyms"](desk, synonyms_options(remove="wfh"))


async def test_synonyms_go_to_a_file_and_come_back(desk, capsys, tmp_path):
    await desk.synonyms.add("WFH", "remote work")
    await COMMANDS["synonyms"](desk, synonyms_options(export=tmp_path / "words.csv"))
    await COMMANDS["synonyms"](desk, synonyms_options(remove="WFH"))
    capsys.readouterr()
    await COMMANDS["synonyms"](desk, synonyms_options(import_=tmp_path / "words.csv"))
    told = capsys.readouterr()
    assert json.loads(told.out) == [{"term": "WFH", "meaning": "remote work"}]
    assert told.err == "1 new, 0 left out.\n"


async def test_search_says_which_synonyms_and_which_categories_there_are(desk, capsys):
    desk.chat.use("local")
    await desk.synonyms.add("gadding", "working days")
    options = Namespace(json=False, category="Nonsense", as_of=None, scope=None, k=5, query="gadding abroad")
    await COMMANDS["search"](desk, options)
    assert capsys.readouterr().err.splitlines()[:2] == [
        "There is no category “nonsense”.",
        "Also searched: working days",
    ]


async def test_languages_lets_the_multilingual_pack_see_the_library(desk, capsys):
    desk.multilingual = MultilingualPack(desk.store, MultilingualStore(desk.database), FakePack())
    assert await COMMANDS["languages"](desk, Namespace(json=True)) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == {"installed": True, "ready": 1, "passages": 1} and told.err == ""
    await COMMANDS["languages"](desk, Namespace(json=False))
    assert capsys.readouterr().out == "multilingual pack: 1 of 1 passages ready\n"


async def test_languages_without_the_pack_says_so(desk, capsys):
    missing = FakePack()
    missing.available = False
    desk.multilingual = MultilingualPack(desk.store, MultilingualStore(desk.database), missing)
    await COMMANDS["languages"](desk, Namespace(json=True))
    assert json.loads(capsys.readouterr().out) == {"installed": False, "ready": 0, "passages": 1}


async def test_doctor_says_which_languages_are_understood(desk, capsys):
    await COMMANDS["doctor"](desk, Namespace(json=True))
    words = json.loads(capsys.readouterr().out)["languages"]
    assert words.startswith(
        "multilingual pack: 0 of 1" if desk.multilingual.installed else "English questions"
    )


async def test_eval_of_the_kept_questions_says_what_changed_since_the_run_before(desk, capsys):
    options = Namespace(json=False, questions=None, where=[])
    with pytest.raises(HrdeskError, match="keeps no golden questions"):
        await COMMANDS["eval"](desk, options)
    question = "How many days may I work from another country?"
    await desk.evaluation.add(question, [Gold("remote-work.md", "Up to 20 working days")])
    assert await COMMANDS["eval"](desk, options) == 0
    assert "before" not in capsys.readouterr().out
    (file,) = await desk.library.files()
    await desk.library.remove(file.id)
    await COMMANDS["eval"](desk, options)
    shown = capsys.readouterr().out.splitlines()
    assert "recall@5     0   before: 1" in shown
    assert shown[-2:] == ["Since the run before: 1 worse.", f"  worse: {question}"]
