"""The journal of runs: every run is here before its first poll, so that none is lost or asked twice."""

from hrdesk.core.errors import NotFound
from hrdesk.core.runs import Run
from hrdesk.store import codec
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

RUNS = Table("runs", ("id", "thread_id", "status", "ended", "body"), thread="thread_id")
_COLUMNS = ("id", "thread_id", "status")


class RunStore:
    """Reads and writes runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, run: Run) -> None:
        """Note a run that begins."""
        self._write(run)

    def update(self, run: Run) -> None:
        """Note how far a run is. Raises `NotFound` if it went away with its thread."""
        with self._database.transaction():
            self.get(run.id)
            self._write(run)

    def get(self, run_id: str) -> Run:
        """Return one run; raises `NotFound`."""
        row = self._database.row("SELECT * FROM runs WHERE id = ?", [run_id])
        if row is None:
            raise NotFound("This run is no longer there.")
        return _run(row)

    def unfinished(self) -> list[Run]:
        """Return the runs without an end state, oldest first."""
        return [_run(row) for row in self._database.rows("SELECT * FROM runs WHERE ended = 0 ORDER BY n")]

    def for_thread(self, thread_id: str) -> list[Run]:
        """Return the runs of a thread, oldest first."""
        rows = self._database.rows("SELECT * FROM runs WHERE thread_id = ? ORDER BY n", [thread_id])
        return [_run(row) for row in rows]

    def last_of(self, thread_id: str) -> Run | None:
        """Return the newest run of a thread, None before the first."""
        newest = "SELECT * FROM runs WHERE thread_id = ? ORDER BY n DESC LIMIT 1"
        row = self._database.row(newest, [thread_id])
        return None if row is None else _run(row)

    def _write(self, run: Run) -> None:
        body = codec.plain(run)
        columns = {name: body.pop(name) for name in _COLUMNS}
        with self._database.transaction():
            put(
                self._database,
                RUNS,
                columns | {"ended": int(run.status.is_end), "body": codec.dump(body)},
            )


def _run(row: Row) -> Run:
    return codec.load_row(Run, row["body"], {name: row[name] for name in _COLUMNS})
