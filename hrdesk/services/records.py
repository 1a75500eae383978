"""Checking that nothing that was kept has been changed: the sealed records and the rows themselves."""

from dataclasses import dataclass

from hrdesk.services.store_thread import StoreThread
from hrdesk.store.records import Fault, RecordStore


@dataclass(frozen=True, slots=True)
class Checked:
    """How many sealed records there are, and every fault found; none means all is as it was written."""

    records: int
    faults: tuple[Fault, ...]


class RecordService:
    """`hrdesk verify` for people and programs."""

    def __init__(self, store: StoreThread, records: RecordStore) -> None:
        self._store = store
        self._records = records

    async def verify(self) -> Checked:
        """Check the chain of records and the checksum of every row."""
        chain = await self._store(self._records.verify)
        rows = await self._store(self._records.check_rows)
        return Checked(chain.records, (*chain.faults, *rows))
