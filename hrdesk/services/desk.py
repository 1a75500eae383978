"""Everything a window or a command needs, in one place, as `bootstrap` puts it together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hrdesk.backends.base import AssistantBackend
from hrdesk.services.categories import CategoryService
from hrdesk.services.chat import ChatService
from hrdesk.services.citations import CitationService
from hrdesk.services.comparing import ComparingService
from hrdesk.services.connections import ConnectionService
from hrdesk.services.costs import CostService
from hrdesk.services.encoder import Encoder
from hrdesk.services.evaluation import EvaluationService
from hrdesk.services.export import ExportService
from hrdesk.services.hosted import PolicyIndexes
from hrdesk.services.hosted_library import HostedLibrary
from hrdesk.services.library import LibraryService
from hrdesk.services.multilingual import MultilingualPack
from hrdesk.services.opened import Opened
from hrdesk.services.profiles import ProfileService
from hrdesk.services.records import RecordService
from hrdesk.services.runs import RunDriver
from hrdesk.services.searching import PolicySearch
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.synonyms import SynonymService
from hrdesk.store.database import Database
from hrdesk.system.paths import Paths
from hrdesk.system.presence import Presence
from hrdesk.system.settings import Settings

if TYPE_CHECKING:
    from hrdesk.backends.vector_store import VectorStore


@dataclass
class Desk:
    """The services, opened on one data folder. `storage` says in a sentence how the data is protected."""

    paths: Paths
    settings: Settings
    storage: str
    notices: list[str]
    chat: ChatService
    library: LibraryService
    policy: PolicySearch
    synonyms: SynonymService
    categories: CategoryService
    indexes: PolicyIndexes
    hosted: HostedLibrary
    stores: "Opened[VectorStore]"
    citations: CitationService
    comparing: ComparingService
    connections: ConnectionService
    costs: CostService
    profiles: ProfileService
    export: ExportService
    evaluation: EvaluationService
    records: RecordService
    driver: RunDriver
    backends: Opened[AssistantBackend]
    encoder: Encoder
    multilingual: MultilingualPack
    store: StoreThread
    database: Database
    presence: Presence

    async def close(self) -> None:
        """Stop runs and child processes in order, then close the database last."""
        await self.library.aclose()
        await self.driver.aclose()
        await self.backends.aclose()
        await self.stores.aclose()
        await self.citations.aclose()
        await self.encoder.aclose()
        await self.multilingual.aclose()
        await self.store.aclose(self.database.close)
        self.presence.close()
