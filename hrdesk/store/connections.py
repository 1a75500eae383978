"""The connections that the user added; keys are never here, they live in the keyring."""

from hrdesk.core.connections import Connection
from hrdesk.store import codec
from hrdesk.store.database import Database
from hrdesk.store.rows import Table, put

CONNECTIONS = Table("connections", ("name", "body"), key=("name",))


class ConnectionStore:
    """Reads and writes connections, in the order in which they were added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Connection]:
        """Return every connection that was added."""
        rows = self._database.rows("SELECT * FROM connections ORDER BY n")
        return [codec.load_row(Connection, row["body"], {"name": row["name"]}) for row in rows]

    def put(self, connection: Connection) -> None:
        """Add the connection, or replace the one of this name in its place."""
        body = codec.plain(connection)
        name = body.pop("name")
        with self._database.transaction():
            put(self._database, CONNECTIONS, {"name": name, "body": codec.dump(body)})

    def remove(self, name: str) -> None:
        """Forget a connection; answers that came through it stay."""
        with self._database.transaction():
            self._database.execute("DELETE FROM connections WHERE name = ?", [name])
