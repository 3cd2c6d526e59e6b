"""What differs between two versions of a document: cells, sentences, rows and paragraphs, values of charts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from builder.releases.lines import Line
from builder.releases.matching import WORDS, Row, paired_rows, paired_texts, rows_of, without_numbers
from builder.releases.snapshots import Snapshot
from builder.rendering.chart_reading import chart_points
from builder.rendering.passages import Spot
from builder.rendering.wml import shortened

SENTENCE = re.compile(r"[^。；！？\n]*[。；！？]+[”’）》」』]*|[^。；！？\n]+")
STOPS = ("。", "；", "！", "？")
CHART = -1
"""The number of the table that a chart's values stand in."""

NAMES = ("figures", "cells", "keys")
"""What a line depends on."""

Step = int | tuple[int, str]
Key = tuple[Step, ...]
"""The place of a change in the old version: row, then cell, then sentence; of something new what it follows, and its
words."""


class Kind(StrEnum):
    """What has changed."""

    CELL = "单元格"
    SENTENCE = "句子"
    ROW = "表格行"
    PARAGRAPH = "段落"
    CHART = "图表"


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``old`` and ``new`` as printed, None where there was, or is, nothing of the kind."""

    kind: Kind
    place: str
    old: str | None
    new: str | None
    key: Key
    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The line that has changed, as it is now, else as it was."""
        line = self.after or self.before
        assert line is not None
        return line

    @property
    def document(self) -> str:
        """The title of the document."""
        return self.line.document

    def of_either(self, names: str) -> tuple[str, ...]:
        """Return the line's ``figures``, ``cells`` or ``keys``, as it was and as it is."""
        found = (getattr(line, names) for line in (self.before, self.after) if line is not None)
        return tuple(dict.fromkeys(name for each in found for name in each))


def lines_with_charts(snapshot: Snapshot) -> list[Line]:
    """Return the lines of a snapshot's documents, and after them the values of their charts."""
    return [*snapshot.lines, *chart_lines(snapshot.documents)]


def chart_lines(documents: Mapping[str, bytes]) -> Iterator[Line]:
    """Yield the values of charts as lines of a table: a row for each category, a column for each series."""
    for name, docx in documents.items():
        rows: dict[tuple[str, str], dict[str, str]] = {}
        for point in chart_points(docx):
            rows.setdefault((point.chart, point.category), {})[point.series] = point.value
        for number, ((chart, category), values) in enumerate(rows.items(), 1):
            place = (chart,), 0, CHART, chart, number
            yield Line(name.removesuffix(".docx"), Spot(*place, 1), category)
            for column, (title, value) in enumerate(values.items(), 2):
                yield Line(name.removesuffix(".docx"), Spot(*place, column, category, title), value)


def compared(old: Sequence[Line], new: Sequence[Line]) -> list[Change]:
    """Return every change between two versions, in the order of the document."""
    return list(compared_rows(rows_of(old), rows_of(new)))


def compared_rows(old: Sequence[Row], new: Sequence[Row]) -> Iterator[Change]:
    """Yield every change between the rows of two versions."""
    last = -1
    for i, j in paired_rows(old, new):
        if i is not None and j is not None:
            yield from _within(i, old[i], new[j])
        elif i is not None:
            yield _whole((i,), old[i], None)
        elif j is not None:
            yield _whole(((last, without_numbers(new[j].text)),), None, new[j])
        last = i if i is not None else last


def _whole(key: Key, old: Row | None, new: Row | None) -> Change:
    """Return the change where a whole row or paragraph is gone or new."""
    row = new or old
    assert row is not None
    spot = row.lines[0].spot
    kind = Kind.CHART if spot.table == CHART else Kind.ROW if spot.table else Kind.PARAGRAPH
    lines = [None if one is None else _joined(one) for one in (old, new)]
    place = str(spot)
    if spot.table:
        named = spot.caption or " › ".join(spot.headings[-2:])
        label = next((shortened(line.text) for line in row.lines if WORDS.search(line.text)), "")
        place = f"「{named}」{f'「{label}」行' if label else f'第{spot.row}行'}"
    return Change(kind, place, old.text if old else None, new.text if new else None, key, lines[0], lines[1])


def _joined(row: Row) -> Line:
    """Return a row as one line that depends on all that its cells depend on."""
    first = row.lines[0]
    figures, cells, keys = (
        tuple(dict.fromkeys(name for line in row.lines for name in getattr(line, names))) for names in NAMES
    )
    return Line(first.document, first.spot, row.text, first.heading, figures, cells, keys)


def _within(number: int, old: Row, new: Row) -> Iterator[Change]:
    """Yield the changes in a row: cells by their column; in texts sentences."""
    before = {line.spot.column: line for line in old.lines}
    after = {line.spot.column: line for line in new.lines}
    for column in sorted(before.keys() | after.keys()):
        was, now = before.get(column), after.get(column)
        texts = was.text if was else "", now.text if now else ""
        if texts[0] == texts[1]:
            continue
        line = now or was
        assert line is not None
        if line.spot.table and not any(stop in text for text in texts for stop in STOPS):
            kind = Kind.CHART if line.spot.table == CHART else Kind.CELL
            yield Change(kind, str(line.spot), *texts, (number, column), was, now)
        else:
            yield from _sentences((number, column), was, now)


def _sentences(key: Key, was: Line | None, now: Line | None) -> Iterator[Change]:
    line = now or was
    assert line is not None
    old, new = (SENTENCE.findall(one.text) if one else [] for one in (was, now))
    last = -1
    for i, j in paired_texts(old, new):
        before = None if i is None else old[i].strip()
        after = None if j is None else new[j].strip()
        if before != after:
            step: Step = i if i is not None else (last, without_numbers(after or ""))
            many = len(new) > 1 or len(old) > 1
            number = f"第{(j if j is not None else i or 0) + 1}句" if many else ""
            yield Change(Kind.SENTENCE, f"{line.spot}{number}", before, after, (*key, step), was, now)
        last = i if i is not None else last
