"""A new document with tracked changes against an old one: accepted, they give the new text; rejected, the old.

The new document's elements stay where they are and are marked; what went is put between them. Text is compared, not
formatting: that is the new document's.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from lxml import etree

from builder.findings import Source
from builder.rendering import wml
from builder.rendering.archive import Archive
from builder.rendering.chart_reading import chart_points
from builder.rendering.compared import SHORT, Block, Kind, Paragraph, Table, blocks_of
from builder.rendering.differences import Change, Differ
from builder.rendering.pairing import ALIKE, Pair, paired
from builder.rendering.parts import Package
from builder.rendering.revising import OBJECT, Reviser


class Done(Enum):
    """What has become of a paragraph, a cell or a row."""

    CHANGED = "改动"
    ADDED = "增加"
    REMOVED = "删去"


Counts = Counter[tuple[Done, Kind]]


@dataclass(frozen=True, slots=True)
class Redline:
    """A document with tracked changes.

    ``charts`` are the names of the charts whose data have changed, ``apart`` is what else is new; neither is tracked.
    """

    docx: bytes
    counts: Counts
    charts: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def redline(old: bytes, new: bytes, *, author: str, date: str) -> Redline:
    """Return the new .docx with tracked changes against the old one; ``date`` is of the form 2023-09-01T00:00:00Z."""
    before, after = _package(old), _package(new)
    made = _Redline(before, after, author, date)
    roots = before.xml(before.main), after.xml(after.main)
    made.compare_around(*roots)
    made.compare(*roots, after.main)
    made.note_apart()
    was, now = chart_points(old), chart_points(new)
    changed = set(was) ^ set(now)
    charts = tuple(dict.fromkeys(point.chart for point in (*now, *was) if point in changed))
    members = {**after.members, **made.members}
    return Redline(Archive(()).write(members.items()), made.counts, charts, tuple(made.apart))


@dataclass
class _Redline:
    before: Package
    after: Package
    author: str
    date: str
    counts: Counts = field(default_factory=Counter)
    members: dict[str, bytes] = field(default_factory=dict)
    apart: list[str] = field(default_factory=list)

    def compare(self, old: wml.Element, new: wml.Element, member: str) -> None:
        """Mark one member of the package: the document, a header or a footer."""
        numbers = (int(number) for each in new.iter() if (number := each.get(wml.w("id"), "")).isdecimal())
        reviser = Reviser(self.author, self.date, max(numbers, default=0))
        differ = Differ(text.text or "" for root in (old, new) for text in root.iter(wml.w("t")))
        changed = self.counts.total()
        _Marking(reviser, differ, self.counts).container(*(_container(root) for root in (old, new)))
        if self.counts.total() > changed:
            self.members[member] = wml.XML_DECLARATION.encode() + etree.tostring(new)

    def compare_around(self, old: wml.Element, new: wml.Element) -> None:
        """Mark headers and footers, where both documents have the same ones."""
        olds, news = _around(self.before, old), _around(self.after, new)
        if [kind for kind, _member in olds] != [kind for kind, _member in news]:
            self.apart.append("页眉、页脚")
            return
        for was, now in dict.fromkeys((was, now) for (_, was), (_, now) in zip(olds, news, strict=True)):
            if self.before.members[was] != self.after.members[now] and now not in self.members:
                self.compare(self.before.xml(was), self.after.xml(now), now)


    def note_apart(self) -> None:
        """Note what is not tracked."""
        styles = [package.members.get(package.related(package.main, "styles")) for package in (self.before, self.after)]
        if styles[0] != styles[1]:
            self.apart.append("样式")
        shapes = [package.members[package.main].count(b"<w:drawing>") for package in (self.before, self.after)]
        if shapes[0] != shapes[1]:
            self.apart.append("图表、图片的个数")


@dataclass
class _Marking:
    reviser: Reviser
    differ: Differ
    counts: Counts

    def container(self, old: wml.Element, new: wml.Element) -> None:
        """Mark what has changed between two bodies, cells, text boxes, headers or footers."""
        pairs = paired(list(blocks_of(old)), list(blocks_of(new)))
        if all(was and now and was.key == now.key for was, now in pairs):
            self._boxes(pairs)
            return
        pairs = _ending_together(pairs)
        ends = _ends(pairs)
        last: wml.Element | None = None
        for number, (was, now) in enumerate(pairs):
            if was is not None and now is not None:
                self._changed(was, now)
                placed = now.element
            elif now is not None:
                self._come(now)
                placed = now.element
            else:
                assert was is not None
                placed = self._gone(was)
                if last is not None:
                    last.addnext(placed)
                else:
                    next(now for _, now in pairs if now is not None).element.addprevious(placed)
            if number in ends:
                self.reviser.mark_end(placed, ends[number])
            last = placed
        self._boxes(pairs)

    def _changed(self, was: Block, now: Block) -> None:
        if was.key == now.key:
            return
        if isinstance(was, Paragraph) and isinstance(now, Paragraph):
            self.counts[Done.CHANGED, now.kind] += 1
            whole = now.kind is Kind.CELL and max(len(was.key), len(now.key)) <= SHORT
            changes = [Change(0, len(was.key), 0, len(now.key))] if whole else self.differ.changes(was.key, now.key)
            self.reviser.revise(now.element, was.pieces, changes)
        elif isinstance(was, Table) and isinstance(now, Table):
            self._rows(was, now)

    def _rows(self, was: Table, now: Table) -> None:
        last: wml.Element | None = None
        for old, new in paired(was.rows, now.rows, alone=ALIKE):
            if old is not None and new is not None:
                for cell, its in zip(old.cells, new.cells, strict=True):
                    self.container(cell, its)
                last = new.element
            elif new is not None:
                self.counts[Done.ADDED, Kind.ROW] += 1
                self.reviser.inserted_rows(new.element)
                last = new.element
            elif old is not None:
                self.counts[Done.REMOVED, Kind.ROW] += 1
                placed = self.reviser.deleted_rows(old.element)
                if last is not None:
                    last.addnext(placed)
                else:
                    now.rows[0].element.addprevious(placed)
                last = placed

    def _come(self, block: Block) -> None:
        if isinstance(block, Table):
            self.counts[Done.ADDED, Kind.ROW] += len(block.rows)
            self.reviser.inserted_rows(block.element)
        else:
            self.counts[Done.ADDED, block.kind] += 1
            self.reviser.inserted(block.element)

    def _gone(self, block: Block) -> wml.Element:
        if isinstance(block, Table):
            self.counts[Done.REMOVED, Kind.ROW] += len(block.rows)
            return self.reviser.deleted_rows(block.element)
        self.counts[Done.REMOVED, block.kind] += 1
        return self.reviser.deleted(block.element)

    def _boxes(self, pairs: Sequence[Pair[Block]]) -> None:
        """Mark text boxes that stand in paragraphs of both."""
        for was, now in pairs:
            if isinstance(was, Paragraph) and isinstance(now, Paragraph) and OBJECT in now.key:
                for box, its in zip(_text_boxes(was), _text_boxes(now), strict=False):
                    self.container(box, its)


def _text_boxes(paragraph: Paragraph) -> list[wml.Element]:
    """Return the text boxes of a paragraph; one may stand there twice, for new programs and for old ones."""
    return list(paragraph.element.iter(wml.w("txbxContent")))


def _ending_together(pairs: list[Pair[Block]]) -> list[Pair[Block]]:
    """Pair the last paragraphs of both: the end of the last one can be neither inserted nor deleted."""
    rest = next((n for n in reversed(range(len(pairs))) if None not in pairs[n]), -1) + 1
    gone = [was for was, _now in pairs[rest:] if was is not None]
    come = [now for _was, now in pairs[rest:] if now is not None]
    if not (gone and come and isinstance(gone[-1], Paragraph) and isinstance(come[-1], Paragraph)):
        return pairs
    others: list[Pair[Block]] = [*((was, None) for was in gone[:-1]), *((None, now) for now in come[:-1])]
    return [*pairs[:rest], *others, (gone[-1], come[-1])]


def _ends(pairs: Sequence[Pair[Block]]) -> dict[int, str]:
    """Return the places of the paragraphs whose ends are to be marked, and how.

    With a paragraph its own end comes or goes; after the last one there is none, so there the end before it does.
    """
    marks = {
        number: "ins" if was is None else "del"
        for number, (was, now) in enumerate(pairs)
        if (was is None) != (now is None) and isinstance(was or now, Paragraph)
    }
    before = next((n for n in reversed(range(len(pairs))) if None not in pairs[n]), -1)
    if before >= 0 and isinstance(pairs[before][1], Paragraph):
        rest = [number for number in marks if number > before]
        marks |= {number: marks[then] for number, then in pairwise([before, *rest])}
        for last in rest[-1:]:
            del marks[last]
    return marks


def _package(docx: bytes) -> Package:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return Package({name: archive.read(name) for name in archive.namelist()}, Source(""))


def _container(root: wml.Element) -> wml.Element:
    body = root.find(wml.w("body"))
    return root if body is None else body


def _around(package: Package, root: wml.Element) -> list[tuple[tuple[str, str], str]]:
    """Return the headers and footers of a document, section by section, each with its kind."""
    targets = {link.id: link.target for link in package.relationships(package.main)}
    references = root.iter(wml.w("headerReference"), wml.w("footerReference"))
    return [((each.tag, each.get(wml.w("type"), "")), targets[each.get(wml.r("id"), "")]) for each in references]
