"""The composition root: one data folder becomes one `Desk`. No Qt, no event loop needed to build it.

Opening may take a while (keyring, migration, backup): a window calls it in a thread after its first paint.
"""

from functools import partial
from pathlib import Path

from hrdesk.backends.base import AssistantBackend
from hrdesk.backends.extractive import ExtractiveModel
from hrdesk.backends.own_stack import OwnStack
from hrdesk.core.runs import Run, RunRequest
from hrdesk.documents.asking import questions
from hrdesk.services.asking import Requests
from hrdesk.services.backends import open_backend
from hrdesk.services.chat import ChatService
from hrdesk.services.choosing import EncodedChooser
from hrdesk.services.citations import CitationService
from hrdesk.services.citing import CitationWriter
from hrdesk.services.comparing import ComparingService
from hrdesk.services.connections import LOCAL, ConnectionService
from hrdesk.services.costs import CostService, PriceList
from hrdesk.services.custom_tools import custom_tools
from hrdesk.services.desk import Desk
from hrdesk.services.encoder import LEXICAL_ONLY, Encoder
from hrdesk.services.evaluation import EvaluationService
from hrdesk.services.export import ExportService
from hrdesk.services.hosted import HostedSearch, PolicyIndexes, open_vector_stores
from hrdesk.services.hosted_library import HostedLibrary
from hrdesk.services.hosted_places import HostedPlaces
from hrdesk.services.journal import RunJournal
from hrdesk.services.library import LibraryService
from hrdesk.services.opened import Opened
from hrdesk.services.pace import Pace
from hrdesk.services.policy import PolicySearch, RunTools
from hrdesk.services.profiles import ProfileService
from hrdesk.services.reading import Reader
from hrdesk.services.records import RecordService
from hrdesk.services.runs import RunDriver
from hrdesk.services.store_thread import StoreThread
from hrdesk.services.versions import VersionService
from hrdesk.store.connections import ConnectionStore
from hrdesk.store.database import Database
from hrdesk.store.documents import DocumentStore
from hrdesk.store.passages import PassageStore
from hrdesk.store.profiles import ProfileStore
from hrdesk.store.questions import QuestionStore
from hrdesk.store.records import RecordStore
from hrdesk.store.runs import RunStore
from hrdesk.store.spending import SpendingStore
from hrdesk.store.threads import ThreadStore
from hrdesk.store.uploads import UploadStore
from hrdesk.store.versions import VersionStore
from hrdesk.system.paths import Paths, resources
from hrdesk.system.presence import Presence
from hrdesk.system.secrets import SecretVault, VaultKeys
from hrdesk.system.settings import Settings


def open_desk(
    paths: Paths,
    *,
    vault: SecretVault | None = None,
    encrypt: bool = True,
    models: Path | None = None,
    pace: Pace | None = None,
) -> Desk:
    """Open or make the data folder and put the services together.

    `encrypt` is False for folders that are thrown away (the demo). `models` is where the encoder's files
    lie and `pace` how patient runs are, for tests. Raises `StoreUnavailable` with the store untouched.
    """
    paths.create()
    vault = vault or SecretVault()
    database = Database.open(paths.database, VaultKeys(vault) if encrypt else None)
    return _assemble(paths, vault, database, Encoder(models or resources() / "models"), pace)


def _assemble(
    paths: Paths, vault: SecretVault, database: Database, encoder: Encoder, pace: Pace | None
) -> Desk:
    settings = Settings.load(paths.settings)
    store, presence, spending = StoreThread(), Presence(paths.presence), SpendingStore(database)
    threads, runs, records = ThreadStore(database), RunStore(database), RecordStore(database)
    documents, passages = DocumentStore(database), PassageStore(database)
    versions = VersionService(store, documents, VersionStore(database, documents))
    search = PolicySearch(store, documents, passages, encoder)
    connections = ConnectionService(store, ConnectionStore(database), vault)
    costs = CostService(store, spending, PriceList(resources() / "prices.toml"))
    uploads, stores = UploadStore(database, documents), open_vector_stores(connections)
    hosted = HostedSearch(store, HostedPlaces(documents, passages, uploads), passages, uploads)
    indexes = PolicyIndexes(search, stores, hosted)
    others = custom_tools()
    profiles = ProfileService(store, ProfileStore(database), documents.categories, others)
    journal = RunJournal(
        store,
        database,
        threads,
        runs,
        records,
        CitationWriter(store, documents),
        spending,
        costs.priced,
        hosted.evidence_lookup,
    )
    backends = Opened(connections, partial(open_backend, partial(_quoting, encoder)))

    def tools(run: Run, request: RunRequest) -> RunTools:
        index = indexes.of(connections.find(run.connection) or LOCAL)
        return RunTools(index, request, others, run.lookups)

    async def backend(name: str) -> AssistantBackend:
        return await backends(connections.get(name))

    driver = RunDriver(backend, journal, tools, pace)
    chat = ChatService(
        store,
        threads,
        runs,
        journal,
        driver,
        Requests(profiles, costs),
        connections,
        costs,
        presence.is_alone,
    )
    if connections.find(settings.connection) is not None:
        chat.use(settings.connection)
    return Desk(
        paths=paths,
        settings=settings,
        storage=database.encryption,
        notices=[] if encoder.available else [LEXICAL_ONLY],
        chat=chat,
        library=LibraryService(
            store, documents, Reader(paths.files), encoder, paths.files, versions, presence.is_alone
        ),
        policy=search,
        indexes=indexes,
        hosted=HostedLibrary(store, uploads, connections, stores, paths.files),
        stores=stores,
        citations=CitationService(store, documents, paths.files),
        comparing=ComparingService(store, documents, passages),
        connections=connections,
        costs=costs,
        profiles=profiles,
        export=ExportService(store, threads),
        evaluation=EvaluationService(search, store, documents, passages, QuestionStore(database)),
        records=RecordService(store, records),
        driver=driver,
        backends=backends,
        encoder=encoder,
        store=store,
        database=database,
        presence=presence,
    )


def _quoting(encoder: Encoder) -> OwnStack:
    """Return the own stack with the built-in answerer."""
    return OwnStack(ExtractiveModel(EncodedChooser(encoder), questions))
