"""The contents page: a Word TOC field whose shown result is rebuilt from the document's own headings.

Word and WPS show a field's stored result and ask nothing; WPS ignores a request to update. So the entries are written
here, each a link to a bookmark at its heading, with the page numbers that a layout of the document gave.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from builder.rendering import wml
from builder.rendering.bookmarks import unmarked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from builder.rendering.styles import StyleSheet

PLACEHOLDER = re.compile("\ufdd2(\\d+)\ufdd3")
PLACEHOLDER_PARAGRAPH = re.compile("<w:p><w:r><w:t>\ufdd2(\\d+)\ufdd3</w:t></w:r></w:p>")
_PLACE_PARAGRAPH = re.compile(PLACEHOLDER_PARAGRAPH.pattern.encode())
_PROPERTIES_END = b"</w:pPr>"
_RANGE = re.compile(r'\\o\s*"?\s*(\d)\s*-\s*(\d)')
_STYLES = re.compile(r'\\t\s*"([^"]*)"')
_NAMESPACES = re.compile(r' xmlns:\w+="[^"]*"')
_SHOWN = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)|<w:(?:tab|br|cr)/>")
_BLANKS = re.compile("[ \t\n]+")  # not the full-width space that sets 第一部分 off
_OUTLINE = b'<w:outlineLvl w:val="'
_HEADING = 0xF0000
"""The sign of a heading of level 1 is the character after this one, and so on: such as no text has."""
_SIGN = chr(_HEADING).encode()
_LEAD, _COMMON = _SIGN[:1], _SIGN[:-1]
"""The byte that signs, and nothing else, begin with; and all but the last one, which is the level's."""
_PARAGRAPH_END = b"</w:p>"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document made: level from 1, text, and the bookmark that stands at it."""

    level: int
    text: str
    bookmark: str


@dataclass(slots=True)
class ContentsField:
    """A TOC field of the form: its switches, and how its entries look, by level."""

    instruction: str
    levels: range = range(1, 4)
    by_paragraph: bool = False  # \u: a paragraph's own outline level counts, not only its style's
    styles: dict[str, int] = field(default_factory=dict)  # \t: further styles, by name
    looks: dict[int, str] = field(default_factory=dict)  # level → w:pPr of an entry

    @classmethod
    def read(cls, instruction: str) -> ContentsField:
        """Return the field for a ``TOC …`` instruction."""
        made = cls(" ".join(instruction.split()))
        if found := _RANGE.search(instruction):
            made.levels = range(int(found[1]), int(found[2]) + 1)
        if found := _STYLES.search(instruction):
            words = [word.strip() for word in re.split("[,;，；]", found[1])]
            pairs = zip(words[::2], words[1::2], strict=False)
            made.styles = {name: int(level) for name, level in pairs if level.isdigit()}
        made.by_paragraph = r"\u" in instruction
        return made


def take_out(root: wml.Element, styles: StyleSheet, fields: list[ContentsField]) -> list[str]:
    """Replace the TOC fields of a part by placeholders and append them to ``fields``; return what is wrong."""
    wrong: list[str] = []
    for instruction, begin, end in list(_toc_fields(root)):
        first, last = _paragraph(begin), _paragraph(end)
        parent = first.getparent() if first is not None else None
        if first is None or last is None or parent is None or last.getparent() is not parent:
            wrong.append("目录域不完整。请在 Word 中删去目录，重新插入自动目录。")
            continue
        made = ContentsField.read(instruction)
        low, high = parent.index(first), parent.index(last)
        _learn_looks(made, list(parent)[low : high + 1], styles)
        wrong += [
            f"目录要用的样式“toc {level}”，样式.docx 里没有。请在样式.docx 中建立它。"
            for level in sorted({*made.levels, *made.styles.values()} - made.looks.keys())
        ]
        placeholder = etree.Element(wml.w("p"))
        text = etree.SubElement(etree.SubElement(placeholder, wml.w("r")), wml.w("t"))
        text.text = f"\ufdd2{len(fields)}\ufdd3"
        fields.append(made)
        rest = _rest_after(last, end)
        for paragraph in list(parent)[low : high + (not rest)]:
            parent.remove(paragraph)
        parent.insert(low, placeholder)
    return wrong


def _toc_fields(root: wml.Element) -> Iterator[tuple[str, wml.Element, wml.Element]]:
    """Yield (instruction, begin, end) of each outermost TOC field."""
    opened: list[tuple[wml.Element, list[str]]] = []
    for element in root.iter(wml.w("fldChar"), wml.w("instrText"), wml.w("fldSimple")):
        if element.tag == wml.w("fldSimple"):
            if element.get(wml.w("instr"), "").split()[:1] == ["TOC"] and not opened:
                yield element.get(wml.w("instr"), ""), element, element
        elif element.tag == wml.w("instrText"):
            if opened:
                opened[-1][1].append(element.text or "")
        elif element.get(wml.w("fldCharType")) == "begin":
            opened.append((element, []))
        elif element.get(wml.w("fldCharType")) == "end" and opened:
            begin, words = opened.pop()
            instruction = "".join(words)
            if instruction.split()[:1] == ["TOC"] and not opened:
                yield instruction, begin, element


def _paragraph(element: wml.Element) -> wml.Element | None:
    return next(element.iterancestors(wml.w("p")), None)


def _rest_after(paragraph: wml.Element, end: wml.Element) -> bool:
    """Take everything up to the field's end out of its last paragraph; tell whether anything is left in it."""
    for child in list(paragraph):
        if child.tag == wml.w("pPr"):
            continue
        paragraph.remove(child)
        if child is end or end in child.iter():
            break
    section = paragraph.find(f"{wml.w('pPr')}/{wml.w('sectPr')}")
    return section is not None or any(child.tag != wml.w("pPr") for child in paragraph)


def _learn_looks(made: ContentsField, paragraphs: list[wml.Element], styles: StyleSheet) -> None:
    """Take the look of each level's entry from the stored ones; a level that has none gets the style and tab stops."""
    tabs = ""
    for paragraph in paragraphs:
        properties = paragraph.find(wml.w("pPr"))
        style = properties.find(wml.w("pStyle")) if properties is not None else None
        found = styles.styles.get(style.get(wml.w("val"), "")) if style is not None else None
        if properties is None or found is None or not re.fullmatch(r"toc \d", found.name):
            continue
        look = etree.fromstring(etree.tostring(properties))
        for name in ("rPr", "sectPr", "keepNext", "pageBreakBefore"):
            for element in look.findall(wml.w(name)):
                look.remove(element)
        stops = look.find(wml.w("tabs"))
        if stops is not None:
            tabs = tabs or _NAMESPACES.sub("", etree.tostring(stops, encoding="unicode"))
        made.looks.setdefault(int(found.name[-1]), _NAMESPACES.sub("", etree.tostring(look, encoding="unicode")))
    for level in {*made.levels, *made.styles.values()}:
        style_id = styles.id_of(f"toc {level}")
        if style_id is not None:
            made.looks.setdefault(level, f'<w:pPr><w:pStyle w:val="{style_id}"/>{tabs}</w:pPr>')


Segments: TypeAlias = "Sequence[tuple[int, bytes]]"
"""A text in segments: up to its first heading, and then each heading (from behind its w:pPr on) with its level."""


def segments(text: bytes) -> Segments:
    """Return a text with signs at its headings in segments, without the signs."""
    made: list[tuple[int, bytes]] = []
    at, level = 0, 0
    sign = text.find(_LEAD)
    while sign >= 0:
        if text.startswith(_COMMON, sign):
            made.append((level, text[at:sign]))
            at, level = sign + len(_SIGN), text[sign + len(_COMMON)] - _SIGN[-1]
        sign = text.find(_LEAD, sign + 1)
    return [*made, (level, text[at:] if at else text)]


def _with_ends(text: Segments) -> Iterator[tuple[int, bytes]]:
    """Yield segments of which each heading has its end: one in which another stands, in a text box, goes on behind."""
    outer, begun = 0, b""
    for level, segment in text:
        whole = (outer, begun + segment) if begun else (level, segment)
        if whole[0] and _PARAGRAPH_END not in whole[1]:
            outer, begun = whole
        else:
            begun = b""
            yield whole
    if begun:
        yield 0, begun


class Contents:
    """The contents of a compiled form: finds its headings and writes the entries.

    Headings are looked for when the form is compiled, and in what is put in place of whole paragraphs: a document is
    half a million characters. There they get signs, which go through the template.
    """

    def __init__(self, fields: list[ContentsField], styles: StyleSheet, sources: Sequence[str], first_id: int) -> None:
        self._fields = fields
        self._first_id = first_id
        self._levels = styles.headings()
        for made in fields:
            self._levels |= {i: n for name, n in made.styles.items() if (i := styles.id_of(name)) is not None}
        self._wanted = {level for made in fields for level in (*made.levels, *made.styles.values())}
        wanted = {style_id: level for style_id, level in self._levels.items() if level in self._wanted}
        self._needles = [(f'<w:pStyle w:val="{style_id}"/>'.encode(), level) for style_id, level in wanted.items()]
        outline = _OUTLINE.decode()
        self._by_paragraph = any(made.by_paragraph for made in fields) and any(outline in text for text in sources)
        self._places = {index for index, text in enumerate(sources) if PLACEHOLDER.search(text)}

    def signed(self, text: bytes) -> bytes:
        """Return a text with signs at its headings, each behind the paragraph's properties."""
        pieces: list[bytes] = []
        at = 0
        for start, level in self._headings(text):
            body = text.find(_PROPERTIES_END, start) + len(_PROPERTIES_END)
            pieces += (text[at:body], chr(_HEADING + level).encode())
            at = body
        return b"".join((*pieces, text[at:])) if pieces else text

    def apply(self, texts: Sequence[Segments], pages: Mapping[str, str]) -> tuple[list[bytes], tuple[Heading, ...]]:
        """Return the document in pieces, with bookmarks at its headings and with its contents, and the headings.

        ``texts`` are its parts in order, as `segments`; ``pages`` gives page numbers as text by bookmark; entries
        without one have no tab and no number.
        """
        pieces: list[bytes] = []
        headings: list[Heading] = []
        places: list[int] = []
        for index, text in enumerate(texts):
            first = len(pieces)
            for level, segment in _with_ends(text):
                end = segment.find(_PARAGRAPH_END) if level else 0
                words = unmarked(b"".join([found or b" " for found in _SHOWN.findall(segment, 0, end)])).decode()
                shown = _BLANKS.sub(" ", words).strip()
                if not shown:
                    pieces.append(segment)
                    continue
                number = len(headings) + 1
                bookmark = f"_Toc{number:09d}"
                mark = self._first_id + number
                pieces += (
                    f'<w:bookmarkStart w:id="{mark}" w:name="{bookmark}"/>'.encode(), segment[:end],
                    b'<w:bookmarkEnd w:id="%d"/>' % mark, segment[end:],
                )  # fmt: skip
                headings.append(Heading(level, unescape(shown), bookmark))
            if index in self._places:
                places += range(first, len(pieces))
        done = tuple(headings)
        for place in places:
            pieces[place] = _PLACE_PARAGRAPH.sub(
                lambda found: _entries(self._fields[int(found[1])], done, pages).encode(), pieces[place]
            )
        return pieces, done

    def _headings(self, text: bytes) -> list[tuple[int, int]]:
        """Return where the heading paragraphs of a text begin, with their levels, in order."""
        found: dict[int, int] = {}
        for needle, level in self._needles:
            at = text.find(needle)
            while at >= 0:
                found[text.rfind(b"<w:p", 0, text.rfind(b"<w:pPr>", 0, at))] = level
                at = text.find(needle, at + 1)
        at = text.find(_OUTLINE) if self._by_paragraph else -1
        while at >= 0:
            start = text.rfind(b"<w:p", 0, text.rfind(b"<w:pPr>", 0, at))
            found.pop(start, None)
            level = int(text[at + len(_OUTLINE) : at + len(_OUTLINE) + 1]) + 1
            if level in self._wanted:
                found[start] = level
            at = text.find(_OUTLINE, at + 1)
        return sorted(found.items())


def _entries(made: ContentsField, headings: tuple[Heading, ...], pages: Mapping[str, str]) -> str:
    """Return the field with one paragraph an entry: it begins in the first and ends in the last."""
    begin = (
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
        f'{_escape(made.instruction)} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    shown = [h for h in headings if h.level in made.looks]
    entries = [(made.looks[h.level], _entry(h, pages.get(h.bookmark))) for h in shown] or [("", "")]
    last = len(entries) - 1
    return "".join(
        f"<w:p>{look}{begin if i == 0 else ''}{entry}{end if i == last else ''}</w:p>"
        for i, (look, entry) in enumerate(entries)
    )


def _entry(heading: Heading, page: str | None) -> str:
    text = f'<w:r><w:t xml:space="preserve">{_escape(heading.text)}</w:t></w:r>'
    if page:
        text += (
            '<w:r><w:tab/></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
            f'PAGEREF {heading.bookmark} \\h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'<w:r><w:t>{_escape(page)}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
    return f'<w:hyperlink w:anchor="{heading.bookmark}" w:history="1">{text}</w:hyperlink>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
