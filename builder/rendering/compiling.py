"""Compiled forms: the parts joined and their tags compiled once; then each unit costs milliseconds."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from builder.findings import Finding, InputError
from builder.rendering import drafts, package, wml
from builder.rendering.archive import Archive
from builder.rendering.bookmarks import bookmarked, unmarked
from builder.rendering.contents import PLACEHOLDER_PARAGRAPH, Contents, Heading, segments
from builder.rendering.environment import FormEnvironment, Vocabulary, make_environment
from builder.rendering.form_charts import FormChart, compile_charts
from builder.rendering.joining import Joined, join
from builder.rendering.parts import open_part
from builder.rendering.printing import is_sound, printed_as_block
from builder.rendering.templates import StoryTemplate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from builder.rendering.charts import ChartData
    from builder.rendering.contents import Segments
    from builder.rendering.joining import Story

    Pages = Callable[[str], Mapping[str, str] | None]

__all__ = ["CompiledForm", "FormFiles", "Rendered", "Vocabulary", "compile_form"]

_DRAFT_HEADER = (drafts.HEADER, drafts.new_header())
_DRAWING = b"<wp:docPr "
_DRAWING_ID = re.compile(rb'(<wp:docPr [^>]*?\bid=")\d+(")')


@dataclass(frozen=True, slots=True)
class FormFiles:
    """The Word files of a form: ``base`` (样式.docx) gives the styles, ``parts`` in order the text.

    ``root`` is the workspace, to which paths in messages are relative.
    """

    base: Path
    parts: tuple[Path, ...]
    root: Path


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document made: the .docx, and its headings with their bookmarks.

    ``paginated`` tells whether every entry of the contents has its page number; ``document`` is document.xml, and
    ``stories`` are the parts' bodies as they were before bookmarks and contents went in, in segments.
    """

    docx: bytes
    headings: tuple[Heading, ...]
    paginated: bool
    document: bytes
    stories: tuple[Segments, ...]

    @property
    def text(self) -> str:
        """The content of document.xml."""
        return self.document.decode()

    @property
    def layout(self) -> str:
        """A hash of all that page numbers depend on: the text but for the contents."""
        return layout_hash(self.stories)

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """The parts' bodies as they were before bookmarks and contents went in."""
        return tuple(map(_whole, self.stories))


def layout_hash(stories: Iterable[Segments]) -> str:
    """Return a hash of a document's parts as they are before its contents are filled in."""
    made = sha256()
    for story in stories:
        for _level, segment in story:
            made.update(unmarked(segment))
    return made.hexdigest()


def _whole(story: Segments) -> bytes:
    return b"".join(segment for _level, segment in story)


def compile_form(form: FormFiles, vocabulary: Vocabulary) -> CompiledForm:
    """Compile a form; raise InputError with all that is wrong in all of its parts, each with part and paragraph."""
    return CompiledForm(open_form(form), vocabulary)


def open_form(form: FormFiles) -> Joined:
    """Open a form's parts and join them; raise InputError for those that cannot be opened, all of them."""
    findings: list[Finding] = []
    packages = []
    for path in (form.base, *form.parts):
        try:
            packages.append(open_part(path, form.root))
        except InputError as error:
            findings += error.findings
    if findings:
        raise InputError(findings)
    if not form.parts:
        raise InputError("这个样式没有列出任何 Word 部件。请在 style.yaml 的“部件”中列出。")
    return join(packages[0], packages[1:])


class CompiledForm:
    """A form ready to render any number of units; safe to use from several threads."""

    def __init__(
        self, joined: Joined, vocabulary: Vocabulary, environment: type[FormEnvironment] = FormEnvironment
    ) -> None:
        self.environment = make_environment(vocabulary, environment)
        findings = list(joined.findings)
        self._charts: list[tuple[int, FormChart]] = []  # with the number of the part that shows it
        try:
            compiled = compile_charts(joined, self.environment)
            self._charts = [(joined.stories.index(chart.story), chart) for chart in compiled]
        except InputError as error:
            findings += error.findings
        self.stories: list[StoryTemplate] = []
        self._headers: dict[str, StoryTemplate] = {}
        self.around = joined.around()
        sources = joined.sources()
        ids = [int(e.get(wml.w("id"), "0")) for s in joined.stories for e in s.root.iter(wml.w("bookmarkStart"))]
        self._last_id = max(ids, default=0)
        texts = [xml for story, xml in sources if not story.member]
        self._contents = Contents(joined.contents, joined.styles, texts, self._last_id)
        self.environment.printed_as_block = self._printed_as_block
        for story, xml in sources:
            try:
                template = self._template(story, xml)
            except InputError as error:
                findings += error.findings
                continue
            if story.member:
                self._headers[story.member] = template
            else:
                self.stories.append(template)
        if findings:
            raise InputError(dict.fromkeys(findings))
        self.styles = joined.styles
        self._tagged = {member: template for member, template in self._headers.items() if template.tagged}
        self._ends = tuple(piece.encode() for piece in self.around)
        counts = ((index, template.source.count("<wp:docPr ")) for index, template in enumerate(self.stories))
        self._drawings = [(index, count) for index, count in counts if count]
        self._proved = all(template.proved for template in self.stories)
        self._copier = joined.copier
        self._archives: dict[tuple[frozenset[str], bool], Archive] = {}

    def render(
        self,
        context: Mapping[str, object],
        *,
        charts: Mapping[str, ChartData],
        pages: Mapping[str, str] | Pages | None,
        title: str,
        draft: bool = False,
    ) -> Rendered:
        """Render one document.

        ``charts`` gives data by a chart's name; ``pages`` page numbers by heading bookmark, or is a function that
        gives them for a layout (None: contents without numbers); ``title`` is the document property. A draft has its
        markers 【待补充…】 highlighted, and 草稿 on every page.

        Raises InputError with what is wrong in all parts: unknown names, a chart without data, unsound XML.
        """
        names: dict[str, Any] = {**self.environment.globals, **context}
        findings: list[Finding] = []
        bodies = _each(self.stories, names, findings)
        headers = _each(list(self._tagged.values()), names, findings)
        if findings:
            raise InputError(dict.fromkeys(findings))
        texts = [
            segments(body if template.proved else self._contents.signed(body))
            for template, body in zip(self.stories, bodies, strict=True)
        ]
        found = pages(layout_hash(texts)) if callable(pages) else pages
        numbers = found or {}
        pieces, headings = self._contents.apply(texts, numbers)
        pieces = bookmarked(pieces, self._last_id + len(headings))
        if draft:
            pieces = [drafts.with_headers(drafts.highlight(b"".join(pieces).decode())).encode()]
        if any(bodies[index].count(_DRAWING) > count for index, count in self._drawings):  # a loop around one
            pieces = [_renumbered(b"".join(pieces))]
        document = b"".join((self._ends[0], *pieces, self._ends[1]))
        if draft or not self._proved:
            self._check(document, texts)
        changing = [(package.DOCUMENT, document), (package.CORE, package.core_xml(title))]
        changing += self._checked_headers(headers, draft=draft)
        hidden: list[str] = []
        for index, chart in self._charts:
            if not chart.is_shown(bodies[index]):
                hidden += chart.members
                continue
            try:
                changing += chart.render(charts, names)
            except InputError as error:
                findings += error.findings
        if findings:
            raise InputError(dict.fromkeys(findings))
        docx = self._archive(frozenset(hidden), draft=draft).write(changing)
        paginated = all(heading.bookmark in numbers for heading in headings)
        return Rendered(docx, headings, paginated, document, tuple(texts))

    def _template(self, story: Story, xml: str) -> StoryTemplate:
        """Compile a story; one that is proved has signs at its headings, in another they are looked for each time."""
        if story.member:
            return StoryTemplate(story, xml, self.environment, ("", ""))
        signed = self._contents.signed(xml.encode()).decode()
        template = StoryTemplate(story, signed, self.environment, self.around)
        return template if template.proved else StoryTemplate(story, xml, self.environment, self.around)

    def _printed_as_block(self, value: Any) -> str:
        return self._contents.signed(printed_as_block(value).encode()).decode()

    def _check(self, document: bytes, texts: list[Segments]) -> None:
        if not is_sound(document):
            found = (t.unsound(_whole(text), self.around) for t, text in zip(self.stories, texts, strict=True))
            raise InputError(list(filter(None, found)) or "生成的文档不是完整的 Word 内容。")

    def _checked_headers(self, rendered: list[bytes], *, draft: bool) -> list[tuple[str, bytes]]:
        changing = []
        for (member, template), xml in zip(self._tagged.items(), rendered, strict=True):
            header = wml.XML_DECLARATION.encode() + _whole(segments(unmarked(xml)))  # no bookmarks, no contents there
            if not is_sound(header) and (finding := template.unsound(header, ("", ""))):
                raise InputError(finding)
            changing.append((member, header))
        return [(member, self._stamped(member, content)) for member, content in changing] if draft else changing

    def _stamped(self, member: str, content: bytes) -> bytes:
        """Return a member as a draft has it: page headers are stamped."""
        is_header = self._copier.types.get(member) == drafts.HEADER_TYPE
        return drafts.stamped(content.decode()).encode() if is_header else content

    def _archive(self, hidden: frozenset[str], *, draft: bool) -> Archive:
        """Return the package's unchanging members without the hidden charts, compressed once."""
        if (hidden, draft) not in self._archives:
            self._archives[hidden, draft] = Archive(self._fixed(hidden, draft=draft))
        return self._archives[hidden, draft]

    def _fixed(self, hidden: frozenset[str], *, draft: bool) -> list[tuple[str, bytes]]:
        copier = self._copier
        types = {name: kind for name, kind in copier.types.items() if name not in hidden}
        known = {
            package.DOCUMENT: package.DOCUMENT_TYPE, package.CORE: package.CORE_TYPE, package.APP: package.APP_TYPE
        }  # fmt: skip
        links = {package.DOCUMENT: [link for link in copier.document_links if link.target not in hidden]}
        if draft:
            types[drafts.HEADER] = drafts.HEADER_TYPE
            links[package.DOCUMENT].append(drafts.HEADER_LINK)
        members = [
            ("[Content_Types].xml", package.content_types_xml(known | types)),
            (package.relationships_member(""), package.relationships_xml(package.PACKAGE_LINKS, "")),
            (package.APP, package.APP_XML),
        ]
        links |= {name: own for name, own in copier.member_links.items() if own and name not in hidden}
        members += [(package.relationships_member(n), package.relationships_xml(own, n)) for n, own in links.items()]
        changing = {*self._tagged, *(member for _, chart in self._charts for member in chart.members)}
        for name, content in copier.members.items():
            if name in self._headers and name not in changing:
                members.append((name, f"{wml.XML_DECLARATION}{self._headers[name].source}".encode()))
            elif name not in changing | hidden:
                members.append((name, content))
        if draft:
            members = [*((name, self._stamped(name, content)) for name, content in members), _DRAFT_HEADER]
        return members

    def source_docx(self) -> bytes:
        """Return the joined .docx with its tags, as docxtpl would take it, for comparison; its contents are empty."""
        bodies = (_whole(segments(template.source.encode())).decode() for template in self.stories)
        body = PLACEHOLDER_PARAGRAPH.sub("<w:p/>", "".join(bodies))
        members = dict(self._fixed(frozenset(), draft=False))
        members[package.DOCUMENT] = f"{self.around[0]}{body}{self.around[1]}".encode()
        members[package.CORE] = package.core_xml("")
        members |= {n: f"{wml.XML_DECLARATION}{t.source}".encode() for n, t in self._headers.items()}
        members |= {m: self._copier.members[m] for _, chart in self._charts for m in chart.members}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
        return made.getvalue()


def _each(templates: list[StoryTemplate], names: dict[str, Any], findings: list[Finding]) -> list[bytes]:
    """Render all templates, noting what is wrong in each."""
    rendered = []
    for template in templates:
        try:
            rendered.append(template.render(names))
        except InputError as error:
            findings += error.findings
    return rendered


def _renumbered(document: bytes) -> bytes:
    numbers = itertools.count(1)
    return _DRAWING_ID.sub(lambda found: b"%b%d%b" % (found[1], next(numbers), found[2]), document)
