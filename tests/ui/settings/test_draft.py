"""A connection while it is edited: which choices make sense, what is wrong, what is saved."""

from dataclasses import replace

import pytest

from hrdesk.core.connections import Connection, ConnectionKind, SearchPlace
from hrdesk.ui.settings.draft import Draft, address_fault
from hrdesk.ui.settings.presets import PRESETS

OPENAI = Connection("openai", "OpenAI", ConnectionKind.RESPONSES, "https://api.openai.com/v1", "m")
CHAT = Connection("office", "Office", ConnectionKind.CHAT, "https://models.example.com/v1", "m")
ASSISTANTS = replace(CHAT, name="old", title="Old", kind=ConnectionKind.ASSISTANTS)


def draft(connection: Connection = OPENAI, **changes: object) -> Draft:
    made = Draft.of(connection, is_new=False)
    return replace(made, connection=replace(connection, **changes))  # type: ignore[arg-type]


def test_a_sound_connection_has_no_faults_and_is_saved_as_it_is():
    assert draft().faults([OPENAI]) == {}
    assert draft().tidy() == OPENAI


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Type an address"),
        ("models.example.com", "Type an address"),
        ("ftp://models.example.com", "Type an address"),
        ("https://", "Type an address"),
        ("https://[::1", "Type an address"),
        ("https://models.example.com:99999/v1", "Type an address"),
        ("http://models.example.com/v1", "Use https"),
        ("http://10.0.0.7/v1", "Use https"),
        ("https://me:secret@models.example.com/v1", "Leave name and password out"),
        ("https://your-resource.openai.azure.com/openai/v1", "Put the name of your resource"),
    ],
)
def test_an_address_that_cannot_work_is_named(address, words):
    assert words in draft(CHAT, base_url=address).faults([])["base_url"]


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:11434/v1",
        "http://127.0.0.1:8080/v1",
        "http://[::1]:8321/v1",
        " https://a.example/v1/ ",
    ],
)
def test_this_computer_needs_no_encryption(address):
    assert address_fault(replace(CHAT, base_url=address)) == ""


def test_openai_has_no_assistants_any_more_and_the_words_say_the_way_out():
    fault = draft(ASSISTANTS, base_url="https://api.openai.com/v1").faults([])["base_url"]
    assert "26 August 2026" in fault and "OpenAI Responses" in fault


def test_a_name_is_needed_and_taken_only_once():
    assert draft(title="  ").faults([])["title"] == "Give the connection a name."
    assert draft(title="OFFICE").faults([CHAT])["title"] == "Another connection has this name."
    assert "title" not in draft(CHAT).faults([CHAT])


def test_a_model_is_needed():
    assert "Fetch models" in draft(model=" ").faults([])["model"]


@pytest.mark.parametrize(("text", "tokens"), [("16,000", 16_000), ("8 000", 8_000), ("1000", 1_000)])
def test_the_limit_is_read_as_people_type_it(text, tokens):
    made = replace(draft(), context=text)
    assert made.faults([]) == {} and made.tidy().context_tokens == tokens


@pytest.mark.parametrize("text", ["", "many", "999", "2000001", "9" * 40, "-5", "1e5"])
def test_a_limit_that_is_none_is_named_and_the_old_one_stays(text):
    made = replace(draft(), context=text)
    assert "context" in made.faults([])
    assert made.tidy().context_tokens == 16_000


def test_a_ca_file_has_to_be_there(tmp_path):
    file = tmp_path / "ca.pem"
    assert draft(ca_file=str(file)).faults([])["ca_file"] == "There is no such file."
    file.write_text("-----BEGIN CERTIFICATE-----")
    assert draft(ca_file=str(file)).faults([]) == {}


def test_only_openai_itself_has_regions():
    assert draft().offers_region
    assert not draft(base_url="https://models.example.com/v1").offers_region
    assert draft(base_url="https://models.example.com/v1", region="eu").tidy().region == ""


def test_background_needs_that_answers_may_be_kept():
    assert not draft(background=True).offers_background
    assert not draft(background=True).tidy().background
    assert draft(store=True, background=True).tidy().background
    assert not draft(store=True, background=True).offers_streaming


def test_a_vector_store_is_named_where_policies_are_looked_up_there():
    made = draft(search=SearchPlace.PROVIDER)
    assert "vector_store" in made.faults([])
    assert draft(search=SearchPlace.PROVIDER, vector_store="vs_1").faults([]) == {}


def test_a_change_of_kind_takes_back_what_the_kind_does_not_have():
    rich = replace(
        OPENAI, region="eu", store=True, background=True, search=SearchPlace.PROVIDER,
        vector_store="vs_1", code_interpreter=True,
    )  # fmt: skip
    made = draft(rich, kind=ConnectionKind.CHAT).tidy()
    assert (made.region, made.store, made.background, made.code_interpreter) == ("", False, False, False)
    assert (made.search, made.vector_store) == (SearchPlace.OWN, "")


def test_another_host_port_or_region_is_noticed_because_the_key_stays_behind():
    assert not draft(base_url="https://api.openai.com/v2").is_other_host()
    assert draft(base_url="https://api.openai.com.example/v1").is_other_host()
    assert draft(base_url="https://api.openai.com:444/v1").is_other_host()
    assert draft(region="eu").is_other_host()
    assert draft(base_url="https://[::1").is_other_host()


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.title)
def test_a_preset_lacks_at_most_model_and_address(preset):
    faults = Draft.of(preset.connection, is_new=True).faults([])
    assert set(faults) <= {"model", "base_url"}
