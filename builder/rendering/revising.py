"""Word's tracked changes: insertions and deletions in a paragraph, whole paragraphs, and rows of tables.

ECMA-376 part 1, 17.13.5: what is inserted or deleted stands in ``w:ins`` and ``w:del``; the end of a paragraph is
marked in the ``w:rPr`` of its properties, a row in its ``w:trPr``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import count, groupby, pairwise

from lxml import etree

from builder.rendering import wml
from builder.rendering.differences import Change

OBJECT = "￼"
"""Stands in a text for a chart, a picture or a text box."""
NO_TEXT = ("fldChar", "instrText", "delInstrText", "lastRenderedPageBreak", "footnoteRef", "annotationRef")
SIGNS = {"tab": "\t", "cr": "\n", "noBreakHyphen": "‑", "softHyphen": "\xad"}
ROW_FIRST = ("tblPrEx", "trPr")


@dataclass(frozen=True, slots=True)
class Piece:
    """A child of a run, and the text that it is; none for the marks of a field."""

    run: wml.Element
    element: wml.Element
    text: str


def pieces(paragraph: wml.Element) -> list[Piece]:
    """Return what stands in a paragraph, in order, without what stands in text boxes within it."""
    return [
        Piece(run, element, _text(element))
        for run in wml.own(paragraph, "r")
        for element in run
        if element.tag != wml.w("rPr")
    ]


def _text(element: wml.Element) -> str:
    name = wml.local(element)
    if name == "t":
        return element.text or ""
    if name == "br":
        return "\f" if element.get(wml.w("type")) in ("page", "column") else "\n"
    return SIGNS.get(name) or ("" if name in NO_TEXT else OBJECT)


def text_of(pieces_: Sequence[Piece]) -> str:
    """Return the text of a paragraph."""
    return "".join(piece.text for piece in pieces_)


class Reviser:
    """Marks changes in the elements of a new document, by one author at one moment, each with a number of its own."""

    def __init__(self, author: str, date: str, after_id: int) -> None:
        self._author, self._date = author, date
        self._ids = count(after_id + 1)

    def revise(self, paragraph: wml.Element, old: Sequence[Piece], changes: Sequence[Change]) -> None:
        """Mark these changes of its text in a new paragraph; ``old`` is what stood in the old one."""
        new = pieces(paragraph)
        inserted = _fields_in(new, changes)
        waiting = list(changes)
        at = 0
        for run, of_run in groupby(new, lambda piece: piece.run):
            parts: list[wml.Element] = []
            for piece in of_run:
                if piece.text:
                    for start, end, come in _cut(at, at + len(piece.text), changes):
                        while waiting and waiting[0].new_start <= start:
                            parts += self._deletions(old, waiting.pop(0))
                        self._add(parts, _part(run, piece, start - at, end - at), come=come)
                    at += len(piece.text)
                else:
                    self._add(parts, _part(run, piece), come=id(piece.element) in inserted)
            for part in parts:
                run.addprevious(part)
            _remove(run)
        for change in waiting:
            paragraph.extend(self._deletions(old, change))

    def inserted(self, paragraph: wml.Element) -> None:
        """Mark all that stands in a paragraph as inserted."""
        length = len(text_of(pieces(paragraph)))
        if length:
            self.revise(paragraph, (), [Change(0, 0, 0, length)])

    def deleted(self, paragraph: wml.Element) -> wml.Element:
        """Return an old paragraph with all that stood in it deleted; charts, pictures and fields are left out."""
        made = etree.Element(wml.w("p"))
        properties = wml.child(paragraph, "pPr")
        if properties is not None:
            made.append(_plain(properties))
            for section in made[0].findall(wml.w("sectPr")):
                made[0].remove(section)
        old = pieces(paragraph)
        made.extend(self._deletions(old, Change(0, len(text_of(old)), 0, 0)))
        return made

    def mark_end(self, paragraph: wml.Element, kind: str) -> None:
        """Mark the end of a paragraph as inserted (``ins``) or deleted (``del``)."""
        properties = wml.properties(paragraph, "pPr")
        of_mark = wml.child(properties, "rPr")
        if of_mark is None:
            of_mark = etree.Element(wml.w("rPr"))
            wml.insert_in_order(properties, of_mark, wml.P_PR_TAIL)
        of_mark.insert(0, self._mark(kind))

    def inserted_rows(self, container: wml.Element) -> None:
        """Mark a row, or all rows of a table, as inserted with all that stands in them."""
        for row in list(container.iter(wml.w("tr"))):
            self._mark_row(row, "ins")
            for paragraph in list(row.iter(wml.w("p"))):
                if next(paragraph.iterancestors(wml.w("tr"))) is row:
                    self.inserted(paragraph)
                    self.mark_end(paragraph, "ins")

    def deleted_rows(self, container: wml.Element) -> wml.Element:
        """Return an old row, or table, with all rows deleted and all that stood in them."""
        made = _plain(container)
        for row in made.iter(wml.w("tr")):
            self._mark_row(row, "del")
        for paragraph in list(made.iter(wml.w("p"))):
            if next(paragraph.iterancestors(wml.w("txbxContent")), None) is not None:
                continue
            gone = self.deleted(paragraph)
            self.mark_end(gone, "del")
            parent = paragraph.getparent()
            if parent is not None:
                parent.replace(paragraph, gone)
        return made

    def _mark_row(self, row: wml.Element, kind: str) -> None:
        properties = wml.child(row, "trPr")
        if properties is None:
            properties = etree.Element(wml.w("trPr"))
            wml.insert_in_order(row, properties, (*ROW_FIRST, "tc", "sdt", "customXml"))
        properties.append(self._mark(kind))

    def _mark(self, kind: str) -> wml.Element:
        made = etree.Element(wml.w(kind))
        made.set(wml.w("id"), str(next(self._ids)))
        made.set(wml.w("author"), self._author)
        made.set(wml.w("date"), self._date)
        return made

    def _add(self, parts: list[wml.Element], part: wml.Element, *, come: bool) -> None:
        """Add a piece of a run to the last one where both are the same kind."""
        if come:
            if not parts or parts[-1].tag != wml.w("ins"):
                parts.append(self._mark("ins"))
                parts[-1].append(part)
                return
            last = parts[-1][-1]
        elif parts and parts[-1].tag == wml.w("r"):
            last = parts[-1]
        else:
            parts.append(part)
            return
        last.extend(child for child in list(part) if child.tag != wml.w("rPr"))

    def _deletions(self, old: Sequence[Piece], change: Change) -> list[wml.Element]:
        """Return what has gone by one change, as a ``w:del``, or nothing."""
        made: list[wml.Element] = []
        at = 0
        for piece in old:
            start, end = max(change.start, at) - at, min(change.end, at + len(piece.text)) - at
            at += len(piece.text)
            if start >= end or piece.text == OBJECT:
                continue
            part = _part(piece.run, piece, start, end, copied=True)
            for text in part.iter(wml.w("t")):
                text.tag = wml.w("delText")
            made.append(_plain(part))
        if not made:
            return []
        mark = self._mark("del")
        mark.extend(made)
        return [mark]


def _cut(start: int, end: int, changes: Sequence[Change]) -> Iterator[tuple[int, int, bool]]:
    """Yield the pieces into which changes cut a stretch of the new text, and whether each was inserted."""
    edges = {edge for change in changes for edge in (change.new_start, change.new_end) if start < edge < end}
    for at, stop in pairwise(sorted({start, end} | edges)):
        yield at, stop, any(change.new_start <= at and stop <= change.new_end for change in changes)


def _fields_in(new: Sequence[Piece], changes: Sequence[Change]) -> set[int]:
    """Return the marks (by `id`) of the fields that stand in the paragraph as a whole and were inserted as a whole."""
    found: set[int] = set()
    begun: list[tuple[int, int]] = []
    at = 0
    for number, piece in enumerate(new):
        at += len(piece.text)
        kind = piece.element.get(wml.w("fldCharType")) if not piece.text else None
        if kind == "begin":
            begun.append((number, at))
        elif kind == "end" and begun:
            first, start = begun.pop()
            if start < at and any(change.new_start <= start and at <= change.new_end for change in changes):
                found.update(id(each.element) for each in new[first : number + 1] if not each.text)
    return found


def _part(
    run: wml.Element, piece: Piece, start: int = 0, end: int | None = None, *, copied: bool = False
) -> wml.Element:
    """Return a run like this one with a piece of it, or a part of that piece's text."""
    made = etree.Element(wml.w("r"))
    properties = wml.child(run, "rPr")
    if properties is not None:
        made.append(deepcopy(properties))
    if piece.element.tag == wml.w("t") and (start, end) != (0, len(piece.text)):
        text = etree.SubElement(made, wml.w("t"))
        wml.set_text(text, piece.text[start:end])
        text.set(wml.SPACE, "preserve")
    else:
        made.append(deepcopy(piece.element) if copied else piece.element)
    return made


def _plain(element: wml.Element) -> wml.Element:
    """Return a copy for another document: without bookmarks, and without numbers that must not stand there twice."""
    made = deepcopy(element)
    for each in list(made.iter(wml.w("bookmarkStart"), wml.w("bookmarkEnd"))):
        _remove(each)
    for each in made.iter():
        for name in list(each.attrib):
            if not str(name).startswith((f"{{{wml.W_NS}}}", f"{{{wml.XML_NS}}}")):
                del each.attrib[name]
    return made


def _remove(element: wml.Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
