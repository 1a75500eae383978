"""Who issued a certificate."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdesk.backends.certificates import issuer_of
from tests.openai_server.transport import Authority


@pytest.mark.parametrize("name", ["Canary Inspection CA", "Prüfstelle für Süßwaren", "x" * 60])
def test_the_issuer_is_named(name: str) -> None:
    der = ssl.PEM_cert_to_DER_cert(Authority(name).pem.decode())
    assert issuer_of(der) == name


@given(st.binary(max_size=200))
def test_what_is_no_certificate_has_no_issuer(data: bytes) -> None:
    assert isinstance(issuer_of(data), str)


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_certificate_crashes_nothing(position: int, byte: int) -> None:
    der = bytearray(ssl.PEM_cert_to_DER_cert(AUTHORITY))
    der[position % len(der)] = byte
    assert issuer_of(bytes(der)).isprintable()


AUTHORITY = Authority().pem.decode()
