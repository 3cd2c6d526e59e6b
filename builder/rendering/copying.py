"""Copying what the parts link to (headers, charts, images, workbooks) into one package, under fresh names."""

from __future__ import annotations

import hashlib
import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from builder.findings import Finding, Source
from builder.rendering import wml
from builder.rendering.cleaning import strip_revision_ids
from builder.rendering.parts import Relationship
from builder.rendering.tags import without_marks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from builder.rendering.parts import Package

WML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
CHART = "chart"
_BASE = {
    "styles": "styles.xml", "settings": "settings.xml", "theme": "theme/theme1.xml", "fontTable": "fontTable.xml",
    "numbering": "numbering.xml", "webSettings": "webSettings.xml", "footnotes": "footnotes.xml",
    "endnotes": "endnotes.xml",
}  # fmt: skip
_FOLDERS = {CHART: "charts/chart", "image": "media/image", "package": "embeddings/workbook", "font": "fonts/font"}
_SETTINGS_DROPPED = {
    "rsids", "attachedTemplate", "updateFields", "proofState", "trackRevisions", "mailMerge", "documentProtection",
    "writeProtection", "view", "zoom", "linkStyles", "saveThroughXslt", "activeWritingStyle", "attachedSchema",
    "schemaLibrary", "docVars",
}  # fmt: skip
_REFUSED = {
    "oleObject": "嵌入的 OLE 对象（如公式编辑器、Excel 工作表对象）", "control": "ActiveX 控件",
    "aFChunk": "嵌入的其他文档", "subDocument": "子文档", "vbaProject": "宏",
}  # fmt: skip
_ADDRESSES = ("http://", "https://", "mailto:")


@dataclass(slots=True)
class Copier:
    """The package being made, without its main document: members, content types, links."""

    base: Package
    findings: list[Finding]
    members: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    member_links: dict[str, list[Relationship]] = field(default_factory=dict)
    document_links: list[Relationship] = field(default_factory=list)
    _stored: dict[tuple[object, ...], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)  # members being copied, to stop at a circle of links

    def __post_init__(self) -> None:
        """Take over what the base document gives: styles, settings, theme, fonts, numbering."""
        for kind, file in _BASE.items():
            member = self.base.related(self.base.main, kind)
            if not member:
                continue
            name = f"word/{file}"
            self.members[name] = _base_xml(self.base, member, kind)
            self.types[name] = self.base.content_type(member)
            if kind != "settings":  # its only links are to a template or a mail merge source elsewhere
                self.member_links[name] = self._copy_all_links(self.base, member, self.base.source)
            self._link(f"{wml.R_NS}/{kind}", name)

    def _link(self, kind: str, target: str, *, external: bool = False) -> str:
        link_id = f"rId{len(self.document_links) + 1}"
        self.document_links.append(Relationship(link_id, kind, target, external))
        return link_id

    def _fresh(self, stem: str, extension: str) -> str:
        self._counts[stem] = self._counts.get(stem, 0) + 1
        return f"word/{stem}{self._counts[stem]}{extension}"

    def copy_body_links(
        self, root: wml.Element, package: Package, links: Mapping[str, Relationship], source: Source
    ) -> None:
        """Copy what a body links to; its link ids are rewritten in place."""
        given: dict[str, str] = {}
        for element, name, rel in self._used_links(root, links, source):
            if rel.id not in given:
                target = rel.target if rel.external else self._copy(package, rel, source)
                given[rel.id] = self._link(rel.type, target, external=rel.external)
            element.set(name, given[rel.id])

    def copy_links(
        self, root: wml.Element, package: Package, links: Mapping[str, Relationship], source: Source
    ) -> list[Relationship]:
        """Copy what a header or footer links to; its link ids are rewritten in place. Return its links."""
        given: dict[str, Relationship] = {}
        for element, name, rel in self._used_links(root, links, source):
            if rel.id not in given:
                target = rel.target if rel.external else self._copy(package, rel, source)
                given[rel.id] = Relationship(f"rId{len(given) + 1}", rel.type, target, rel.external)
            element.set(name, given[rel.id].id)
        return list(given.values())

    def add_header(self, root: wml.Element, kind: str, links: list[Relationship]) -> tuple[str, str]:
        """Add a header or footer, one with the same content only once. Return its link id and member name."""
        key = (kind, without_marks(etree.tostring(root, encoding="unicode")), tuple(links))
        if key not in self._stored:
            name = self._fresh(kind, ".xml")
            self.types[name] = f"{WML}{kind}+xml"
            self.member_links[name] = links
            self.members[name] = b""
            self._stored[key] = name
            self._link(f"{wml.R_NS}/{kind}", name)
        name = self._stored[key]
        return next(link.id for link in self.document_links if link.target == name), name

    def empty_header(self, kind: str) -> str:
        """Return the link id of an empty header or footer."""
        root = etree.Element(wml.w("hdr" if kind == "header" else "ftr"), nsmap={"w": wml.W_NS})
        etree.SubElement(root, wml.w("p"))
        link_id, name = self.add_header(root, kind, [])
        self.members[name] = wml.XML_DECLARATION.encode() + etree.tostring(root)
        return link_id

    def _used_links(
        self, root: wml.Element, links: Mapping[str, Relationship], source: Source
    ) -> list[tuple[wml.Element, str, Relationship]]:
        """Return (element, attribute, link) for every link in the XML; elements that may not link are taken out."""
        found: list[tuple[wml.Element, str, Relationship]] = []
        for element in list(root.iter()):
            if wml.local(element) in {"headerReference", "footerReference"}:
                continue
            if wml.local(element) == "printerSettings":
                element.getparent().remove(element)  # type: ignore[union-attr]
                continue
            for name, value in element.attrib.items():
                if not str(name).startswith(f"{{{wml.R_NS}}}") or not value:
                    continue
                rel = links.get(str(value))
                if rel is None:
                    self.findings.append(
                        Finding("文件里有失效的图片、图表或链接。请在 Word 中删去后重新插入。", source)
                    )
                elif message := _refusal(rel):
                    self.findings.append(Finding(message, source))
                else:
                    found.append((element, str(name), rel))
        return found

    def _copy(self, package: Package, rel: Relationship, source: Source) -> str:
        """Copy one linked member with all it links to in turn; return its new name."""
        blob = package.members.get(rel.target)
        if blob is None:
            self.findings.append(
                Finding(f"文件里缺少 {rel.target}（图片或图表）。请在 Word 中删去后重新插入。", source)
            )
            return rel.target
        if rel.target in self._open:
            self.findings.append(Finding(f"文件里的 {rel.target} 循环引用自己，不是正常的 Word 文件。", source))
            return rel.target
        self._open.add(rel.target)
        links = self._copy_all_links(package, rel.target, source)
        self._open.discard(rel.target)
        key = (rel.kind, package.content_type(rel.target), hashlib.sha256(blob).digest(), tuple(links))
        if key in self._stored and rel.kind != CHART:  # a chart's data will be its own
            return self._stored[key]
        extension = posixpath.splitext(rel.target)[1].lower()
        name = self._fresh(_FOLDERS.get(rel.kind, f"other/{rel.kind}"), extension)
        self.members[name] = blob
        self.types[name] = package.content_type(rel.target)
        self.member_links[name] = links
        if rel.kind != "package":
            self._stored[key] = name
        return name

    def _copy_all_links(self, package: Package, member: str, source: Source) -> list[Relationship]:
        links = []
        for rel in package.relationships(member):
            if message := _refusal(rel):
                self.findings.append(Finding(message, source))
            else:
                target = rel.target if rel.external else self._copy(package, rel, source)
                links.append(Relationship(rel.id, rel.type, target, rel.external))
        return links


def _refusal(rel: Relationship) -> str:
    """Return why a link cannot be taken over, empty if it can."""
    if rel.kind in _REFUSED:
        return f"部件里有{_REFUSED[rel.kind]}，不能使用。请删去，或改成图片。"
    if rel.external and rel.kind == "hyperlink":
        known = rel.target.lower().startswith(_ADDRESSES)
        return (
            ""
            if known
            else f"超链接指向“{wml.shortened(rel.target)}”，只能用 http、https 或 mailto 地址。请改正或取消链接。"
        )
    if rel.external:
        return f"部件链接到外部文件“{wml.shortened(rel.target)}”。请把图片或图表数据嵌入文档。"
    return ""


def _base_xml(base: Package, member: str, kind: str) -> bytes:
    root = base.xml(member)
    strip_revision_ids(root)
    if kind == "settings":
        for element in list(root):
            if wml.local(element) in _SETTINGS_DROPPED:
                root.remove(element)
    return wml.XML_DECLARATION.encode() + etree.tostring(root)
