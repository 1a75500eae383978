"""A folder of policies as a library: real readers, store, search and answerer; vectors are kept on disk.

Only the child processes are left out, which change no text: files are read and texts encoded in this process.
The vectors of every text ever encoded lie in one file under build/, so that measuring again takes seconds.
Remove build/questions when the encoder or the shared data has changed.
"""

import hashlib
import json
import re
import sqlite3
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hrdesk.backends.base import ToolRound
from hrdesk.backends.extractive import ExtractiveModel
from hrdesk.core.documents import FileState, Filters, LibraryFile, Outcome, Ranking
from hrdesk.core.runs import RunRequest, ToolOutput
from hrdesk.core.threads import Message, Role
from hrdesk.documents import embedding, passages, verdict
from hrdesk.documents.asking import questions
from hrdesk.documents.reading import read
from hrdesk.documents.sentences import FileRefused
from hrdesk.services.choosing import EncodedChooser
from hrdesk.services.encoder import Encoder, Matched, numbers
from hrdesk.services.policy import RunTools, policy_tool
from hrdesk.services.searching import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.synonyms import SynonymStore
from tests.services.fakes import no_pack

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / "build" / "questions"
MODELS = ROOT / "resources" / "models"
_ROW = embedding.DIMENSIONS * 4
_QUOTE = re.compile(r"“(.*?)” \[p\d+\]", re.DOTALL)


class KeptEncoder(Encoder):
    """An encoder that looks first whether it has seen a text before."""

    def __init__(self, folder: Path = MODELS, file: Path = CACHE / "vectors.sqlite") -> None:
        super().__init__(folder)
        file.parent.mkdir(parents=True, exist_ok=True)
        self._known = sqlite3.connect(file, check_same_thread=False, timeout=60)
        self._known.execute("CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB)")

    async def vectors(self, texts: Sequence[str]) -> bytes | None:
        """Return the vectors of `texts` as the real encoder does; None without its model."""
        return self.now(texts) if self.available else None

    async def matches(self, question: str, passages: Sequence[Matched]) -> bytes | None:
        """Return the matches as the real encoder does; None without its model."""
        if not self.available:
            return None
        parts = []
        for text, ranges in passages:
            asked = json.dumps([question, text, list(ranges)]).encode()
            key = hashlib.sha256(asked).digest()
            found = self._kept(key)
            if found is None:
                message = {
                    "texts": [text],
                    "folder": str(self.folder),
                    "question": question,
                    "ranges": [ranges],
                }
                found = embedding.handle(message, b"")[1]
                with self._known:
                    self._known.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", [key, found])
            parts.append(found)
        return b"".join(parts)

    def now(self, texts: Sequence[str]) -> bytes:
        """Return the vectors without an event loop."""
        keys = [hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if self._kept(key) is None}
        _, rows = embedding.handle({"texts": list(fresh.values()), "folder": str(self.folder)}, b"")
        parts = [rows[start : start + _ROW] for start in range(0, len(rows), _ROW)]
        with self._known:
            self._known.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)", zip(fresh, parts, strict=True)
            )
        return b"".join(self._kept(key) or b"" for key in keys)

    def _kept(self, key: bytes) -> bytes | None:
        row = self._known.execute("SELECT vector FROM vectors WHERE text = ?", [key]).fetchone()
        return row[0] if row else None


@dataclass(frozen=True)
class Answer:
    """What a person would see: the outcome and the quotes, best first."""

    outcome: Outcome
    quotes: tuple[str, ...]


class BenchLibrary:
    """One handbook as the program would hold it."""

    def __init__(self, folder: Path, encoder: KeptEncoder) -> None:
        self.encoder = encoder
        self._folder = tempfile.TemporaryDirectory()
        self.database = Database.open(Path(self._folder.name) / "library.sqlite", None)
        self._store = StoreThread()
        documents = DocumentStore(self.database)
        self.passages = PassageStore(self.database)
        self.count = 0
        for file in sorted(one for one in folder.rglob("*") if one.is_file()):
            self._add(documents, file, str(file.relative_to(folder)))
        pack = no_pack(self._store, self.database)
        self.search = PolicySearch(
            self._store, documents, self.passages, SynonymStore(self.database), encoder, pack
        )
        self._model = ExtractiveModel(EncodedChooser(encoder, pack), questions)

    def _add(self, documents: DocumentStore, path: Path, name: str) -> None:
        try:
            document = read(path, path.name)
        except FileRefused:
            return
        cut = passages.cut(document)
        if not cut:
            return
        vectors = embedding.pack(self.encoder.now([f"{one.path}\n{one.text}" for one in cut]))
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        added = datetime.now(UTC)
        file = LibraryFile(
            f"file_{sha256}", name, name, FileState.INDEXED, "ok", "", sha256=sha256, added_at=added
        )
        documents.publish(file, document, cut, vectors, None)
        self.count += len(cut)

    async def rank(self, question: str, limit: int = 10) -> Ranking:
        """Search as the program does."""
        return await self.search.search(question, limit=limit)

    async def features(self, question: str) -> verdict.Features:
        """Return what the verdict is taken from, with the best passage read closely in every case."""
        meant = self.search.understood(question)
        looked = self.search.look(meant, Filters(), self.encoder.now([meant.question]), 10)
        if not looked.ranking.results:
            return looked.features
        passage = looked.ranking.results[0].passage
        text = f"{passage.path}\n{passage.text}"
        matched = await self.encoder.matches(looked.wording, [(text, [(0, len(text))])])
        return replace(looked.features, match=numbers(matched or b"")[0])

    async def answer(self, question: str) -> Answer:
        """Answer as the program does without a language model."""
        message = Message("m1", "t1", Role.USER, question, datetime.now(UTC))
        request = RunRequest("r1", "t1", (message,), "", (policy_tool(()),))
        lookup = RunTools(self.search, request).tools["lookup_policy"]
        asked = await self._model.respond(request, (), _nowhere)
        outputs = [ToolOutput(call.id, await lookup(json.loads(call.arguments))) for call in asked.calls]
        reply = await self._model.respond(request, [ToolRound(asked.calls, tuple(outputs))], _nowhere)
        return Answer(reply.outcome or Outcome.NOT_FOUND, tuple(_QUOTE.findall(reply.text)))

    def close(self) -> None:
        """Forget the library."""
        self.database.close()
        self._folder.cleanup()


def _nowhere(_text: str) -> None:
    """Take the text of an answer while it is written; nobody reads along here."""
