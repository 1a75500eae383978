import pytest

from hrdesk.core.connections import Connection, ConnectionKind


@pytest.mark.parametrize(
    ("address", "hostname", "is_here"),
    [
        ("http://localhost:11434/v1", "localhost", True),
        ("http://127.0.0.1:8080/v1", "127.0.0.1", True),
        ("http://[::1]:8321/v1", "::1", True),
        ("https://localhost.example/v1", "localhost.example", False),
        ("https://me@models.example:8443/v1", "models.example", False),
        ("https://[broken", "", False),
        ("", "", False),
    ],
)
def test_a_connection_knows_whether_its_server_is_here(address: str, hostname: str, is_here: bool):
    connection = Connection("office", "Office", ConnectionKind.CHAT, address)
    assert (connection.hostname, connection.is_here) == (hostname, is_here)


def test_a_region_takes_the_place_of_the_address():
    regional = Connection("eu", "EU", ConnectionKind.RESPONSES, "http://localhost/v1", region="eu")
    assert (regional.hostname, regional.is_here) == ("eu.api.openai.com", False)
