"""The connection editor without widgets: what is typed, tried and saved."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from hrdesk.core.connections import Connection
from hrdesk.core.errors import HrdeskError
from hrdesk.ui.notices import Action, Notices
from hrdesk.ui.settings.draft import Draft, address_fault
from hrdesk.ui.settings.keys import is_stored, key_view
from hrdesk.ui.settings.ports import Connections
from hrdesk.ui.settings.presets import Preset
from hrdesk.ui.settings.trial import Trial
from hrdesk.ui.tasks import Tasks

KEY_WAITS = "The key is typed. It goes to the key store when you save."


class EditorPresenter(QObject):
    """Holds one draft. A key that was typed is held in memory until it is stored or the editor is left."""

    preset_wanted = Signal()
    """A new connection begins: show what there is to begin with."""
    opened = Signal(object)
    """Show every field of this `Draft`."""
    draft_changed = Signal(object)
    """The `Draft`, after a field was changed: other choices may make sense now."""
    faults_changed = Signal(object)
    """What is wrong as sentences, by the field's name; {} when nothing is."""
    key_changed = Signal(str, str)
    """Words on the key, and their tone."""
    models_changed = Signal(object)
    """The models that the server offers, a list of names."""
    saved = Signal(object)
    """The `Connection` as it was saved; the editor is done."""
    left = Signal()
    """The editor was left without saving."""

    def __init__(self, tasks: Tasks, notices: Notices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._notices = tasks, notices
        self._connections: Connections | None = None
        self._key = ""
        self._begun: Draft | None = None
        self.draft: Draft | None = None
        self.faults: dict[str, str] = {}
        self.fetching, self.testing, self.saving = Trial(tasks, self), Trial(tasks, self), Trial(tasks, self)

    def attach(self, connections: Connections) -> None:
        """Begin to work."""
        self._connections = connections

    # Begin and end

    def add(self) -> None:
        """Begin a new connection."""
        self._reset(None)
        self.preset_wanted.emit()

    def begin(self, preset: Preset) -> None:
        """Fill in a preset."""
        self._open(Draft.of(preset.connection, is_new=True))

    def edit(self, connection: Connection) -> None:
        """Change a connection there is."""
        self._open(Draft.of(connection, is_new=False))
        if connection.needs_key:
            self._tasks.start(self._tell_key(connection), "look for the key")

    def leave(self) -> None:
        """Drop what was typed; where that is something, it can be taken up again."""
        dropped, begun = self.draft, self._begun
        self._reset(None)
        self.left.emit()
        if dropped is not None and begun is not None and dropped != begun:
            title = dropped.connection.title.strip() or "the new connection"
            undo = Action("Undo", lambda: self._take_up(dropped, begun))
            self._notices.notify(f"Changes to “{title}” were dropped.", action=undo, key="connections")

    def _take_up(self, draft: Draft, begun: Draft) -> None:
        self._open(draft)
        self._begun = begun

    def _open(self, draft: Draft) -> None:
        self._reset(draft)
        self.opened.emit(draft)
        self.draft_changed.emit(draft)

    def _reset(self, draft: Draft | None) -> None:
        self.draft = self._begun = draft
        self._key = ""
        for trial in (self.fetching, self.testing, self.saving):
            trial.clear()
        self._show_faults({})
        self.key_changed.emit("", "muted")

    async def _tell_key(self, connection: Connection) -> None:
        if self._connections is None:
            return
        try:
            view = key_view(await self._connections.key_state(connection.name))
        except HrdeskError as error:
            self.key_changed.emit(str(error), "caution")
            return
        if self.draft is not None and self.draft.saved is connection and not self._key:
            more = " Paste another to replace it." if view.is_stored else ""
            self.key_changed.emit(view.words + more, view.tone)

    # Typing

    def change(self, **values: Any) -> None:
        """Take over fields of the connection; `context` is the limit as text."""
        if self.draft is None:
            return
        context = values.pop("context", self.draft.context)
        connection = replace(self.draft.connection, **values)
        changed = replace(self.draft, connection=connection, context=context)
        if changed != self.draft:
            self.draft = changed
            self._forget_faults({*values, "context"})
            self._forget_results()
            self.draft_changed.emit(changed)

    def take_key(self, key: str) -> None:
        """Hold a key that was typed until the connection is saved."""
        if key.strip():
            self._key = key.strip()
            self._forget_faults({"key"})
            self._forget_results()
            self.key_changed.emit(KEY_WAITS, "muted")

    def _forget_faults(self, fields: set[str]) -> None:
        """Take back what was said of fields that were changed since."""
        self._show_faults({field: words for field, words in self.faults.items() if field not in fields})

    def _forget_results(self) -> None:
        """Take back what was said of a connection that is typed differently now."""
        for trial in (self.testing, self.saving):
            if trial.view.words and not trial.view.is_busy:
                trial.clear()

    def _show_faults(self, faults: dict[str, str]) -> None:
        if faults != self.faults:
            self.faults = faults
            self.faults_changed.emit(faults)

    # Trying

    def fetch_models(self) -> None:
        """Ask the server for its models."""
        asked = self._to_ask()
        if asked is not None and self._connections is not None:
            models, key = self._connections.models, self._key
            self.fetching.run(
                lambda: models(asked, key),
                "fetch models",
                "Asking the server for its models…",
                self._show_models,
            )

    def _show_models(self, models: Sequence[str]) -> str:
        self.models_changed.emit(list(models))
        count = len(models)
        return f"{count:,} models to choose from." if count != 1 else "One model to choose from."

    def test(self) -> None:
        """Try the connection as it is typed."""
        asked = self._to_ask()
        if asked is not None and self._connections is not None:
            test, key = self._connections.test, self._key
            self.testing.run(lambda: test(asked, key), "test connection", "Testing the connection…", str)

    def _to_ask(self) -> Connection | None:
        """Return the connection as typed if its address may be asked with the key there is."""
        if self.draft is None:
            return None
        asked = self.draft.tidy()
        faults = {"base_url": address_fault(asked)}
        if self.draft.is_other_host() and asked.needs_key and not self._key:
            faults["key"] = self._foreign_key()
        self._show_faults({field: words for field, words in faults.items() if words})
        return None if self.faults else asked

    def _foreign_key(self) -> str:
        assert self.draft is not None and self.draft.saved is not None
        return f"Paste the key for this address. The stored one belongs to {self.draft.saved.host}."

    # Saving

    def save(self) -> None:
        """Save the connection, then its key."""
        connections, draft = self._connections, self.draft
        if draft is not None and connections is not None:
            self.saving.run(lambda: self._save(connections, draft), "save connection", "Saving…", str)

    async def _save(self, connections: Connections, draft: Draft) -> str:
        faults = await asyncio.to_thread(draft.faults, connections.connections)
        is_moved = (
            draft.saved is not None and draft.is_other_host() and await is_stored(connections, draft.saved)
        )
        if is_moved and draft.connection.needs_key and not self._key:
            faults["key"] = self._foreign_key()
        self._show_faults(faults)
        if faults:
            raise HrdeskError("Not saved yet: see the marked fields.")
        if is_moved and draft.saved is not None:
            # Before the new address counts, so that the old key can never go there.
            await connections.delete_key(draft.saved.name)
        made = draft.tidy()
        name = draft.saved.name if draft.saved else connections.new_name(made.title)
        saved = await connections.save(replace(made, name=name))
        self.draft = replace(draft, connection=saved, saved=saved)
        if self._key and saved.needs_key:
            await self._store_key(connections, saved)
        self._reset(None)
        self.saved.emit(saved)
        return ""

    async def _store_key(self, connections: Connections, saved: Connection) -> None:
        try:
            await connections.store_key(saved.name, self._key)
        except HrdeskError as error:
            self._show_faults({"key": str(error)})
            raise HrdeskError("The connection is saved, but not its key.") from error
