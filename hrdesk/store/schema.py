"""The SQL of the schema, statement by statement, as the migrations run it.

Every table with contents carries `sum`, the checksum of its row (see `rows.py`). Times are ISO 8601 text,
days are YYYY-MM-DD, yes/no is 1/0. Order is by counted numbers (`n`, `seq`), never by the clock.
"""

VERSION_1: tuple[str, ...] = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    # --- threads and messages
    """CREATE TABLE threads (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        preview TEXT NOT NULL,
        pinned INTEGER NOT NULL,
        archived INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        messages INTEGER NOT NULL,
        outcome TEXT,
        seq INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX threads_by_seq ON threads (seq)",
    "CREATE INDEX threads_in_order ON threads (deleted, archived, pinned DESC, seq DESC)",
    """CREATE TABLE messages (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        run_id TEXT,
        status TEXT NOT NULL,
        text TEXT NOT NULL,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX messages_of_thread ON messages (thread_id, n)",
    "CREATE INDEX messages_of_run ON messages (run_id)",
    """CREATE TABLE drafts (
        thread_id TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # Words as they are typed, with prefixes, for search while typing.
    """CREATE VIRTUAL TABLE thread_titles USING fts5 (
        title, content = 'threads', content_rowid = 'n',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    )""",
    """CREATE TRIGGER threads_inserted AFTER INSERT ON threads BEGIN
        INSERT INTO thread_titles (rowid, title) VALUES (new.n, new.title);
    END""",
    """CREATE TRIGGER threads_deleted AFTER DELETE ON threads BEGIN
        INSERT INTO thread_titles (thread_titles, rowid, title) VALUES ('delete', old.n, old.title);
    END""",
    """CREATE TRIGGER threads_renamed AFTER UPDATE OF title ON threads WHEN old.title <> new.title BEGIN
        INSERT INTO thread_titles (thread_titles, rowid, title) VALUES ('delete', old.n, old.title);
        INSERT INTO thread_titles (rowid, title) VALUES (new.n, new.title);
    END""",
    """CREATE VIRTUAL TABLE message_texts USING fts5 (
        text, content = 'messages', content_rowid = 'n',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    )""",
    """CREATE TRIGGER messages_inserted AFTER INSERT ON messages BEGIN
        INSERT INTO message_texts (rowid, text) VALUES (new.n, new.text);
    END""",
    """CREATE TRIGGER messages_deleted AFTER DELETE ON messages BEGIN
        INSERT INTO message_texts (message_texts, rowid, text) VALUES ('delete', old.n, old.text);
    END""",
    """CREATE TRIGGER messages_changed AFTER UPDATE OF text ON messages WHEN old.text <> new.text BEGIN
        INSERT INTO message_texts (message_texts, rowid, text) VALUES ('delete', old.n, old.text);
        INSERT INTO message_texts (rowid, text) VALUES (new.n, new.text);
    END""",
    # --- runs
    """CREATE TABLE runs (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
        status TEXT NOT NULL,
        ended INTEGER NOT NULL,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX runs_of_thread ON runs (thread_id, n)",
    "CREATE INDEX runs_unfinished ON runs (n) WHERE ended = 0",
    # --- the library
    """CREATE TABLE documents (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        title_key TEXT NOT NULL,
        first_key TEXT NOT NULL,
        category TEXT,
        jurisdiction TEXT,
        owner TEXT,
        review_by TEXT,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX documents_by_key ON documents (title_key)",
    "CREATE INDEX documents_by_first_key ON documents (first_key)",
    """CREATE TABLE versions (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        sha256 TEXT NOT NULL UNIQUE,
        document_id TEXT NOT NULL REFERENCES documents (id),
        file TEXT NOT NULL,
        added_at TEXT NOT NULL,
        page_count INTEGER NOT NULL,
        effective_from TEXT,
        effective_to TEXT,
        active INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX versions_of_document ON versions (document_id)",
    """CREATE TABLE files (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        file TEXT NOT NULL,
        source TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        message TEXT NOT NULL,
        pages INTEGER NOT NULL,
        passages INTEGER NOT NULL,
        sha256 TEXT,
        document_id TEXT,
        title TEXT NOT NULL,
        category TEXT,
        added_at TEXT NOT NULL,
        removed INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX files_by_sha ON files (sha256)",
    """CREATE TABLE pages (
        version_n INTEGER NOT NULL REFERENCES versions (n) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        width REAL NOT NULL,
        height REAL NOT NULL,
        text TEXT NOT NULL,
        sum BLOB NOT NULL,
        PRIMARY KEY (version_n, number)
    ) STRICT""",
    """CREATE TABLE passages (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        version_n INTEGER NOT NULL REFERENCES versions (n),
        path TEXT NOT NULL,
        body TEXT NOT NULL,
        spans TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX passages_of_version ON passages (version_n)",
    # The word index holds active versions only, so that removed files are never found; see documents.py.
    """CREATE VIEW active_passages AS
        SELECT p.n, p.path, p.body FROM passages p JOIN versions v ON v.n = p.version_n WHERE v.active = 1
    """,
    """CREATE VIRTUAL TABLE passage_words USING fts5 (
        path, body, content = 'active_passages', content_rowid = 'n', tokenize = 'porter unicode61'
    )""",
    """CREATE TABLE vectors (
        passage_n INTEGER PRIMARY KEY REFERENCES passages (n) ON DELETE CASCADE,
        version_n INTEGER NOT NULL,
        vector BLOB NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # --- sealed answers; `hash` covers the row and the hash before it
    """CREATE TABLE records (
        n INTEGER PRIMARY KEY,
        thread_id TEXT NOT NULL,
        run_id TEXT NOT NULL,
        sealed_at TEXT NOT NULL,
        payload TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX records_of_run ON records (run_id)",
)

VERSION_2: tuple[str, ...] = (
    # --- how answers are made: connections, versions of the assistant, prices
    """CREATE TABLE connections (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE profiles (
        version INTEGER PRIMARY KEY,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE prices (
        model TEXT PRIMARY KEY,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # What runs consumed; it stays when a thread is removed, because the money is gone all the same.
    """CREATE TABLE spending (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL UNIQUE,
        thread_id TEXT NOT NULL,
        month TEXT NOT NULL,
        model TEXT NOT NULL,
        usage TEXT NOT NULL,
        cost TEXT,
        currency TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX spending_by_month ON spending (month)",
    "CREATE INDEX spending_by_thread ON spending (thread_id)",
    # Which version of which policy lies in which hosted vector store.
    """CREATE TABLE uploads (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        connection TEXT NOT NULL,
        vector_store TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        file_id TEXT NOT NULL,
        at TEXT NOT NULL,
        sum BLOB NOT NULL,
        UNIQUE (connection, vector_store, sha256)
    ) STRICT""",
)

VERSION_3: tuple[str, ...] = (
    # --- versions: what people say about them, and which are alike
    # Dates that a person gave go before what the file says, also when it is read again.
    """CREATE TABLE said_dates (
        sha256 TEXT PRIMARY KEY,
        effective_from TEXT,
        effective_to TEXT,
        sum BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE sketches (
        sha256 TEXT PRIMARY KEY,
        sketch BLOB NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # A file that looks like a version of another policy, and what was answered to the offer.
    """CREATE TABLE look_alikes (
        sha256 TEXT PRIMARY KEY,
        other TEXT NOT NULL,
        likeness REAL NOT NULL,
        answer TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # --- golden questions and what every run over them found
    """CREATE TABLE questions (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        body TEXT NOT NULL,
        removed INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE evaluations (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        body TEXT NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
)

VERSION_4: tuple[str, ...] = (
    # --- words of the company: what they stand for, and the categories that policies are filed under
    """CREATE TABLE synonyms (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        term TEXT NOT NULL,
        meaning TEXT NOT NULL,
        removed INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # Only what differs from "the three that every library has, and those in use": see categories.py.
    """CREATE TABLE categories (
        name TEXT PRIMARY KEY,
        offered INTEGER NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    # Vectors of the multilingual pack, which compare questions in other languages; made after an import.
    """CREATE TABLE multilingual_vectors (
        passage_n INTEGER PRIMARY KEY REFERENCES passages (n) ON DELETE CASCADE,
        version_n INTEGER NOT NULL,
        vector BLOB NOT NULL,
        sum BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX multilingual_vectors_of_version ON multilingual_vectors (version_n)",
)
