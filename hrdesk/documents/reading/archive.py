"""Office files as zip archives of XML parts, opened with caps, so that a small file cannot become a huge one.

Only named parts are read, never extracted to disk. Entities are not resolved and nothing is fetched.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

from lxml import etree

from hrdesk.core.documents import FileState
from hrdesk.documents.reading.kinds import Source
from hrdesk.documents.sentences import FileRefused

MAX_PARTS = 5_000
MAX_PART_BYTES = 100 * 2**20
MAX_RATIO = 200
RATIO_COUNTS_FROM = 2**20
# How every part is parsed: nothing is fetched or expanded, and only elements are kept.
GUARDS: Mapping[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}

_NAMES: dict[str | bytes | bytearray | etree.QName, str] = {}
_FAULTS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError)


class Archive:
    """A zip file whose XML parts can be asked for by name. Raises `FileRefused`."""

    def __init__(self, source: Source) -> None:
        try:
            self._zip = zipfile.ZipFile(source)
        except _FAULTS as error:
            raise FileRefused(FileState.DAMAGED, "damaged") from error
        self.names = {info.filename for info in self._zip.infolist()}
        if len(self.names) > MAX_PARTS:
            self._zip.close()
            raise FileRefused(FileState.TOO_LARGE, "unpacked_size")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, None when there is no such part."""
        return _parse(self._bytes(name)) if name in self.names else None

    def _bytes(self, name: str) -> bytes:
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise FileRefused(FileState.NEEDS_PASSWORD, "password")
        bomb = info.file_size > RATIO_COUNTS_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if info.file_size > MAX_PART_BYTES or bomb:
            raise FileRefused(FileState.TOO_LARGE, "unpacked_size")
        try:
            return self._zip.read(name)
        except _FAULTS as error:
            raise FileRefused(FileState.DAMAGED, "damaged") from error

    def stream(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """Yield the elements with these names of a large part, each forgotten after its turn."""
        if name not in self.names:
            return
        events = etree.iterparse(
            io.BytesIO(self._bytes(name)),
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            **GUARDS,
        )
        try:
            for _, element in events:
                yield element
                element.clear()
                before, parent = element.getprevious(), element.getparent()
                if before is not None and parent is not None:
                    parent.remove(before)
        except etree.XMLSyntaxError as error:
            raise _unreadable(error) from error

    def optional_xml(self, name: str) -> etree._Element | None:
        """Return the root of a part whose damage does not matter (styles, numbers); None where unusable."""
        try:
            return self.xml(name)
        except FileRefused:
            return None


def _parse(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, etree.XMLParser(**GUARDS))
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from error
    except ValueError as error:
        raise FileRefused(FileState.DAMAGED, "damaged") from error


def _unreadable(error: etree.XMLSyntaxError) -> FileRefused:
    deep = "depth" in str(error).lower()
    return FileRefused(*(FileState.TOO_LARGE, "too_deep") if deep else (FileState.DAMAGED, "damaged"))


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for entities and the like."""
    tag = element.tag
    name = _NAMES.get(tag) if isinstance(tag, str) else ""
    if name is None:
        name = _NAMES[tag] = str(tag).rpartition("}")[2]
    return name


def below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield all elements of a name at or below `element`, in any namespace."""
    return element.iter(f"{{*}}{name}")


def attribute(element: etree._Element | None, name: str, default: str = "") -> str:
    """Return an attribute by its name without namespace."""
    if element is None:
        return default
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: etree._Element | None, *names: str) -> etree._Element | None:
    """Follow a path of children by their names without namespace."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element
