"""The versions of the assistant. A version is written once and never changed, so that a run can pin it."""

from dataclasses import replace

from hrdesk.core.assistants import AssistantProfile
from hrdesk.store import codec
from hrdesk.store.database import Database, Row
from hrdesk.store.rows import Table, put

PROFILES = Table("profiles", ("version", "body"), key=("version",))


class ProfileStore:
    """Reads and adds versions of the assistant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def versions(self) -> list[AssistantProfile]:
        """Return every version, the newest first."""
        rows = self._database.rows("SELECT * FROM profiles ORDER BY version DESC")
        return [_profile(row) for row in rows]

    def newest(self) -> AssistantProfile | None:
        """Return the version in force; None where none was ever written."""
        row = self._database.row("SELECT * FROM profiles ORDER BY version DESC LIMIT 1")
        return None if row is None else _profile(row)

    def add(self, profile: AssistantProfile) -> AssistantProfile:
        """Write `profile` as the next version and return it with its number."""
        with self._database.transaction():
            last = self._database.value("SELECT coalesce(max(version), 0) FROM profiles")
            numbered = replace(profile, version=int(last) + 1)
            body = codec.plain(numbered)
            version = body.pop("version")
            put(self._database, PROFILES, {"version": version, "body": codec.dump(body)})
        return numbered


def _profile(row: Row) -> AssistantProfile:
    return codec.load_row(AssistantProfile, row["body"], {"version": row["version"]})
