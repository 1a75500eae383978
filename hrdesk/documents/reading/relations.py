"""How the parts of an Office package refer to each other: relations by id and by type, across folders."""

import posixpath

from hrdesk.documents.reading.archive import Archive, attribute


def related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (last word of the type, name of the part) for what `part` refers to inside the package."""
    folder, _, name = part.rpartition("/")
    root = archive.optional_xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    found: dict[str, tuple[str, str]] = {}
    for relation in root if root is not None else ():
        if attribute(relation, "TargetMode") == "External":
            continue
        target = attribute(relation, "Target")
        place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = attribute(relation, "Type").rpartition("/")[2]
        found[attribute(relation, "Id")] = kind, posixpath.normpath(place)
    return found


def main_part(archive: Archive, usual: str) -> str | None:
    """Return the name of the package's main part, `usual` where the package does not say."""
    for kind, name in related(archive, "").values():
        if kind == "officeDocument" and name in archive.names:
            return name
    return usual if usual in archive.names else None


def relation_id(element: object) -> str:
    """Return the value of r:id of an element; sheets have another attribute that ends in "id"."""
    attributes: dict[object, object] = getattr(element, "attrib", {})
    for key, value in attributes.items():
        name = str(key)
        if name.endswith("/relationships}id"):
            return str(value)
    return ""
