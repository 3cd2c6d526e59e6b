"""What is to become of each edit: a text's goes home, the form's is reported, a figure's is refused with its facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from builder.findings import Finding, Level
from builder.loading.unit import UNWRITTEN
from builder.pulling.aligning import Pair
from builder.pulling.attributing import Edit, edits_in, shared_ends
from builder.pulling.facts_behind import FactsBehind, listed
from builder.pulling.form_places import FormPlaces
from builder.pulling.homes import Home
from builder.pulling.reading import mark_of
from builder.rendering.passages import Passage, Segment, Spot
from builder.rendering.wml import shortened
from builder.tracing import Trace

LIMIT = 60
BETWEEN = re.compile("[，、；。]")
AROUND = 12
"""How many signs are shown before and after what was changed."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A text that reads otherwise at one place of the document; ``also`` are the marks of labels merged with it."""

    spot: Spot
    old: str
    new: str
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Verdicts:
    """The edits of short texts and of long ones, by mark, and what is said of all others.

    A long text has the pairs of each place where it is printed.
    """

    texts: dict[str, list[TextEdit]] = field(default_factory=dict)
    long_texts: dict[str, list[list[Pair]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Judge:
    """Judges the edits of one document against the trace of what was made."""

    def __init__(self, trace: Trace, homes: Mapping[str, Home], facts: FactsBehind, forms: FormPlaces) -> None:
        self.trace, self.homes, self.facts, self.forms = trace, homes, facts, forms
        self.verdicts = Verdicts()
        self._parts = {id(passage): part for part in trace.parts for passage in part.passages}
        self._cells: dict[tuple[int, int], list[Passage]] = {}
        self._files: dict[int, list[str]] = {}
        for passage in trace.passages:
            if passage.spot.table:
                self._cells.setdefault((passage.spot.table, passage.spot.column), []).append(passage)
                known = (homes[mark_of(s.mark)].file for s in passage.segments if mark_of(s.mark) in homes)
                self._files.setdefault(passage.spot.table, []).extend(known)

    def judge(self, pairs: Sequence[Pair]) -> Verdicts:
        """Return what is to become of the edits."""
        kept = [pair for pair in pairs if pair.old is not None and pair.new is not None]
        apart = _Apart(
            {pair.old.spot.table for pair in kept if pair.old}, {_row(pair.old) for pair in kept if pair.old},
            {pair.new.spot.table for pair in kept if pair.new}, {_row(pair.new) for pair in kept if pair.new},
        )
        long = ""
        for pair in pairs:
            before, long = long, self._long_text(pair, long)
            if long:
                self._keep(long, pair, begins=before != long)
            elif pair.old is None:
                assert pair.new is not None
                apart.come.setdefault(apart.group(pair.new, come=True), []).append(pair.new)
            elif pair.new is None:
                apart.gone.setdefault(apart.group(pair.old, come=False), []).append(pair.old)
            elif pair.changed:
                for edit in edits_in(pair.old, pair.new):
                    self._judge(pair.old, edit)
        for passages in apart.gone.values():
            self._gone(passages)
        self.verdicts.findings += (_belongs_nowhere(passages) for passages in apart.come.values())
        return self.verdicts

    def _long_text(self, pair: Pair, last: str) -> str:
        """Return the mark of the long text that a pair belongs to; what is new, to that it stands in or after."""
        if pair.old is not None:
            return next((mark for mark in self._long_marks(pair.old)), "")
        assert pair.new is not None
        return next((mark for mark in self._long_marks(pair.new)), last)

    def _long_marks(self, passage: Passage) -> Iterator[str]:
        marks = (mark_of(segment.mark) for segment in passage.segments if segment.mark)
        return (mark for mark in marks if mark in self.homes and not self.homes[mark].path)

    def _keep(self, mark: str, pair: Pair, *, begins: bool) -> None:
        places = self.verdicts.long_texts.setdefault(mark, [])
        if begins:
            places.append([])
        places[-1].append(pair)

    def _judge(self, passage: Passage, edit: Edit) -> None:
        segment = edit.segment
        if mark_of(segment.mark) in self.homes:
            self._text(passage, edit)
        elif segment.printed is not None:
            self.verdicts.findings.append(self._computed(passage, segment, edit.new))
        else:
            self.verdicts.findings.append(self._fixed(passage, segment.text, edit.new))

    def _text(self, passage: Passage, edit: Edit) -> None:
        mark = mark_of(edit.segment.mark)
        home = self.homes[mark]
        if not home.text:
            edit = replace(edit, new=UNWRITTEN.sub("", edit.new))
            if not edit.new.strip():
                message = f"{passage.spot}：{home.label}还没有写，「待补充」的记号删去不算写好；请写上文字"
                self.verdicts.findings.append(Finding(message, home.source))
                return
        if not edit.new.strip():
            message = (
                f"{passage.spot}：{home.label}的文字删空了，没有带回；"
                "不再需要这段文字，请在这里删去（格式要求必填的，juesuan build 会说明）"
            )
            self.verdicts.findings.append(Finding(message, home.source))
            return
        made = TextEdit(passage.spot, edit.segment.text, edit.new, tuple(self._merged_below(passage, edit.segment)))
        self.verdicts.texts.setdefault(mark, []).append(made)

    def _merged_below(self, passage: Passage, segment: Segment) -> Iterator[str]:
        """Yield the marks of the same label in the cells that are merged with this one."""
        column = self._cells.get((passage.spot.table, passage.spot.column), ())
        for cell in (cell for cell in column if cell.spot.row > passage.spot.row):
            if not cell.continues:
                return
            yield from (mark_of(below.mark) for below in cell.segments if below.mark and below.text == segment.text)

    def _computed(self, passage: Passage, segment: Segment, new: str, what: str = "") -> Finding:
        """Return the refusal of an edit of something that the program prints."""
        assert segment.printed is not None
        origin = self.trace.origins[segment.printed]
        self.facts.files = self._files.get(passage.spot.table, ())
        sources = self.facts.of(origin, segment.text, _item(segment.text, new))
        head = f"{passage.spot}：{what or _change(segment.text, new)}"
        names = f"（{origin.cell or '、'.join(origin.figures[:3])}）" if origin.cell or origin.figures else ""
        if sources:
            message = f"{head}；它由资料算出或填出{names}，不能在文档里改，请改资料：{listed(sources)}"
            return Finding(message, sources[0])
        if names:
            message = f"{head}；它由资料算出{names}，资料里没有填这个数，不能在文档里改；要填请填在这个文件里"
            return Finding(message, self.facts.file)
        if source := self.facts.in_style(segment.text.strip()):
            message = f"{head}；这是格式里写定的文字，没有写入；要改请改这里，用这种格式的单位都会随之改变"
            return Finding(message, source, Level.WARNING)
        part = self._parts.get(id(passage))
        place = part.places.get(segment.printed) if part else None
        where = f"，格式里的位置：{part.source.path} {place}" if part and place else ""
        return Finding(f"{head}；它由程序按资料填出，不能在文档里改{where}")

    def _fixed(self, passage: Passage, old: str, new: str) -> Finding:
        """Return the report of an edit of the form's own words."""
        part = self._parts.get(id(passage))
        change = _change(old, new)
        where = self.forms.where(part, passage, old) if part else ""
        message = (
            f"{passage.spot}：{change}；这是格式的固定文字，没有写入。要改请在 Word 里改这个部件{where}，"
            "用这种格式的单位都会随之改变"
        )
        return Finding(message, part.source if part else None, Level.WARNING)

    def _gone(self, passages: Sequence[Passage]) -> None:
        """Report a paragraph, a cell, a row or a table that is not there any more."""
        first = passages[0]
        segments = [(passage, segment) for passage in passages for segment in passage.segments]
        text = _short("　".join(passage.text for passage in passages))
        written = next((s for _p, s in segments if mark_of(s.mark) in self.homes), None)
        printed = next(((p, s) for p, s in segments if s.printed is not None and s.text.strip()), None)
        if written is not None:
            home = self.homes[mark_of(written.mark)]
            message = f"{first.spot}：「{text}」删去了，其中有{home.label}；没有带回，不再需要请在这里删去"
            self.verdicts.findings.append(Finding(message, home.source))
        elif printed is not None:
            self.verdicts.findings.append(self._computed(*printed, "", f"「{text}」删去了"))
        else:
            self.verdicts.findings.append(self._fixed(first, text, ""))


@dataclass(slots=True)
class _Apart:
    """What has no partner, put together by rows and tables of which nothing has one."""

    old_tables: set[int]
    old_rows: set[tuple[int, int]]
    new_tables: set[int]
    new_rows: set[tuple[int, int]]
    gone: dict[object, list[Passage]] = field(default_factory=dict)
    come: dict[object, list[Passage]] = field(default_factory=dict)

    def group(self, passage: Passage, *, come: bool) -> object:
        """Return what the passage is reported with: its table, its row, or itself."""
        tables, rows = (self.new_tables, self.new_rows) if come else (self.old_tables, self.old_rows)
        if not passage.spot.table:
            return id(passage)
        if passage.spot.table not in tables:
            return passage.spot.table
        return _row(passage) if _row(passage) not in rows else id(passage)


def _row(passage: Passage) -> tuple[int, int]:
    return passage.spot.table, passage.spot.row


def _belongs_nowhere(passages: Sequence[Passage]) -> Finding:
    text = _short("　".join(passage.text for passage in passages))
    what = "表格里添的" if passages[0].spot.table else "添的"
    message = (
        f"{passages[0].spot}：{what}「{text}」不在任何一段可以改的文字里，没有带回；"
        "要印出它，请写进相应的长文或说明，或改格式的部件"
    )
    return Finding(message, None, Level.WARNING)


def _change(old: str, new: str) -> str:
    """Return what was changed, with a few signs around it."""
    if not new.strip():
        return f"「{_short(old)}」删去了"
    if not old.strip():
        return f"添了「{_short(new)}」"
    first, last = shared_ends(old, new)
    begin, end = max(0, first - AROUND), max(0, last - AROUND)
    sides = (f"{'…' if begin else ''}{text[begin : len(text) - end]}{'…' if end else ''}" for text in (old, new))
    return "改成了".join(f"「{_short(side)}」" for side in sides)


def _item(old: str, new: str) -> str:
    """Return what was changed of a list: from the sign that divides its items to the next."""
    first, last = shared_ends(old, new)
    before, after = BETWEEN.split(old[:first])[-1], BETWEEN.split(old[len(old) - last :])[0]
    return before + old[first : len(old) - last] + after


def _short(text: str) -> str:
    return shortened(text, LIMIT)
