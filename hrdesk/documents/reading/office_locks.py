"""Office files with a password (MS-OFFCRYPTO): the zip file inside, for whoever knows the password.

Office 2010 and later ("agile") and Office 2007 ("standard") with AES are opened; the older ciphers are not.
`cryptography` comes with pdfminer.six, which opens PDF files with it.
"""

import hashlib
import hmac
import struct
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from lxml import etree

from hrdesk.documents.reading.archive import GUARDS
from hrdesk.documents.reading.ole import CompoundFile

PACKAGE, INFO = "EncryptedPackage", "EncryptionInfo"
MAX_SPINS = 10_000_000  # as the specification bounds it
_SEGMENT = 4_096
_HASHES = {"SHA1": hashlib.sha1, "SHA256": hashlib.sha256, "SHA384": hashlib.sha384, "SHA512": hashlib.sha512}
# What a key is derived for (MS-OFFCRYPTO 2.3.4.13).
_FOR_INPUT = bytes.fromhex("fea7d2763b4b9e79")
_FOR_VALUE = bytes.fromhex("d7aa0f6d3061344e")
_FOR_KEY = bytes.fromhex("146e0be7abacd0d6")
_STANDARD_SPINS = 50_000
_AES = range(0x660E, 0x6611)


def unlock(file: CompoundFile, password: str) -> bytes | None:
    """Return the file inside, None for a wrong password.

    Raises `ValueError` for what is damaged, `NotImplementedError` for a cipher that is not known here.
    """
    info = file.stream(INFO)
    major, minor = struct.unpack_from("<HH", info)
    package = file.stream(PACKAGE)
    size = int.from_bytes(package[:8], "little")
    if (major, minor) == (4, 4):
        opened = _agile(info[8:], package[8:], password)
    elif major in (2, 3, 4) and minor == 2:
        opened = _standard(info[8:], package[8:], password)
    else:
        raise NotImplementedError("another kind of protection")
    return None if opened is None else opened[:size]


# --- agile: Office 2010 and later


@dataclass(frozen=True, slots=True)
class _Ring:
    """The parameters of one key: how it is derived and used."""

    salt: bytes
    block: int
    key_size: int
    digest: Callable[[bytes], bytes]

    @classmethod
    def of(cls, element: etree._Element) -> Self:
        """Take the parameters from the description in the file."""
        name = element.get("hashAlgorithm", "").replace("-", "").upper()
        known = name in _HASHES and element.get("cipherAlgorithm") == "AES"
        if not known or element.get("cipherChaining") != "ChainingModeCBC":
            raise NotImplementedError("another cipher")
        block, bits = int(element.get("blockSize", "16")), int(element.get("keyBits", "0"))
        if block != 16 or bits not in (128, 192, 256):
            raise ValueError("sizes that AES does not have")
        make = _HASHES[name]
        return cls(_base64(element, "saltValue"), block, bits // 8, lambda data: make(data).digest())

    def key(self, hashed: bytes, purpose: bytes) -> bytes:
        """Return the key for one purpose."""
        return self.digest(hashed + purpose)[: self.key_size].ljust(self.key_size, b"\x36")

    def start(self, number: int | None = None) -> bytes:
        """Return where the chain of blocks begins: the salt, or of a numbered segment its hash."""
        data = self.salt if number is None else self.digest(self.salt + struct.pack("<I", number))
        return data[: self.block].ljust(self.block, b"\x36")


def _agile(description: bytes, package: bytes, password: str) -> bytes | None:
    root = _xml(description)
    data = next(root.iter("{*}keyData"), None)
    lock = next((one for one in root.iter("{*}encryptedKey") if one.get("spinCount")), None)
    if data is None or lock is None:
        raise NotImplementedError("no password opens this")
    contents, ring = _Ring.of(data), _Ring.of(lock)
    spins = int(lock.get("spinCount", "0"))
    if not 0 <= spins <= MAX_SPINS:
        raise ValueError("too many rounds")
    hashed = _spun(ring.digest, ring.salt, password, spins)

    def opened(name: str, purpose: bytes) -> bytes:
        return _cbc(ring.key(hashed, purpose), ring.start(), _base64(lock, name))

    said = opened("encryptedVerifierHashInput", _FOR_INPUT)[: len(ring.salt)]
    expected = opened("encryptedVerifierHashValue", _FOR_VALUE)
    found = ring.digest(said)
    if not hmac.compare_digest(found, expected[: len(found)]):
        return None
    key = opened("encryptedKeyValue", _FOR_KEY)[: contents.key_size]
    starts = range(0, len(package), _SEGMENT)
    return b"".join(
        _cbc(key, contents.start(number), package[start : start + _SEGMENT])
        for number, start in enumerate(starts)
    )


# --- standard: Office 2007


def _standard(description: bytes, package: bytes, password: str) -> bytes | None:
    (head,) = struct.unpack_from("<I", description)
    _, _, cipher, _, bits = struct.unpack_from("<IIIII", description, 4)
    if cipher not in _AES or bits not in (128, 192, 256):
        raise NotImplementedError("another cipher")
    salt, said, _, expected = struct.unpack_from("<4x16s16sI32s", description, 4 + head)
    hashed = _spun(_sha1, salt, password, _STANDARD_SPINS)
    last = _sha1(hashed + bytes(4))
    wide = b"".join(_sha1(bytes(byte ^ pad for byte in last.ljust(64, b"\0"))) for pad in (0x36, 0x5C))
    key = wide[: bits // 8]
    if not hmac.compare_digest(_sha1(_ecb(key, said)), _ecb(key, expected)[:20]):
        return None
    return _ecb(key, package[: len(package) // 16 * 16])


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).digest()


def _spun(digest: Callable[[bytes], bytes], salt: bytes, password: str, rounds: int) -> bytes:
    hashed = digest(salt + password.encode("utf-16-le", "surrogatepass"))
    for number in range(rounds):
        hashed = digest(number.to_bytes(4, "little") + hashed)
    return hashed


def _cbc(key: bytes, start: bytes, data: bytes) -> bytes:
    return _decrypted(Cipher(AES(key), CBC(start)), data)


def _ecb(key: bytes, data: bytes) -> bytes:
    return _decrypted(Cipher(AES(key), ECB()), data)  # noqa: S305 - what the format prescribes


def _decrypted(cipher: "Cipher[CBC] | Cipher[ECB]", data: bytes) -> bytes:
    reader = cipher.decryptor()
    return reader.update(data) + reader.finalize()


def _xml(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(**GUARDS))
    except etree.XMLSyntaxError as error:
        raise ValueError("no description of the cipher") from error


def _base64(element: etree._Element, name: str) -> bytes:
    return b64decode(element.get(name, ""))
