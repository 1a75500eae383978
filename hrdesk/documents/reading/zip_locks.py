"""Zip files with a password: OpenDocument files with encrypted parts, and the cipher of zip itself.

What comes out is a zip file without protection, in memory, with the same caps as any other archive.
"""

import hashlib
import hmac
import io
import zipfile
import zlib
from base64 import b64decode
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from lxml import etree

from hrdesk.documents.reading.archive import GUARDS, MAX_PART_BYTES, MAX_PARTS, attribute, local

MANIFEST = "META-INF/manifest.xml"
MAX_ROUNDS = 10_000_000
MAX_ALL = 2 * MAX_PART_BYTES
_MAX_MANIFEST = 2**20
_KIB = 1_024  # of the beginning of a part, over which its checksum is made
_NEEDED = ("content.xml", "styles.xml", "meta.xml")


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether a password is needed to read the parts of a zip file."""
    return any(info.flag_bits & 1 for info in archive.infolist()) or bool(_locks(archive))


def unlock(archive: zipfile.ZipFile, password: str) -> io.BytesIO | None:
    """Return the zip file without its protection, None for a wrong password.

    Raises `ValueError` for what is damaged, `NotImplementedError` for a cipher that is not known here.
    """
    locks = _locks(archive)
    names = [name for name in _NEEDED if name in locks] if locks else archive.namelist()[:MAX_PARTS]
    if not names:
        raise NotImplementedError("the whole package is one encrypted part")
    parts: dict[str, bytes] = {}
    for name in names:
        if archive.getinfo(name).file_size > MAX_PART_BYTES:
            raise OverflowError("a part that is too large")
        lock = locks.get(name)
        part = lock.opened(archive.read(name), password) if lock else _zip_part(archive, name, password)
        if part is None:
            return None
        parts[name] = part
        if sum(map(len, parts.values())) > MAX_ALL:
            raise OverflowError("more than an office file unpacks to")
    if locks and "mimetype" in archive.namelist():
        parts["mimetype"] = archive.read("mimetype")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return made


def _zip_part(archive: zipfile.ZipFile, name: str, password: str) -> bytes | None:
    for encoding in ("utf-8", "cp437", "cp1252"):
        try:
            return archive.read(name, password.encode(encoding))
        except (RuntimeError, UnicodeEncodeError, zipfile.BadZipFile, zlib.error):  # not with these bytes
            continue
    return None


@dataclass(frozen=True, slots=True)
class _Lock:
    """How one part of an OpenDocument file is encrypted, as its manifest says."""

    cipher: str
    start: bytes
    salt: bytes
    rounds: int
    key_size: int
    first_hash: str
    checksum_kind: str
    checksum: bytes

    def opened(self, data: bytes, password: str) -> bytes | None:
        """Return the part, unpacked; None for a wrong password."""
        if not 0 < self.rounds <= MAX_ROUNDS or self.key_size not in (16, 24, 32):
            raise ValueError("a key that cannot be made")
        hashed = _digest(self.first_hash, password.encode("utf-8", "surrogatepass"))
        key = hashlib.pbkdf2_hmac("sha1", hashed, self.salt, self.rounds, self.key_size)
        packed = self._decrypted(key, data)
        if not hmac.compare_digest(_digest(self.checksum_kind, packed[:_KIB]), self.checksum):
            return None
        return _inflated(packed)

    def _decrypted(self, key: bytes, data: bytes) -> bytes:
        if self.cipher == "blowfish":
            reader = Cipher(Blowfish(key), CFB(self.start)).decryptor()
            return reader.update(data) + reader.finalize()
        if len(data) % 16 or not data:
            raise ValueError("a part is cut short")
        block = Cipher(AES(key), CBC(self.start)).decryptor()
        plain = block.update(data) + block.finalize()
        return plain[: -plain[-1]] if 0 < plain[-1] <= 16 else plain


def _locks(archive: zipfile.ZipFile) -> dict[str, _Lock]:
    """Return how the encrypted parts are encrypted, by name."""
    try:
        info = archive.getinfo(MANIFEST)
        if info.flag_bits & 1 or info.file_size > _MAX_MANIFEST:
            return {}
        root = etree.fromstring(archive.read(info), etree.XMLParser(**GUARDS))
    except (KeyError, etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, OSError, NotImplementedError):
        return {}
    entries = (one for one in root.iter("{*}file-entry") if one.find("{*}encryption-data") is not None)
    return {attribute(entry, "full-path"): _lock(entry) for entry in entries}


def _lock(entry: etree._Element) -> _Lock:
    parts = {local(one): one for one in entry.iter()}
    data, derivation = parts["encryption-data"], parts.get("key-derivation")
    algorithm, first = parts.get("algorithm"), parts.get("start-key-generation")
    return _Lock(
        cipher=_short(attribute(algorithm, "algorithm-name")),
        start=b64decode(attribute(algorithm, "initialisation-vector")),
        salt=b64decode(attribute(derivation, "salt")),
        rounds=int(attribute(derivation, "iteration-count", "0")),
        key_size=int(attribute(derivation, "key-size", "16")),
        first_hash=_short(attribute(first, "start-key-generation-name", "sha1")),
        checksum_kind=_short(attribute(data, "checksum-type")),
        checksum=b64decode(attribute(data, "checksum")),
    )


def _short(name: str) -> str:
    """Return the last word of a name: both "Blowfish CFB" and an address that ends in one are in use."""
    word = name.casefold().rpartition("#")[2]
    return word.split()[0].removesuffix("-1k").removesuffix("/1k") if word else ""


def _digest(name: str, data: bytes) -> bytes:
    if name == "sha1":
        return hashlib.sha1(data, usedforsecurity=False).digest()
    if name == "sha256":
        return hashlib.sha256(data).digest()
    raise NotImplementedError("another checksum")


def _inflated(packed: bytes) -> bytes:
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    data = reader.decompress(packed, MAX_PART_BYTES + 1)
    if len(data) > MAX_PART_BYTES:
        raise OverflowError("a part that is too large")
    return data
