"""Protected files for tests: a PDF, an Office file and an ODT file that need a password."""

import hashlib
import re
import struct
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.decrepit.ciphers.algorithms import ARC4
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from tests.documents.office_files import pdf

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = bytes(range(16))
SALT = bytes(range(100, 116))
KEY = bytes(range(32))


def locked_pdf(pages, password: bytes) -> bytes:
    """Encrypt a PDF of `office_files.pdf` with the oldest cipher of the format (RC4, 40 bits)."""
    padded = (password + _PAD)[:32]
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + struct.pack("<i", -4) + _ID).digest()[:5]

    def stream(match: re.Match[bytes]) -> bytes:
        number = int(match[1])
        own = hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        return match[0].replace(match[2], _rc4(own, match[2]))

    plain = pdf(pages)
    body = re.sub(rb"(\d+) 0 obj\n<<[^\n]*?stream\n(.*?)\nendstream", stream, plain, flags=re.DOTALL)
    assert len(body) == len(plain)
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<%s><%s>]" % (
        owner.hex().encode(),
        _rc4(key, _PAD).hex().encode(),
        _ID.hex().encode(),
        _ID.hex().encode(),
    )
    return body.replace(b"trailer\n<<", b"trailer\n<<" + lock)


def _rc4(key: bytes, data: bytes) -> bytes:
    cipher = Cipher(ARC4(key), mode=None).encryptor()
    return cipher.update(data) + cipher.finalize()


def _aes(key: bytes, start: bytes, data: bytes) -> bytes:
    cipher = Cipher(AES(key), CBC(start)).encryptor()
    return cipher.update(data + bytes(-len(data) % 16)) + cipher.finalize()


def locked_office(plain: bytes, password: str, spins: int = 1_000) -> bytes:
    """Encrypt a zip file as Office 2010 and later do."""
    hashed = hashlib.sha512(SALT + password.encode("utf-16-le")).digest()
    for number in range(spins):
        hashed = hashlib.sha512(number.to_bytes(4, "little") + hashed).digest()

    def locked(purpose: str, data: bytes) -> str:
        key = hashlib.sha512(hashed + bytes.fromhex(purpose)).digest()[:32]
        return b64encode(_aes(key, SALT, data)).decode()

    said = bytes(range(16))
    common = (
        f'saltSize="16" blockSize="16" keyBits="256" hashSize="64" cipherAlgorithm="AES" '
        f'cipherChaining="ChainingModeCBC" hashAlgorithm="SHA512" saltValue="{b64encode(SALT).decode()}"'
    )
    info = (
        '<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption" xmlns:p="urn:p">'
        f'<keyData {common}/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount="{spins}" {common} '
        f'encryptedVerifierHashInput="{locked("fea7d2763b4b9e79", said)}" '
        f'encryptedVerifierHashValue="{locked("d7aa0f6d3061344e", hashlib.sha512(said).digest())}" '
        f'encryptedKeyValue="{locked("146e0be7abacd0d6", KEY)}"/></keyEncryptor></keyEncryptors></encryption>'
    )
    parts = [plain[start : start + 4096] for start in range(0, len(plain), 4096)]
    starts = [hashlib.sha512(SALT + struct.pack("<I", n)).digest()[:16] for n in range(len(parts))]
    package = b"".join(_aes(KEY, start, part) for start, part in zip(starts, parts, strict=True))
    return compound(
        {
            "EncryptionInfo": struct.pack("<HHI", 4, 4, 0x40) + info.encode().ljust(4200),
            "EncryptedPackage": (struct.pack("<Q", len(plain)) + package).ljust(4200, b"\0"),
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """Make a compound file; every stream has at least 4,096 bytes, so that no small sectors are needed."""
    table: list[int] = [0xFFFFFFFD]  # the table itself is sector 0, the directory sector 1
    table.append(0xFFFFFFFE)
    entries = [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    body = b""
    for name, data in streams.items():
        assert len(data) >= 4096
        first, count = len(table), -(-len(data) // 512)
        table.extend([*range(first + 1, first + count), 0xFFFFFFFE])
        body += data.ljust(count * 512, b"\0")
        entries.append(_entry(name, 2, first, len(data)))
    assert len(table) <= 128 and len(entries) <= 4
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    packed = struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table)))
    return header + packed + b"".join(entries).ljust(512, b"\0") + body


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    raw = name.encode("utf-16-le")
    return struct.pack("<64sHBB", raw, len(raw) + 2, kind, 1).ljust(116, b"\0") + struct.pack(
        "<IQ", first, size
    )


def lock_odt(path: Path, password: str) -> Path:
    """Encrypt the contents of an ODT file in place, as OpenDocument 1.2 does."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    deflate = zlib.compressobj(wbits=-15)
    packed = deflate.compress(parts["content.xml"]) + deflate.flush()
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha256(password.encode()).digest(), SALT, 1_000, 32)
    pad = 16 - len(packed) % 16
    parts["content.xml"] = _aes(key, SALT, packed + bytes(pad - 1) + bytes([pad]))
    value = {"salt": SALT, "sum": hashlib.sha256(packed[:1024]).digest()}
    text = {name: b64encode(data).decode() for name, data in value.items()}
    parts["META-INF/manifest.xml"] = f"""<m:manifest xmlns:m="urn:m"><m:file-entry m:full-path="content.xml">
        <m:encryption-data m:checksum-type="urn:x#sha256-1k" m:checksum="{text["sum"]}">
        <m:algorithm m:algorithm-name="http://x#aes256-cbc" m:initialisation-vector="{text["salt"]}"/>
        <m:key-derivation m:key-size="32" m:iteration-count="1000" m:salt="{text["salt"]}"/>
        <m:start-key-generation m:start-key-generation-name="http://x#sha256"/>
        </m:encryption-data></m:file-entry></m:manifest>""".encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path
