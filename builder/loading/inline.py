"""What stands within a line of Markdown: bold, italic, links, backslashes and ``<br>``; all else is plain text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import LINK_RE, LinkInlineProcessor, Pattern, SubstituteTagInlineProcessor
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import Registry

from builder.blocks import LineBreak, Runs, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPECIAL = re.compile(r"[*_\[\\<]")  # a line without any of these is plain, as nearly all are
_KEPT = {"escape": 180, "autolink": 120, "em_strong": 60, "em_strong2": 50}  # the last in older versions only
_MULTIPLIED = re.compile(r"(?<=[\d)）%])\*(?=[\d(（])")
_ADDRESS = re.compile(r"[a-z]+:|www\.|[./#]|\S+\.(?:html?|pdf|docx?|xlsx?)$", re.IGNORECASE)
_BLANK = re.compile(r"\s+")


class _Link(LinkInlineProcessor):
    """A link, where its target looks like an address: 「[1998](15号)」 is text."""

    def handleMatch(  # type: ignore[override]  # the library's own classes part from their base here
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        element, start, end = super().handleMatch(m, data)
        if not isinstance(element, Element) or not _ADDRESS.match(element.get("href") or ""):
            return None, None, None
        return element, start, end


class InlineReader:
    """Reads single lines with the library's inline patterns; not for several threads at once."""

    @cached_property
    def _processors(self) -> tuple[InlineProcessor, UnescapeTreeprocessor]:
        """The library's own, made for the first line that is not plain: that takes longer than reading a long text."""
        library = Markdown()
        patterns: Registry[Pattern] = Registry()
        for name, priority in _KEPT.items():
            if name in library.inlinePatterns:
                patterns.register(library.inlinePatterns[name], name, priority)
        patterns.register(_Link(LINK_RE, library), "link", 160)
        patterns.register(SubstituteTagInlineProcessor(r"<br\s*/?>", "br"), "break", 100)
        library.inlinePatterns = patterns
        # The library's own processor keeps the patterns it was made with; patterns look for it under its name.
        inline = InlineProcessor(library)
        library.treeprocessors.register(inline, "inline", 20)
        return inline, UnescapeTreeprocessor(library)

    def read(self, text: str) -> tuple[Runs, list[str]]:
        """Return the runs of one line and the texts of its links."""
        if "\t" in text:
            text = _BLANK.sub(lambda blank: blank.group() if blank.group().strip("\t") else " ", text)
        if not _SPECIAL.search(text):
            return (Text(text),) if text else (), []
        root = Element("div")
        line = Element("p")
        line.text = _MULTIPLIED.sub(r"\\*", text)
        root.append(line)
        for processor in self._processors:
            processor.run(root)
        links = ["".join(link.itertext()) for link in line.iter("a")]
        return tuple(_joined(_walk(line, bold=False, italic=False))), links


def _walk(element: Element, *, bold: bool, italic: bool) -> Iterator[Text | LineBreak]:
    if element.tag == "br":
        yield LineBreak()
    if element.text:
        yield Text(element.text, bold, italic)
    for child in element:
        yield from _walk(child, bold=bold or child.tag == "strong", italic=italic or child.tag == "em")
        if child.tail:
            yield Text(child.tail, bold, italic)


def _joined(runs: Iterator[Text | LineBreak]) -> Iterator[Text | LineBreak]:
    """Join neighbours of one format."""
    last: Text | None = None
    for run in runs:
        if isinstance(run, Text) and last and (last.bold, last.italic) == (run.bold, run.italic):
            last = Text(last.text + run.text, run.bold, run.italic)
            continue
        if last:
            yield last
        last = run if isinstance(run, Text) else None
        if isinstance(run, LineBreak):
            yield run
    if last:
        yield last
