import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.documents.reading.charset import decode

SAMPLE = "Prämien für Ärzte: 10 € – “Urlaub”. More plain text so that zero bytes can be counted."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp1252"]
)
def test_usual_encodings_are_read(encoding):
    assert decode(SAMPLE.encode(encoding)) == SAMPLE


def test_a_declared_encoding_is_used():
    page = '<meta charset="iso-8859-2"><p>Príspevok č. 5'
    assert decode(page.encode("iso-8859-2")) == page


def test_an_unknown_declared_encoding_does_no_harm():
    assert decode(b'<meta charset="klingon"><p>caf\xe9') == '<meta charset="klingon"><p>café'


def test_zero_bytes_in_the_middle_do_not_make_utf_16():
    assert decode(b"Sick leave\0 is 10 days\0\0") == "Sick leave\0 is 10 days\0\0"


def test_a_few_bad_bytes_do_not_spoil_a_utf_8_text():
    assert decode(SAMPLE.encode() * 5 + b"\xff") == SAMPLE * 5 + "\ufffd"


@given(st.binary(max_size=200))
def test_any_bytes_give_characters(data):
    assert isinstance(decode(data), str)
