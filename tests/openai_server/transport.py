"""Trouble before any request: certificates, proxies, ports where nobody listens."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
import tempfile
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
PEM = serialization.Encoding.PEM


class Authority:
    """Signs certificates as an intercepting proxy does; no machine trusts it by itself."""

    def __init__(self, name: str = "Canary Inspection CA") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
        begun = _builder(self._name, self._name, self._key.public_key(), NOW - DAY, NOW + 30 * DAY)
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self._certificate = begun.add_extension(ca, critical=True).sign(self._key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        """The authority's own certificate, for a `ca_file`."""
        return self._certificate.public_bytes(PEM)

    def context(self, kind: str = "good") -> ssl.SSLContext:
        """Return a server's side of TLS: good, expired, wrong_host, self_signed or old (TLS 1.0)."""
        key = ec.generate_private_key(ec.SECP256R1())
        host = "elsewhere.example" if kind == "wrong_host" else "127.0.0.1"
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        own = kind == "self_signed"
        until = NOW - DAY if kind == "expired" else NOW + 30 * DAY
        issuer, signer = (subject, key) if own else (self._name, self._key)
        begun = _builder(subject, issuer, key.public_key(), NOW - 2 * DAY, until)
        certificate = begun.add_extension(_names(host), critical=False).sign(signer, hashes.SHA256())
        return _server_context(certificate, key, old=kind == "old")


@cache
def authority() -> Authority:
    """Return the authority of this test run."""
    return Authority()


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    since: dt.datetime,
    until: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _names(host: str) -> x509.SubjectAlternativeName:
    if host[0].isdigit():
        return x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    return x509.SubjectAlternativeName([x509.DNSName(host)])


def _server_context(
    certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey, *, old: bool
) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "server.pem")
        file.write_bytes(certificate.public_bytes(PEM) + secret)
        context.load_cert_chain(file)
    if old:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it is old on purpose
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Proxy:
    """A proxy that lets nothing through. It keeps what reached it."""

    def __init__(self, status: int) -> None:
        self.url = ""
        self.heads: list[str] = []
        self._status = status

    async def refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request; with status 0 hang up in the middle."""
        try:
            self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
            if self._status:
                lines = [f"HTTP/1.1 {self._status} Refused", 'Proxy-Authenticate: Basic realm="office"']
                writer.write("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # whoever asked has gone
        finally:
            writer.close()


@asynccontextmanager
async def proxy(status: int = 407) -> AsyncIterator[Proxy]:
    """Serve a proxy that asks for a password (407), refuses otherwise, or dies (0)."""
    twin = Proxy(status)
    server = await asyncio.start_server(twin.refuse, "127.0.0.1", 0)
    twin.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield twin


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
