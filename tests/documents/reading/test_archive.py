import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.archive import Archive, attribute, child, local
from hrdesk.documents.sentences import FileRefused


def refusal(path: Path, name: str = "a.xml") -> tuple[FileState, str]:
    with pytest.raises(FileRefused) as refused, Archive(path) as archive:
        archive.xml(name)
    return refused.value.state, refused.value.reason


def write(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def test_parts_are_read_without_their_namespaces(tmp_path):
    path = write(tmp_path / "z", {"a.xml": '<w:p xmlns:w="urn:w" w:val="7"><w:b><w:c/></w:b></w:p>'})
    with Archive(path) as archive:
        root = archive.xml("a.xml")
        assert root is not None
        assert (local(root), attribute(root, "val")) == ("p", "7")
        assert child(root, "b", "c") is not None
        assert child(root, "c") is None
        assert archive.xml("missing.xml") is None


def test_a_bomb_is_not_unpacked(tmp_path):
    path = write(tmp_path / "z", {"a.xml": b"<a>" + b"A" * 30_000_000 + b"</a>"})
    assert refusal(path) == (FileState.TOO_LARGE, "unpacked_size")


def test_a_package_with_endless_parts_is_refused(tmp_path):
    path = write(tmp_path / "z", {f"{n}.xml": "x" for n in range(5_001)})
    assert refusal(path) == (FileState.TOO_LARGE, "unpacked_size")


def test_a_package_that_lies_about_its_sizes_is_damaged(tmp_path):
    path = write(tmp_path / "z", {"a.xml": "<a>" + "text " * 50 + "</a>"})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 50)
    path.write_bytes(data)
    assert refusal(path) == (FileState.DAMAGED, "damaged")


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    laughs = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(
        f'<!ENTITY {chr(99 + n)} "{f"&{chr(98 + n)};" * 10}">' for n in range(8)
    )
    path = write(tmp_path / "z", {"a.xml": f"{laughs}]><a>&j;</a>"})
    with Archive(path) as archive:
        root = archive.optional_xml("a.xml")
    assert root is None or "ha" not in "".join(map(str, root.itertext()))
    outside = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    with Archive(write(tmp_path / "y", {"a.xml": outside})) as archive:
        root = archive.optional_xml("a.xml")
    assert root is None or "root:" not in "".join(map(str, root.itertext()))


def test_parts_nested_without_end_are_refused(tmp_path):
    path = write(tmp_path / "z", {"a.xml": "<a>" * 3000 + "</a>" * 3000})
    assert refusal(path) == (FileState.TOO_LARGE, "too_deep")


def test_what_is_no_zip_is_damaged(tmp_path):
    (tmp_path / "z").write_bytes(b"PK\x03\x04 torn")
    assert refusal(tmp_path / "z") == (FileState.DAMAGED, "damaged")
