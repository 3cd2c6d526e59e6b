"""Joining the ordered parts of a form into one document on the styles of 样式.docx."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml import etree

from builder.findings import Finding, Source
from builder.rendering import wml
from builder.rendering.cleaning import clean, has_revisions
from builder.rendering.contents import ContentsField, take_out
from builder.rendering.copying import Copier
from builder.rendering.directives import expand_vertical_merges
from builder.rendering.styles import StyleSheet
from builder.rendering.tags import OPENING, BrokenTag, Place, Tag, normalise_paragraph, placed_paragraphs

if TYPE_CHECKING:
    from builder.rendering.parts import Package

_STYLE_KINDS = {wml.w("pStyle"): "paragraph", wml.w("rStyle"): "character", wml.w("tblStyle"): "table"}
_NOTES = {wml.w("footnoteReference"): "脚注", wml.w("endnoteReference"): "尾注"}
_BODY = re.compile(r"<w:body\s*/>|<w:body>(.*)</w:body>", re.DOTALL)
_TINY = (
    f'<w:p xmlns:w="{wml.W_NS}"><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    '<w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>'
)  # fmt: skip
_BASE_PREFIXES = {"w": wml.W_NS, "r": wml.R_NS, "mc": wml.MC_NS, "wp": wml.WP_NS}


@dataclass(slots=True)
class Story:
    """A stretch of the document with tags: one part's body, or a header or footer."""

    source: Source
    root: wml.Element
    places: list[Place] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    broken: list[BrokenTag] = field(default_factory=list)
    member: str = ""  # of a header or footer: its name in the package

    def finding(self, message: str, place: int | None = None) -> Finding:
        """Return a finding in this part, at a paragraph where one is known."""
        if place is None:
            return Finding(message, self.source)
        found = self.places[place]
        where = found.where if found.text.strip() in message else str(found)
        return Finding(f"{where}：{message}", self.source)


@dataclass(slots=True)
class Joined:
    """The parts joined: their bodies, and the package members around them."""

    stories: list[Story]
    headers: dict[str, Story]  # member name → header or footer
    copier: Copier
    root: wml.Element  # w:document with all namespaces, its body empty
    styles: StyleSheet
    contents: list[ContentsField]
    findings: list[Finding]

    def sources(self) -> list[tuple[Story, str]]:
        """Return every story with its marked XML: of a body its content, of a header or footer the whole element."""
        body = self.root[0]
        found = []
        for story in self.stories:
            body[:] = list(story.root)
            content = _BODY.search(etree.tostring(self.root, encoding="unicode"))
            story.root[:] = list(body)
            found.append((story, (content[1] if content else "") or ""))
        found += [(story, etree.tostring(story.root, encoding="unicode")) for story in self.headers.values()]
        return found

    def around(self) -> tuple[str, str]:
        """Return what stands before and after the body's content in document.xml."""
        empty = etree.tostring(self.root, encoding="unicode")
        before, after = _BODY.sub("<w:body>\ufdd4</w:body>", empty).split("\ufdd4")
        return wml.XML_DECLARATION + before, after


def join(base: Package, packages: list[Package]) -> Joined:
    """Join ``packages`` in order on the styles, settings, theme, fonts and numbering of ``base``.

    What does not fit together is in the result's ``findings``; nothing is raised for it, so all of it can be shown.
    """
    return _Joiner(base).join(packages)


class _Joiner:
    """The joining of one form."""

    def __init__(self, base: Package) -> None:
        self.findings: list[Finding] = []
        self.copier = Copier(base, self.findings)
        self.contents: list[ContentsField] = []
        self.headers: dict[str, Story] = {}
        name = base.related(base.main, "styles")
        self.styles = StyleSheet(base.xml(name) if name else None)
        name = base.related(base.main, "numbering")
        numbers = base.xml(name).iterfind(wml.w("num")) if name else ()
        self.numbers = {element.get(wml.w("numId"), "") for element in numbers}

    def join(self, packages: list[Package]) -> Joined:
        stories = [Story(package.source, package.body()) for package in packages]
        root = _document_root(stories)
        for story, package in zip(stories, packages, strict=True):
            clean(story.root)
            self.findings += [story.finding(message) for message in take_out(story.root, self.styles, self.contents)]
            self._prepare(story, package)
            self._copy_links(story, package)
        _separate_headers(stories, self.copier)
        for story in stories[:-1]:
            _close_section(story.root)
        _number_drawings([story.root for story in (*stories, *self.headers.values())])
        return Joined(stories, self.headers, self.copier, root, self.styles, self.contents, self.findings)

    def _prepare(self, story: Story, package: Package, name: str = "") -> None:
        """Fit a cleaned body, header or footer to the base's styles and make its tags whole."""
        if has_revisions(story.root):
            self.findings.append(story.finding(f"{name}有未接受的修订。请在 Word 中接受或拒绝全部修订后保存。"))
        for note in sorted({_NOTES[element.tag] for element in story.root.iter(*_NOTES)}):
            self.findings.append(story.finding(f"有{note}，合并部件时不能保留。请把{note}改写到正文里。"))
        self._fit_styles(story, package)
        used = {element.get(wml.w("val"), "") for element in story.root.iter(wml.w("numId"))}
        for number in sorted(used - self.numbers - {"0"}):
            self.findings.append(
                story.finding(
                    f"{name}用了自动编号 {number}，样式.docx 里没有这个编号。"
                    "请在样式.docx 中建立带编号的样式，在部件里用该样式。"
                )
            )
        for paragraph, place in placed_paragraphs(story.root, name):
            story.places.append(place)
            tags, broken = normalise_paragraph(paragraph, len(story.places) - 1)
            story.tags += tags
            story.broken += broken
        expand_vertical_merges(story.root)

    def _fit_styles(self, story: Story, package: Package) -> None:
        """Make style ids those of the base, by the styles' names: Word and WPS give ids of their own to one style."""
        name = package.related(package.main, "styles")
        own = StyleSheet(package.xml(name) if name else None)
        missing: dict[str, None] = {}
        for element in story.root.iter(*_STYLE_KINDS):
            style_id, kind = element.get(wml.w("val"), ""), _STYLE_KINDS[element.tag]
            style = own.styles.get(style_id)
            if style:
                fitting = self.styles.id_of(style.name, kind)
            else:
                fitting = style_id if style_id in self.styles.styles else None
            if fitting is not None:
                element.set(wml.w("val"), fitting)
            else:
                missing[style.name if style else style_id] = None
        for style_name in missing:
            self.findings.append(
                story.finding(
                    f"用了样式“{style_name}”，样式.docx 里没有这个样式。"
                    "请在样式.docx 中建立它，或在部件里改用已有的样式。"
                )
            )

    def _copy_links(self, story: Story, package: Package) -> None:
        """Copy what a body links to into the joined package: headers and footers, charts, images, addresses."""
        links = {rel.id: rel for rel in package.relationships(package.main)}
        for reference in story.root.iter(wml.w("headerReference"), wml.w("footerReference")):
            rel = links.get(reference.get(wml.r("id"), ""))
            if rel is None or rel.target not in package.members:
                self.findings.append(story.finding("页眉或页脚已损坏。请在 Word 中删去后重新设置。"))
                continue
            header = Story(package.source, package.xml(rel.target))
            clean(header.root)
            self._prepare(header, package, "页眉" if rel.kind == "header" else "页脚")
            own_links = {link.id: link for link in package.relationships(rel.target)}
            member_links = self.copier.copy_links(header.root, package, own_links, header.source)
            link_id, member = self.copier.add_header(header.root, rel.kind, member_links)
            reference.set(wml.r("id"), link_id)
            header.member = member
            self.headers.setdefault(member, header)
        self.copier.copy_body_links(story.root, package, links, story.source)


def _document_root(stories: list[Story]) -> wml.Element:
    """Return an empty ``w:document`` that declares every namespace the parts declare."""
    prefixes: dict[str, str] = dict(_BASE_PREFIXES)
    ignorable: dict[str, None] = {}
    for story in stories:
        document = story.root.getparent()
        if document is None:
            continue
        for prefix, uri in document.nsmap.items():
            if prefix is not None and uri not in prefixes.values():
                prefixes.setdefault(prefix, uri)
        for prefix in document.get(f"{{{wml.MC_NS}}}Ignorable", "").split():
            if prefixes.get(prefix) == document.nsmap.get(prefix):
                ignorable[prefix] = None
    root = etree.Element(wml.w("document"), nsmap=prefixes)
    if ignorable:
        root.set(f"{{{wml.MC_NS}}}Ignorable", " ".join(ignorable))
    etree.SubElement(root, wml.w("body"))
    return root


def _sections(body: wml.Element) -> list[wml.Element]:
    return list(body.iter(wml.w("sectPr")))


def _separate_headers(stories: list[Story], copier: Copier) -> None:
    """Give a part without header or footer an empty one where an earlier part has one.

    A section without its own continues that of the section before, so the part would look unlike itself.
    """
    seen: set[tuple[str, str]] = set()
    for story in stories:
        sections = _sections(story.root)
        if not sections:
            sections = [etree.SubElement(story.root, wml.w("sectPr"))]
        first = sections[0]
        references = {(e.tag, e.get(wml.w("type"), "default")) for e in first if wml.local(e).endswith("Reference")}
        for tag, kind in sorted(seen - references, reverse=True):
            reference = etree.Element(tag)
            reference.set(wml.w("type"), kind)
            reference.set(wml.r("id"), copier.empty_header("header" if tag == wml.w("headerReference") else "footer"))
            first.insert(0, reference)
        for section in sections:
            seen |= {(e.tag, e.get(wml.w("type"), "default")) for e in section if wml.local(e).endswith("Reference")}


def _close_section(body: wml.Element) -> None:
    """Move the part's last section properties into its last paragraph, so that the next part can follow."""
    section = wml.child(body, "sectPr")
    if section is None:
        return
    body.remove(section)
    last = body[-1] if len(body) else None
    plain = last is not None and last.tag == wml.w("p") and last.find(f"{wml.w('pPr')}/{wml.w('sectPr')}") is None
    if last is None or not plain or OPENING.search(wml.paragraph_text(last)):
        # a paragraph tag takes its paragraph away and would take the section's end with it
        last = etree.fromstring(_TINY)
        body.append(last)
    wml.insert_in_order(wml.properties(last, "pPr"), section, wml.P_PR_TAIL)


def _number_drawings(roots: list[wml.Element]) -> None:
    """Number drawings and bookmarks through the whole document: parts made apart use the same numbers."""
    number = 0
    for root in roots:
        for drawing in root.iter(f"{{{wml.WP_NS}}}docPr"):
            number += 1
            drawing.set("id", str(number))
    bookmark = 0
    for root in roots:
        fresh: dict[str, str] = {}
        for mark in root.iter(wml.w("bookmarkStart"), wml.w("bookmarkEnd")):
            old = mark.get(wml.w("id"), "")
            if old not in fresh:
                bookmark += 1
                fresh[old] = str(bookmark)
            mark.set(wml.w("id"), fresh[old])
