"""The cards of the connection editor. Each tells the presenter what was typed and shows the draft."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from hrdesk.core.connections import ConnectionKind, SearchPlace
from hrdesk.ui import theme
from hrdesk.ui.dialogs import ask_for_file
from hrdesk.ui.settings.connection import key_field
from hrdesk.ui.settings.draft import Draft
from hrdesk.ui.settings.editor_presenter import EditorPresenter
from hrdesk.ui.settings.section import TONES, Row, Section, Tick, TrialLine, say, side_by_side
from hrdesk.ui.settings.trial import TrialView
from hrdesk.ui.settings.words import KINDS, PLACES, REGIONS

WORDS_PER_TOKEN = 0.75  # English; other languages need more tokens for a word
_FOLLOWING = ((True, "As it is written (streaming)"), (False, "By asking now and then (polling)"))


class Part(Section):
    """A card of the editor. `rows` are its rows by the name of the field that a fault may belong to."""

    def __init__(self, presenter: EditorPresenter, title: str, sentence: str = "") -> None:
        super().__init__(title, sentence)
        self.presenter = presenter
        self.rows: dict[str, Row] = {}
        presenter.opened.connect(self.show_all)
        presenter.draft_changed.connect(self.show_choices)
        presenter.faults_changed.connect(self.show_faults)

    def show_all(self, draft: Draft) -> None:
        """Show every field of a draft."""

    def show_choices(self, draft: Draft) -> None:
        """Show what makes sense with the draft as it is now."""

    def show_faults(self, faults: dict[str, str]) -> None:
        """Say beside each field what is wrong with it."""
        for field, row in self.rows.items():
            row.show_fault(faults.get(field, ""))

    def line(self, name: str, field: str, placeholder: str = "") -> QLineEdit:
        """Return a text field that is bound to a field of the draft."""
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(placeholder)
        made.textEdited.connect(lambda text: self.presenter.change(**{field: text}))
        return made


class WherePart(Part):
    """Kind, name, address, region, key and model."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__(presenter, "Where answers come from")
        self.kind = _kinds()
        self.kind.activated.connect(lambda at: presenter.change(kind=self.kind.itemData(at)))
        self._kind_note = theme.label("", "small", wrap=True)
        self.add_row("Kind", self.kind, self._kind_note)
        self.name = self.line("Name", "title", "How it is called in the list")
        self._name_note = theme.label("", "small", wrap=True)
        self.rows["title"] = self.add_row("Name", self.name, self._name_note)
        self.address = self.line("Address", "base_url", "https://example.com/v1")
        self.rows["base_url"] = self.add_row("Address", self.address)
        self.region = combo("Region", REGIONS)
        self.region.activated.connect(lambda at: presenter.change(region=self.region.itemData(at)))
        self._region_note = theme.label("", "small", wrap=True)
        self._region_row = self.add_row("Region", self.region, self._region_note)
        self._add_key()
        self._add_model()

    def _add_key(self) -> None:
        self.needs_key = Tick("This server wants a key")
        self.needs_key.toggled.connect(lambda on: self.presenter.change(needs_key=on))
        self.key = key_field()
        self.key.editingFinished.connect(self.take_key)
        self._key_note = theme.label("", "small", wrap=True)
        self._key_note.setAccessibleName("Key state")
        self._key_note.hide()
        self.rows["key"] = self.add_row("API key", self.key, self._key_note)
        self.add_row("", self.needs_key)
        self.presenter.key_changed.connect(self._show_key)

    def _add_model(self) -> None:
        self.model = combo("Model", ())
        self.model.setEditable(True)
        self.model.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field = self.model.lineEdit()
        assert field is not None
        field.setAccessibleName("Model")
        field.setPlaceholderText("Choose or type")
        completer = self.model.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)  # servers list hundreds, with prefixes
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.model.editTextChanged.connect(lambda text: self.presenter.change(model=text))
        self.fetch = theme.button("Fetch models")
        self.fetch.clicked.connect(self._fetch)
        self.fetching = TrialLine("Models", self.presenter.fetching.cancel)
        self.presenter.fetching.changed.connect(self._show_fetching)
        self.presenter.models_changed.connect(self._offer_models)
        self.rows["model"] = self.add_row("Model", side_by_side(self.model, self.fetch), self.fetching)

    def take_key(self) -> None:
        """Hand over what was typed as the key; the field is empty from then on."""
        key = self.key.text()
        self.key.clear()
        self.presenter.take_key(key)

    def _fetch(self) -> None:
        self.take_key()
        self.presenter.fetch_models()

    def show_all(self, draft: Draft) -> None:
        made = draft.connection
        self.kind.setCurrentIndex(self.kind.findData(made.kind))
        self.name.setText(made.title)
        self._name_note.setText(f"On the command line: --connection {made.name}")
        self._name_note.setVisible(draft.saved is not None)
        self.address.setText(made.base_url)
        self.region.setCurrentIndex(max(0, self.region.findData(made.region)))
        self.needs_key.box.setChecked(made.needs_key)
        self.key.clear()
        self.model.blockSignals(True)
        self.model.clear()
        self.model.setEditText(made.model)
        self.model.blockSignals(False)

    def show_choices(self, draft: Draft) -> None:
        made = draft.connection
        self._kind_note.setText(KINDS[made.kind][1])
        self._region_row.setVisible(draft.offers_region)
        self._region_note.setText(_region_words(draft))
        self.key.setEnabled(made.needs_key)
        self.key.setPlaceholderText("Paste the key" if made.needs_key else "Not needed")

    def _show_key(self, words: str, tone: str) -> None:
        say(self._key_note, words, "small" if tone == "muted" else TONES[tone])
        self._key_note.setVisible(bool(words))

    def _show_fetching(self, view: TrialView) -> None:
        self.fetching.show_view(view)
        self.fetch.setEnabled(not view.is_busy)

    def _offer_models(self, models: list[str]) -> None:
        typed = self.model.currentText()
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItems(models)
        self.model.setEditText(typed)
        self.model.blockSignals(False)
        if not typed and len(models) == 1:
            self.model.setCurrentIndex(0)


class KeepingPart(Part):
    """What the provider may keep, and how a run is followed."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__(presenter, "What the provider keeps")
        self.store = Tick(
            "The provider may keep answers",
            "Without it hrdesk sends the conversation each time and asks that nothing be stored.",
        )
        self.store.toggled.connect(lambda on: presenter.change(store=on))
        self.background = Tick("Run in the background")
        self.background.toggled.connect(lambda on: presenter.change(background=on))
        self._kept = theme.label(
            "This server keeps threads, messages and answers itself; how long is up to its operator.",
            "muted",
            wrap=True,
        )
        for widget in (self._kept, self.store, self.background):
            self.add_widget(widget)
        self.stream = combo("Follow answers", _FOLLOWING)
        self.stream.activated.connect(lambda at: presenter.change(stream=self.stream.itemData(at)))
        self.add_row("Follow answers", self.stream)

    def show_all(self, draft: Draft) -> None:
        made = draft.connection
        self.store.box.setChecked(made.store)
        self.background.box.setChecked(made.background)

    def show_choices(self, draft: Draft) -> None:
        self.title.setText("What the provider keeps" if draft.offers_code_interpreter else "How answers come")
        self._kept.setVisible(draft.connection.kind is ConnectionKind.ASSISTANTS)
        self.store.setVisible(draft.offers_store)
        self.background.setVisible(draft.offers_store)
        self.background.setEnabled(draft.offers_background)
        self.background.say(_background_words(draft))
        self.stream.setEnabled(draft.offers_streaming)
        streams = draft.offers_streaming and draft.connection.stream
        self.stream.setCurrentIndex(0 if streams else 1)


class PoliciesPart(Part):
    """Where policies are looked up."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__(presenter, "Policies")
        self.search = combo("Where policies are looked up", ())
        self.search.activated.connect(lambda at: presenter.change(search=self.search.itemData(at)))
        self._note = theme.label("", "small", wrap=True)
        self.add_row("Look up", self.search, self._note)
        self.vector_store = self.line("Vector store", "vector_store", "vs_…")
        self.rows["vector_store"] = self.add_row("Vector store", self.vector_store)
        self.interpreter = Tick(
            "The provider may compute with code",
            "Its code interpreter can work out figures, such as days left or pay in part.",
        )
        self.interpreter.toggled.connect(lambda on: presenter.change(code_interpreter=on))
        self.add_widget(self.interpreter)

    def show_all(self, draft: Draft) -> None:
        self.vector_store.setText(draft.connection.vector_store)
        self.interpreter.box.setChecked(draft.connection.code_interpreter)

    def show_choices(self, draft: Draft) -> None:
        places = draft.places
        if self.search.count() != len(places):
            self.search.clear()
            for place in places:
                self.search.addItem(PLACES[place][0], place)
        chosen = draft.connection.search if draft.connection.search in places else SearchPlace.OWN
        self.search.setCurrentIndex(places.index(chosen))
        self._note.setText(PLACES[chosen][1])
        self.rows["vector_store"].setVisible(draft.uses_vector_store)
        self.interpreter.setVisible(draft.offers_code_interpreter)


class LimitsPart(Part):
    """How much is sent at most, and whom the connection trusts."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__(presenter, "Limits and network")
        self.context = self.line("Most tokens of a thread that are sent", "context")
        self._context_note = theme.label("", "small", wrap=True)
        self.rows["context"] = self.add_row("Send at most", self.context, self._context_note)
        self.ca_file = self.line("CA file", "ca_file", "None")
        choose = theme.button("Choose…", name="Choose CA file", drawing="folder-open")
        choose.clicked.connect(self._choose_file)
        note = theme.label(
            "A PEM file of your company's certificate authority, where a proxy opens encrypted connections.",
            "small",
            wrap=True,
        )
        self.rows["ca_file"] = self.add_row("CA file", side_by_side(self.ca_file, choose), note)

    def show_all(self, draft: Draft) -> None:
        self.context.setText(draft.context)
        self.ca_file.setText(draft.connection.ca_file)

    def show_choices(self, draft: Draft) -> None:
        self._context_note.setText(_context_words(draft))

    def _choose_file(self) -> None:
        kinds = "Certificates (*.pem *.crt *.cer);;All files (*)"
        ask_for_file(self, "Choose a CA file", kinds, self.take_file, self.ca_file.text())

    def take_file(self, path: Path) -> None:
        """Take over a file that was chosen."""
        self.ca_file.setText(str(path))
        self.presenter.change(ca_file=str(path))


def combo(name: str, items: tuple[tuple[object, str], ...]) -> QComboBox:
    """Return a box that offers `items`, pairs of value and words, and may be narrower than they are."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for value, words in items:
        box.addItem(words, value)
    return box


def _kinds() -> QComboBox:
    """Return the four kinds; this computer is there always and cannot be chosen for another."""
    box = combo("Kind", tuple((kind, words) for kind, (words, _) in KINDS.items()))
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    model.item(box.findData(ConnectionKind.LOCAL)).setEnabled(False)
    return box


def _region_words(draft: Draft) -> str:
    return f"Requests go to {draft.tidy().host}. A key belongs to one region."


def _background_words(draft: Draft) -> str:
    if not draft.offers_background:
        return "Only where the provider may keep answers: what runs there is kept there."
    return (
        "Runs go on when the network breaks or hrdesk closes. The provider keeps question and answer, "
        "OpenAI for at least 30 days."
    )


def _context_words(draft: Draft) -> str:
    tokens = draft.tidy().context_tokens
    words = round(int(tokens * WORDS_PER_TOKEN), -2 if tokens < 20_000 else -3)
    return f"In tokens; about {words:,} words. Older messages stay here and are not sent."
