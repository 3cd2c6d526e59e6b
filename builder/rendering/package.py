"""The package's own members: content types, links, properties; all of them the same for the same input."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from lxml import etree

from builder.rendering import wml
from builder.rendering.parts import RELS_NS, TYPES_NS, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOCUMENT = "word/document.xml"
CORE = "docProps/core.xml"
APP = "docProps/app.xml"
DOCUMENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
APP_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
PACKAGE_LINKS = [
    Relationship("rId1", f"{wml.R_NS}/officeDocument", DOCUMENT),
    Relationship("rId2", f"{RELS_NS}/metadata/core-properties", CORE),
    Relationship("rId3", f"{wml.R_NS}/extended-properties", APP),
]
APP_XML = (
    f"{wml.XML_DECLARATION}<Properties "
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>juesuan</Application></Properties>"
).encode()
_MOMENT = "1980-01-01T00:00:00Z"  # the zip members' date too: a clock would make every build differ


def _default(namespace: str) -> Any:
    return {None: namespace}  # lxml's stubs do not know that a prefix may be None


def core_xml(title: str) -> bytes:
    """Return docProps/core.xml with the document's title."""
    return (
        f"{wml.XML_DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(wml.NOT_PLAIN.sub(' ', title))}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_MOMENT}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_MOMENT}</dcterms:modified>'
        "<dc:language>zh-CN</dc:language></cp:coreProperties>"
    ).encode()


def relationships_member(member: str) -> str:
    """Return the name of the member that holds the links of ``member`` (the empty name: the package)."""
    folder, file = posixpath.split(member)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def relationships_xml(links: Sequence[Relationship], member: str) -> bytes:
    """Return the links of ``member``."""
    folder = posixpath.dirname(member)
    root = etree.Element(f"{{{RELS_NS}}}Relationships", nsmap=_default(RELS_NS))
    for link in links:
        target = link.target if link.external else posixpath.relpath(link.target, folder or ".")
        element = etree.SubElement(root, f"{{{RELS_NS}}}Relationship", Id=link.id, Type=link.type, Target=target)
        if link.external:
            element.set("TargetMode", "External")
    return wml.XML_DECLARATION.encode() + etree.tostring(root)


def content_types_xml(types: Mapping[str, str]) -> bytes:
    """Return [Content_Types].xml for members by name; images and workbooks are declared by their extension."""
    root = etree.Element(f"{{{TYPES_NS}}}Types", nsmap=_default(TYPES_NS))
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    for name, kind in types.items():
        extension = name.rpartition(".")[2]
        defaults.setdefault(extension, kind)
    for extension, kind in sorted(defaults.items()):
        etree.SubElement(root, f"{{{TYPES_NS}}}Default", Extension=extension, ContentType=kind)
    for name, kind in types.items():
        if defaults[name.rpartition(".")[2]] != kind:
            etree.SubElement(root, f"{{{TYPES_NS}}}Override", PartName=f"/{name}", ContentType=kind)
    return wml.XML_DECLARATION.encode() + etree.tostring(root)
