"""The passages of a Word document: its paragraphs and table cells in order, each with its place in words.

The same walk reads a document as made (with the signs of what was printed, see `tracing`), as released, and as it comes
back from Word, WPS or LibreOffice. The contents page is left out: it repeats the headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder.rendering import wml
from builder.rendering.contents import PLACEHOLDER
from builder.rendering.marks import PREFIX, Sign, signs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from builder.rendering.styles import StyleSheet

_FALLBACK = f"{{{wml.MC_NS}}}Fallback"
_TOC = re.compile(r"toc \d")
_TITLE = 4
"""A head of more signs that the caption ends with is the table's title, not a column's."""
_WORDS = re.compile(r"[一-鿿]")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a passage stands: under which headings, which paragraph there, or which cell of which table.

    ``table`` counts the tables of the document from 1; ``row`` and ``column`` count from 1; labels are the words that
    stand before in the row, and the heads of the column.
    """

    headings: tuple[str, ...] = ()
    paragraph: int = 0
    table: int = 0
    caption: str = ""
    row: int = 0
    column: int = 0
    row_label: str = ""
    column_label: str = ""

    def __str__(self) -> str:
        """Return the place as people look it up in Word."""
        under = " › ".join(self.headings[-2:]) or "文首"
        if not self.table:
            return f"{under} 第{self.paragraph}段"
        table = f"「{self.caption}」" if self.caption else f"{under} 的表"
        row = f"「{self.row_label}」行" if self.row_label else f"第{self.row}行"
        column = f"「{self.column_label}」栏" if self.column_label else f"第{self.column}栏"
        return f"{table}{row}{column}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a passage: fixed text of the form, or what one tag printed (its number), or what a mark holds."""

    text: str
    printed: int | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, or one cell of a table with its paragraphs as lines. ``heading`` is its level, 0 for text.

    ``continues`` tells of a cell that it is merged with the one above, so that what it holds is not seen.
    """

    spot: Spot
    segments: tuple[Segment, ...]
    heading: int = 0
    continues: bool = False

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(segment.text for segment in self.segments)


@dataclass(slots=True)
class _Cell:
    column: int
    span: int
    element: wml.Element
    continues: bool


class Walk:
    """One walk through a document, whose body may come in parts; a mark may be open from one paragraph to the next."""

    def __init__(self, styles: StyleSheet) -> None:
        self._levels = styles.headings()
        self._contents = {style.id for style in styles if _TOC.fullmatch(style.name)}
        self._headings: list[tuple[int, str]] = []
        self._paragraphs = 0
        self._tables = 0
        self._caption = ""
        self._printed: list[int] = []
        self._marks: list[str] = []
        self._bookmarks: dict[str, str] = {}

    def passages(self, body: wml.Element) -> tuple[Passage, ...]:
        """Return the passages of the document's body, or of its next part; empty ones left out."""
        return tuple(passage for passage in self.blocks(body) if passage.segments)

    def blocks(self, container: wml.Element) -> Iterator[Passage]:
        """Yield the passages of what stands in a body, one after the other."""
        for element in container:
            if element.tag == wml.w("p"):
                yield from self._paragraph(element)
            elif element.tag == wml.w("tbl"):
                yield from self._table(element)
            elif element.tag != wml.w("sectPr"):
                yield from self.blocks(element)

    def _paragraph(self, paragraph: wml.Element) -> Iterator[Passage]:
        style = paragraph.find(f"{wml.w('pPr')}/{wml.w('pStyle')}")
        style_id = style.get(wml.w("val"), "") if style is not None else ""
        segments = self._segments(paragraph)
        text = "".join(segment.text for segment in segments).strip()
        if style_id in self._contents or PLACEHOLDER.fullmatch(text):
            return
        level = self._levels.get(style_id, 0) if text else 0
        if level:
            self._headings = [kept for kept in self._headings if kept[0] < level] + [(level, text)]
            self._paragraphs = 0
        elif text:
            self._paragraphs += 1
        if text:
            self._caption = text
        headings = tuple(heading for _level, heading in self._headings)
        yield Passage(Spot(headings[:-1] if level else headings, self._paragraphs), segments, level)
        for box in wml.own(paragraph, "txbxContent"):
            if next(box.iterancestors(_FALLBACK), None) is None:
                yield from self.blocks(box)

    def _table(self, table: wml.Element) -> Iterator[Passage]:
        self._tables += 1
        number, caption = self._tables, self._caption
        headings = tuple(heading for _level, heading in self._headings)
        heads: dict[int, list[str]] = {}
        rows = [row for row in table.iter(wml.w("tr")) if next(row.iterancestors(wml.w("tbl"))) is table]
        for index, row in enumerate(rows, 1):
            is_head = index == 1 or row.find(f"{wml.w('trPr')}/{wml.w('tblHeader')}") is not None
            label = ""
            for cell in _cells(row):
                segments = self._cell(cell.element)
                text = " ".join("".join(segment.text for segment in segments).split())
                columns = range(cell.column, cell.column + cell.span)
                if is_head and not cell.continues and not (len(text) > _TITLE and caption.endswith(text)):
                    for column in columns:
                        heads.setdefault(column, []).append(text)
                if not segments:
                    continue
                place = headings, 0, number, wml.shortened(caption), index, cell.column
                spot = Spot(*place) if is_head else Spot(*place, wml.shortened(label), _named(heads.get(cell.column)))
                if _WORDS.search(text):
                    label = text
                yield Passage(spot, segments, continues=cell.continues)

    def _cell(self, cell: wml.Element) -> tuple[Segment, ...]:
        """Return what stands in a cell; its paragraphs are lines."""
        lines = [self._segments(paragraph) for paragraph in cell.iter(wml.w("p"))]
        made: list[Segment] = []
        for line in lines:
            if made and line:
                made.append(Segment("\n"))
            made += line
        return tuple(made)

    def _segments(self, paragraph: wml.Element) -> tuple[Segment, ...]:
        made: list[Segment] = []
        for element in wml.own(paragraph, "t", "tab", "br", "cr", "noBreakHyphen", "bookmarkStart", "bookmarkEnd"):
            name = wml.local(element)
            if name == "bookmarkStart":
                self._bookmark(element)
            elif name == "bookmarkEnd":
                self._close(self._bookmarks.pop(element.get(wml.w("id"), ""), ""))
            elif name == "t":
                made += self._pieces(element.text or "")
            elif wml.in_run(element) and element.get(wml.w("type")) != "page":
                made.append(self._segment(_SIGNS[name]))
        return tuple(_joined(made))

    def _bookmark(self, start: wml.Element) -> None:
        name = start.get(wml.w("name"), "")
        if name.startswith(PREFIX):
            self._bookmarks[start.get(wml.w("id"), "")] = name
            self._marks.append(name)

    def _close(self, name: str) -> None:
        if name in self._marks:
            self._marks.remove(name)

    def _pieces(self, text: str) -> Iterator[Segment]:
        """Yield the pieces of a run's text, the signs in it taken out and remembered."""
        for piece in signs_of(text):
            if isinstance(piece, str):
                yield self._segment(piece)
            elif piece.kind is Sign.PRINTED:
                self._printed.append(int(piece.value))
            elif piece.kind is Sign.PRINTED_END:
                self._printed.pop()
            elif piece.kind is Sign.MARK:
                self._marks.append(piece.value)
            else:
                self._close(piece.value or (self._marks[-1] if self._marks else ""))

    def _segment(self, text: str) -> Segment:
        return Segment(text, self._printed[-1] if self._printed else None, self._marks[-1] if self._marks else "")


def _named(heads: list[str] | None) -> str:
    """Return a column's name from the heads above it: the last two that are words."""
    words = [head for head in dict.fromkeys(heads or ()) if _WORDS.search(head) and "：" not in head]
    return wml.shortened(" ".join(words[-2:]))


def _cells(row: wml.Element) -> Iterator[_Cell]:
    """Yield the cells of a row with the column of the grid in which each begins, from 1."""
    column = 1
    for cell in row.iter(wml.w("tc")):
        if next(cell.iterancestors(wml.w("tr"))) is not row:
            continue
        properties = wml.child(cell, "tcPr")
        span = properties.find(wml.w("gridSpan")) if properties is not None else None
        merge = properties.find(wml.w("vMerge")) if properties is not None else None
        width = int(span.get(wml.w("val"), "1")) if span is not None else 1
        yield _Cell(column, width, cell, merge is not None and merge.get(wml.w("val"), "continue") == "continue")
        column += width


def _joined(segments: list[Segment]) -> Iterator[Segment]:
    """Yield segments with neighbours of one origin made one: Word splits a run wherever it likes."""
    last: Segment | None = None
    for segment in segments:
        if not segment.text:
            continue
        if last is not None and (last.printed, last.mark) == (segment.printed, segment.mark):
            last = Segment(last.text + segment.text, last.printed, last.mark)
            continue
        if last is not None:
            yield last
        last = segment
    if last is not None:
        yield last
